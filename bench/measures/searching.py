"""The search over everything: the whole page, against the bare statement that finds what was meant."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse

from bench.measures.scene import Scene, browser, page, queries_of
from bench.timing import Figure, compared, limited, side_by_side
from customers.models import Role, User
from ledger.models import Entry, Kind

_SHOWN = """SELECT e.*, c.code, c.name FROM ledger_entry e JOIN customers_customer c ON c.id = e.customer_id
    WHERE e.id IN (SELECT id FROM ledger_entry WHERE {} LIMIT 200) ORDER BY e.date DESC LIMIT 8"""
_END = """number <> '' AND REVERSE(UPPER(number COLLATE "C")) >= %(tail)s
    AND REVERSE(UPPER(number COLLATE "C")) < %(tail)s || chr(1114111)"""
_AMOUNT = "document_amount IN (%(cents)s, -%(cents)s)"
MOST_QUERIES = 16


def measured(scene: Scene) -> Iterator[Figure]:
    entry = Entry.objects.filter(kind=Kind.INVOICE).latest("pk")
    cents = int(entry.document_amount.scaleb(2))
    salesperson = User.objects.filter(role=Role.SALESPERSON).earliest("pk")
    questions = [
        ("the end of a number", entry.number[-5:], _END, {"tail": entry.number[-5:][::-1]}),
        ("an amount", str(entry.document_amount), _AMOUNT, {"cents": cents}),
    ]
    for name, words, condition, facts in questions:
        statement = _SHOWN.format(condition)
        for who, user in (("finance", scene.finance()), ("a salesperson", salesperson)):
            get = page(browser(user), f"{reverse('search')}?{urlencode({'q': words})}")
            pair = side_by_side(
                lambda sql=statement, given=facts: scene.bare.execute(sql, given).fetchall(),  # type: ignore[misc]
                get,
                rounds=scene.rounds,
            )
            yield compared(f"search for {name} by {who}", scene.label, pair)
    yield limited("search, queries", scene.label, queries_of(get), "", at_most=MOST_QUERIES)
