"""Which payment a line of the bank is: precision, recall and time on a synthetic month whose truth is known, beside a
plain join on the amount in the same run.
"""

from collections.abc import Iterator, Mapping

from django.db import connection, transaction

from bench.bank_month import by_amount_alone, month
from bench.bank_month import measured as judged
from bench.bank_month_rows import CURRENCY, store
from bench.measures.scene import Scene
from bench.timing import Figure, seconds, shown
from reconciliation.matching.keeping import kept
from reconciliation.matching.models import Weighed
from reconciliation.matching.running import weigh_all
from reconciliation.matching.weighing import Suggestion

LINES, ITEMS = 10_000, 50_000
MOST_SECONDS, LEAST_PRECISION, LEAST_RECALL = 30, 99.0, 90.0
_JOIN = """
    SELECT line.id, MIN(entry.id) FROM bank_bankline line
    JOIN ledger_entry entry ON entry.currency = line.currency AND entry.closed_on IS NULL
        AND abs(entry.open_amount) = line.open_amount
    WHERE line.currency = %s AND line.open_amount > 0 GROUP BY line.id HAVING COUNT(*) = 1
"""


def measured(scene: Scene) -> Iterator[Figure]:
    """Once, beside the smallest firm: the month has a currency of its own."""
    if scene.firm.invoices > 10_000 or scene.firm.open_share > 0.02:
        return
    # A tenth beside a firm that is too small to measure.
    part = 1 if scene.firm.invoices == 10_000 else 10
    lines_asked, items_asked = LINES // part, ITEMS // part
    known = month(1, lines=lines_asked, items=items_asked)
    with transaction.atomic():
        customers, items, lines = store(known)
        _let_planner_know()
        joined = seconds(_join)
        taken = seconds(weigh_all)
        found = _found(customers, items, lines)
        transaction.set_rollback(True)
    ours, plain = judged(known, found), judged(known, by_amount_alone(known))
    data = f"{lines_asked:,} lines, {items_asked:,} open items"
    must = f"≤ {MOST_SECONDS} s"
    yield Figure("bank lines weighed", data, shown(joined), shown(taken), None, must, taken <= MOST_SECONDS)
    for metric, bare, reached, least in (
        ("bank lines: right of those accepted without a look", plain.precision, ours.precision, LEAST_PRECISION),
        ("bank lines: truth among the suggestions", plain.recall, ours.recall, LEAST_RECALL),
        ("bank lines: accepted without a look", plain.exact / plain.lines, ours.exact / ours.lines, None),
    ):
        must, met = (f"≥ {least:g} %", reached * 100 >= least) if least else ("", None)
        yield Figure(metric, data, f"{bare:.2%}", f"{reached:.2%}", None, must, met)


def _let_planner_know() -> None:
    """What was just stored is no surprise to the database: neither way is slow for want of statistics."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _join() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_JOIN, [CURRENCY])
        cursor.fetchall()


def _found(
    customers: Mapping[int, int], items: Mapping[int, int], lines: Mapping[int, int]
) -> dict[int, list[Suggestion]]:
    """What was kept, in the keys of the month."""
    customer_of, item_of = {pk: key for key, pk in customers.items()}, {pk: key for key, pk in items.items()}
    line_of = {pk: key for key, pk in lines.items()}
    return {
        line_of[row.line_id]: [_translated(one, line_of, customer_of, item_of) for one in kept(row)]
        for row in Weighed.objects.filter(line__currency=CURRENCY)
    }


def _translated(
    one: Suggestion, lines: Mapping[int, int], customers: Mapping[int, int], items: Mapping[int, int]
) -> Suggestion:
    return Suggestion(
        line=lines[one.line],
        customer=customers[one.customer],
        parts=tuple((items[key], amount) for key, amount in one.parts),
        is_money=one.is_money,
        reasons=one.reasons,
        score=one.score,
        is_exact=one.is_exact,
    )
