"""The demo firm's statements of account for the last quarter: sent, opened, agreed, disputed, forgotten."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo.files import drawn_photo
from config.demo.staff import PEOPLE
from config.demo.workdays import workday
from customers.models import Contact, Customer, Role, User
from ledger.models import Kind
from reconciliation.statements.account import Account, Line
from reconciliation.statements.answering import Marked, Words, answer_by_link, answer_on_paper
from reconciliation.statements.making import Wish, make, withdraw
from reconciliation.statements.models import Answer, AnswerFile, Dispatch, FirmProfile, Statement
from reconciliation.statements.periods import Usual, period
from reconciliation.statements.sending import equip

# Customers whose account was stated; each paper takes a tenth of a second.
_STATED = 14
_POSITIONS = ("财务主管", "会计", "财务经理", "出纳")
_PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0"
_PROFILE = {
    "name": "华锦机电设备有限公司",
    "name_en": "Huajin Machinery & Electric Co., Ltd.",
    "address": "浙江省杭州市滨江区江虹路 88 号",
    "address_en": "88 Jianghong Road, Binjiang District, Hangzhou, China",
    "phone": "0571-8600 0000",
    "email": "finance@example.com",
}


@dataclass(frozen=True, slots=True)
class _Sent:
    statement: Statement
    dispatch: Dispatch
    contact: str
    # When the customer got round to it.
    later: datetime
    rng: Random
    now: datetime


def state_accounts(people: dict[str, User], *, now: datetime, seed: int) -> int:
    """Statements of the last whole quarter to some customers, made and answered in the weeks after it; returns how
    many.
    """
    rng = Random(seed)
    first, last = period(Usual.QUARTER, today=timezone.localdate(now))
    FirmProfile.objects.create(pk=FirmProfile.ONLY, **_PROFILE)
    finance = [user for user in people.values() if user.role == Role.FINANCE]
    made_on = workday(last + timedelta(days=4))
    fates = cycle(_FATES)
    count = 0
    for customer, contact in _chosen(rng, last):
        at = min(_at(made_on, rng), now)
        demand = made_on + timedelta(days=21) if rng.random() < 0.4 else None
        wish = Wish(first, last, demand_by=demand)
        statement = make(by=finance[count % len(finance)], customer=customer, wish=wish, now=at)
        count += 1
        if (fate := next(fates)) is None:
            continue
        dispatch = Dispatch(statement=statement, channel="mail", to=contact.email, by=statement.made_by, sent_at=at)
        if fate is _bounced:
            dispatch.sent_at, dispatch.error = None, _("550 no such user")
        equip(dispatch, now=at)
        later = min(at + timedelta(days=rng.randint(1, 9), minutes=rng.randint(1, 400)), now)
        if fate not in (_forgotten, _bounced, _withdrawn):
            dispatch.opened_at = later - timedelta(minutes=rng.randint(3, 40))
            dispatch.opened_at = max(dispatch.opened_at, at)
        dispatch.save(force_insert=True)
        fate(_Sent(statement, dispatch, contact.name or _("accountant"), later, rng, now))
    return count


def _chosen(rng: Random, last: date) -> Iterator[tuple[Customer, Contact]]:
    """Some customers with somebody to write to, and with business in their account."""
    reached = Contact.objects.exclude(email="").filter(customer__owner__isnull=False)
    known = {one.customer_id: one for one in reached.filter(customer__entries__date__lte=last).order_by("-pk")}
    keys = rng.sample(sorted(known), min(_STATED, len(known)))
    customers = Customer.objects.select_related("owner").in_bulk(keys)
    # The salesperson as whom one looks around first meets answers of every kind.
    keys.sort(key=lambda key: (owner := customers[key].owner) is None or owner.username != PEOPLE[0].username)
    yield from ((customers[key], known[key]) for key in keys)


def _at(day: date, rng: Random) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(rng.randint(9, 16), rng.randrange(60))))


def _words(sent: _Sent, verdict: Any, **facts: Any) -> Words:
    return Words(verdict, sent.contact, sent.rng.choice(_POSITIONS), **facts)


def _through_the_link(sent: _Sent, words: Words) -> None:
    address = f"203.0.113.{sent.rng.randint(2, 250)}"
    answer_by_link(dispatch=sent.dispatch, words=words, address=address, user_agent=_PHONE, now=sent.later)


def _agrees(sent: _Sent) -> None:
    _through_the_link(sent, _words(sent, Answer.Verdict.AGREES))


def _promises(sent: _Sent) -> None:
    day = timezone.localdate(sent.later) + timedelta(days=10)
    owed = sent.statement.closing
    amount = min(max(sent.statement.overdue, owed / 2), owed).quantize(owed)
    facts = {"promised_on": day, "promised_amount": amount} if amount > 0 else {}
    _through_the_link(sent, _words(sent, Answer.Verdict.AGREES, note="已排入本月付款计划。", **facts))


def _differs(sent: _Sent) -> None:
    account: Account = sent.statement.account
    marked = [
        *(Marked("unknown", line.entry, line.number, note=_unknown_to(line)) for line in account.lines[:1]),
        *(Marked("wrong", line.entry, line.number, amount=line.face - 100) for line in account.lines[1:2]),
        Marked("missing", None, f"退货单 TH-{sent.rng.randint(20, 400)}", note="上月退货尚未冲减"),
    ]
    ours = f"日期,单号,金额\n{account.last},合计,{account.closing - 100}\n".encode()
    files = [(AnswerFile.Kind.LIST, SimpleUploadedFile("我方账面.csv", ours))]
    _through_the_link(sent, _words(sent, Answer.Verdict.DIFFERS, lines=marked, files=files))


def _unknown_to(line: Line) -> str:
    match line.kind:
        case Kind.SHIPMENT:
            return "仓库没有收到"
        case Kind.INVOICE:
            return "没有收到发票"
    return "账上没有这笔"


def _on_paper(sent: _Sent) -> None:
    owner = sent.statement.customer.owner
    assert owner is not None
    scan = SimpleUploadedFile("盖章回执.png", drawn_photo(sent.statement.pk))
    words = _words(sent, Answer.Verdict.AGREES, files=[(AnswerFile.Kind.REPLY, scan)])
    answer_on_paper(by=owner, statement=sent.statement, words=words, now=sent.later)


def _opened(sent: _Sent) -> None:
    """And never answered; it was sent once more a few days ago, and opened again."""
    again = _again(sent)
    again.opened_at = again.created_at + timedelta(minutes=sent.rng.randint(5, 600))
    again.save(force_insert=True)


def _forgotten(sent: _Sent) -> None:
    """Never even opened; it was sent once more."""
    _again(sent).save(force_insert=True)


def _again(sent: _Sent) -> Dispatch:
    first, at = sent.dispatch, max(sent.now - timedelta(days=3), sent.later)
    again = Dispatch(statement=sent.statement, channel="mail", to=first.to, by=first.by, sent_at=at)
    equip(again, now=at)
    return again


def _bounced(sent: _Sent) -> None:
    """The mail server did not take it."""


def _withdrawn(sent: _Sent) -> None:
    assert sent.statement.made_by is not None
    withdraw(by=sent.statement.made_by, statement=sent.statement, reason="期间选错")


# What became of one after the other; the last was not sent yet.
_FATES: tuple[Callable[[_Sent], None] | None, ...] = (
    *(_agrees, _differs, _opened, _promises, _agrees, _on_paper, _forgotten),
    *(_agrees, _opened, _bounced, _differs, _withdrawn, None),
)
