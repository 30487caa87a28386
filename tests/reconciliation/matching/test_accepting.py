"""Accepting, splitting, taking back and setting aside: what is written, what is refused, and that laws hold."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from customers.models import Role
from ledger.closing import close_month
from ledger.confirmation import confirm
from ledger.errors import LedgerError, NotPermitted
from ledger.models import Entry, Kind
from reconciliation.bank.models import BankLine
from reconciliation.books.queries.sums import rows
from reconciliation.books.question import Question
from reconciliation.matching.accepting import Wanted
from reconciliation.matching.bulk import accept_exact
from reconciliation.matching.errors import NotMatched
from reconciliation.matching.models import Match, Payer, Rule, SetAside, Weighed
from reconciliation.matching.queries.claims import recorded_money
from reconciliation.matching.running import weigh_all, weigh_some
from reconciliation.matching.undoing import set_aside, take_up
from reconciliation.matching.wording import matched_in_words
from tests.build import a_customer, a_user
from tests.laws import examples
from tests.ledger.desk import Desk, day, money, snapshot
from tests.reconciliation.bank.building import a_line
from tests.reconciliation.matching.till import Till, broken, confirmed, matches, open_amounts, opened, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def till() -> Till:
    return Till()


def test_a_recorded_payment_is_matched_confirmed_and_its_payer_learned(till: Till) -> None:
    paid = till.payment(400)
    line = till.line(400, "华光机械", payer_account="6222001234567890", memo="货款")
    [match] = till.accept(line).matches
    assert (match.entry, match.amount, match.is_posted, match.by) == (paid, Decimal(400), False, till.finance)
    assert (opened(line), confirmed(paid)) == (0, True)
    payer = Payer.objects.get()
    assert (payer.customer, payer.account, payer.name) == (till.customer, "6222001234567890", "华光机械")
    again = till.line(55, "张伟", payer_account="6222001234567890")
    till.payment(55)
    assert till.best(again).reasons[0].key == "account"


def test_what_a_line_shows_counts_from_the_day_of_the_line(till: Till) -> None:
    early, late, whole = till.payment(400, "2026-03-12"), till.payment(50, "2026-03-20"), till.payment(90)
    for paid, shown in ((early, till.line(400)), (late, till.line(50))):
        till.accept(shown, recorded(paid))
    till.accept(till.line(60, on="2026-03-18"), recorded(whole, 60))
    till.accept(till.line(30, on="2026-03-16"), recorded(whole, 30))
    days = dict(Entry.objects.confirmed().values_list("pk", "confirmed_on"))
    assert days == {early.pk: date(2026, 3, 15), late.pk: date(2026, 3, 20), whole.pk: date(2026, 3, 18)}


def test_what_finance_confirmed_by_other_means_is_matched_and_not_posted_again(till: Till) -> None:
    till.desk.invoice(400, "2026-03-01")
    paid = till.payment(400)
    till.desk.invoice(400, "2026-03-02")
    confirm(entries=[paid], by=till.finance)
    line = till.line(400)
    assert [one.pk for one in recorded_money(till.customer, received=True)] == [paid.pk]
    [match] = till.accept(line).matches
    assert (match.entry, match.is_posted, opened(line), confirmed(paid)) == (paid, False, 0, True)
    assert Entry.objects.filter(kind=Kind.PAYMENT).count() == 1
    assert recorded_money(till.customer, received=True) == []


def test_where_nobody_recorded_it_the_payment_is_posted_for_the_debts_named(till: Till) -> None:
    first, second = (till.desk.invoice(n, "2026-03-01", number=f"FP-2026-{n}") for n in (100, 300))
    line = till.line(300, memo="付 FP-2026-300", reference="TX998877")
    [match] = till.accept(line).matches
    entry = match.entry
    assert (entry.kind, entry.document_amount, entry.date) == (Kind.PAYMENT, Decimal(-300), date(2026, 3, 15))
    assert (entry.payment.bank_reference, entry.memo, match.is_posted) == ("TX998877", "付 FP-2026-300", True)
    assert open_amounts(first, second, entry) == [100, 0, 0]
    assert confirmed(entry)
    assert broken() == []


def test_a_line_of_a_closed_month_is_posted_on_the_first_open_day(till: Till) -> None:
    debts = [till.desk.invoice(amount, "2026-03-01") for amount in (300, 1000)]
    short = till.payment(1000, number="P-1")
    close_month(month=date(2026, 3, 1), by=till.finance)
    posted = till.accept(till.line(300, memo="货款"), Wanted(till.customer.pk, money(300))).matches
    assert posted[0].entry.date == date(2026, 4, 1)
    assert posted[0].entry.memo == "Of 15 Mar 2026, when the month was closed already; 货款"
    assert "as of 1 Apr 2026" in matched_in_words(posted, None, till.finance)
    less = Wanted(till.customer.pk, money(999), ((short.pk, money(1000)),), is_money=True, short=money(1))
    [match] = till.accept(till.line(999), less).matches
    assert (match.entry.date, match.fee and match.fee.date) == (date(2026, 4, 1), date(2026, 4, 1))
    assert open_amounts(*debts) == [0, 0]
    assert broken() == []


def test_a_double_click_and_a_second_person_match_it_once(till: Till) -> None:
    till.desk.invoice(300, "2026-03-01")
    line, key = till.line(300), uuid.uuid4()
    wanted = Wanted.of(till.best(line), line)
    first = till.accept(line, wanted, key=key).matches
    for by in (till.finance, a_user(Role.FINANCE)):
        again = till.accept(line, wanted, by=by, key=key)
        assert (again.matches, again.already) == ([], first[0])
    assert Entry.objects.filter(kind=Kind.PAYMENT).count() == 1


def test_a_second_part_of_the_same_payment_is_no_repeat(till: Till) -> None:
    paid, line, key = till.payment(300), till.line(300), uuid.uuid4()
    till.accept(line, recorded(paid, 100), key=key)
    assert till.accept(line, recorded(paid, 100), key=key).matches == []
    till.accept(line, recorded(paid, 200))
    assert (opened(line), matches(line), confirmed(paid)) == (0, [100, 200], True)


def test_one_line_for_several_payments_and_several_lines_for_one(till: Till) -> None:
    two = [till.payment(amount) for amount in ("100.01", "200.02")]
    line = till.line("300.03")
    till.accept(line)
    assert [confirmed(entry) for entry in two] == [True, True]
    whole = till.payment("500.05", "2026-03-20")
    parts = [till.line(amount, on="2026-03-20") for amount in ("200.02", "300.03")]
    till.accept(parts[0], recorded(whole, "200.02"))
    assert not confirmed(whole)
    weigh_all()
    assert not Weighed.objects.filter(line=line).exists()
    till.accept(parts[1])
    assert confirmed(whole)
    assert broken() == []


def test_a_line_is_split_between_customers(till: Till) -> None:
    other = till.another("宁波兴盛贸易有限公司")
    paid, owed = till.payment(100), other.invoice(900, "2026-03-01")
    line = till.line(600)
    part = Wanted(other.customer.pk, money(500), ((owed.pk, money(500)),))
    till.accept(line, recorded(paid), part)
    assert (opened(line), matches(line), open_amounts(owed)) == (0, [100, 500], [400])


def test_a_fee_of_the_bank_becomes_a_discount_with_its_note(till: Till) -> None:
    debt = till.desk.invoice(1000, "2026-03-01", number="FP-2026-1000")
    line = till.line("985", memo="FP-2026-1000")
    [match] = till.accept(line).matches
    assert match.fee is not None
    assert (match.fee.kind, match.fee.document_amount) == (Kind.DISCOUNT, Decimal("-15.00"))
    assert match.fee.memo == "Bank fee: the bank shows 15.00 less."
    assert open_amounts(debt, match.entry) == [0, 0]


def test_a_recorded_payment_that_came_short_is_posted_anew_with_what_came(till: Till) -> None:
    debt = till.desk.invoice(1000, "2026-03-01")
    paid = till.payment(1000, number="P-1")
    line = till.line("999.50")
    wanted = Wanted.of(till.best(line), line)
    assert (wanted.short, wanted.is_money) == (Decimal("0.50"), True)
    [match] = till.accept(line, wanted).matches
    assert (match.entry.number, match.entry.document_amount, match.entry.salesperson) == (
        "P-1",
        Decimal("-999.50"),
        till.seller,
    )
    assert Entry.objects.get(pk=paid.pk).reversed_on is not None
    assert match.fee
    assert match.fee.memo.startswith("Small change")
    assert open_amounts(debt, match.entry, match.fee) == [0, 0, 0]
    assert broken() == []


def test_more_than_the_rule_lets_pass_is_refused_and_nothing_changes(till: Till) -> None:
    debt = till.desk.invoice(1000, "2026-03-01")
    Rule.objects.create(currency="CNY", fee_limit=money(5), change_limit=money(0))
    line, before = till.line(985), snapshot(till.customer)
    with pytest.raises(NotMatched, match="lets pass"):
        till.accept(line, Wanted(till.customer.pk, money(985), ((debt.pk, money(1000)),), short=money(15)))
    assert (opened(line), snapshot(till.customer)) == (985, before)


def test_what_is_refused_changes_nothing(till: Till) -> None:
    paid, line = till.payment(400), till.line(300)
    dollars = Desk(a_customer(owner=till.seller, currency="USD")).payment(300, "2026-03-15")
    too_much = recorded(paid)
    before = snapshot(till.customer)
    for wanted in (too_much, recorded(dollars), Wanted(till.customer.pk, money(0)), recorded(paid, -5)):
        with pytest.raises(LedgerError):
            till.accept(line, wanted)
    with pytest.raises(NotPermitted):
        till.accept(line, recorded(paid, 300), by=till.seller)
    assert (opened(line), matches(line), snapshot(till.customer)) == (300, [], before)


def test_nobody_confirms_a_sale_that_they_answer_for(till: Till) -> None:
    own = Desk(a_customer(owner=till.finance, name="宁波兴盛贸易有限公司"))
    paid, line = own.payment(400, "2026-03-15"), till.line(400, "宁波兴盛贸易有限公司")
    with pytest.raises(NotPermitted, match="answer for"):
        till.accept(line, recorded(paid))
    with pytest.raises(NotPermitted, match="answer for"):
        till.accept(line, Wanted(own.customer.pk, money(400)))
    weigh_all()
    outcome = accept_exact(by=till.finance, key=uuid.uuid4(), lines=[line.pk])
    assert (outcome.lines, outcome.left, len(outcome.reasons)) == (0, 1, 1)
    assert (opened(line), confirmed(paid)) == (400, False)


def test_a_match_is_undone_once_and_what_was_posted_stays_unless_its_reversal_is_asked_for(till: Till) -> None:
    debt = till.desk.invoice(1000, "2026-03-01", number="FP-2026-1000")
    line = till.line("985", memo="FP-2026-1000", payer_account="62220099")
    [match] = till.accept(line).matches
    assert till.undo(match, reason="wrong")
    assert not till.undo(match)
    assert (opened(line), confirmed(match.entry), open_amounts(debt)) == (985, False, [0])
    assert not Payer.objects.standing().exists()
    [again] = till.accept(line, recorded(match.entry)).matches
    assert confirmed(match.entry)
    with pytest.raises(NotMatched, match="by hand"):
        till.undo(again, reason="wrong", reverses=True)
    assert confirmed(match.entry)


def between_the_books(on: str) -> Any:
    return sum((row.difference for row in rows(Question(as_of=day(on)))), Decimal(0))


def test_what_is_undone_and_matched_again_lies_between_the_books_only_meanwhile(till: Till) -> None:
    paid, line = till.payment(400, "2026-03-10"), till.line(400, on="2026-03-15")
    [match] = till.accept(line, recorded(paid)).matches
    assert between_the_books("2026-03-31") == 0
    till.undo(match, reason="wrong")
    assert (confirmed(paid), between_the_books("2026-03-31")) == (False, -400)
    [again] = till.accept(line, recorded(paid)).matches
    assert Entry.objects.get(pk=paid.pk).confirmed_on == day("2026-03-15")
    assert (between_the_books("2026-03-14"), between_the_books("2026-03-31")) == (-400, 0)
    # The books of a closed month stay as they are.
    close_month(month=date(2026, 3, 1), by=till.finance)
    till.undo(again, reason="wrong once more")
    assert (between_the_books("2026-03-31"), between_the_books("2026-04-01")) == (0, -400)
    till.accept(line, recorded(paid))
    assert Entry.objects.get(pk=paid.pk).confirmed_on == day("2026-04-01")
    assert broken() == []


def test_its_reversal_takes_the_fee_back_too(till: Till) -> None:
    debt = till.desk.invoice(1000, "2026-03-01", number="FP-2026-1000")
    [match] = till.accept(till.line("985", memo="FP-2026-1000")).matches
    with pytest.raises(NotMatched, match="reason"):
        till.undo(match, reverses=True)
    with CaptureQueriesContext(connection) as queries:
        till.undo(match, reason="another customer's", reverses=True)
    assert (open_amounts(debt), confirmed(match.entry)) == ([1000], False)
    # Closing a month waits for postings, then for confirmations: in the other order both would wait for ever.
    said = "".join(query["sql"] for query in queries)
    assert 0 < said.index('INTO "ledger_posting"') < said.index('INTO "ledger_confirmation"')
    assert broken() == []


def test_money_that_is_reversed_in_the_ledger_is_no_lines_any_more(till: Till) -> None:
    paid, line = till.payment(400), till.line(400)
    till.accept(line)
    Desk(till.customer, by=till.finance).reverse(paid)
    assert (opened(line), matches(line)) == (400, [400, -400])
    assert Match.objects.latest("pk").by == till.finance


def test_money_out_is_a_refund(till: Till) -> None:
    till.desk.payment(90, "2026-03-01")
    refund = till.desk.refund(90, "2026-03-15", automatic=True)
    line = till.line(-90)
    till.accept(line)
    assert (opened(line), matches(line), confirmed(refund)) == (0, [-90], True)
    with pytest.raises(NotMatched, match="record it first"):
        till.accept(till.line(-20), Wanted(till.customer.pk, money(20)))


def test_a_line_is_set_aside_and_taken_up_again(till: Till) -> None:
    line = till.line("3.21", "招商银行", memo="结息")
    aside = set_aside(line=line, by=till.finance, kind="interest")
    assert aside is not None
    assert set_aside(line=line, by=till.finance, kind="interest") is None
    assert opened(line) == 0
    assert (take_up(aside=aside, by=till.finance), take_up(aside=aside, by=till.finance)) == (True, False)
    assert (opened(line), SetAside.objects.count()) == (Decimal("3.21"), 2)
    for kind, by in (("other", till.finance), ("nonsense", till.finance), ("interest", till.seller)):
        with pytest.raises(LedgerError):
            set_aside(line=line, by=by, kind=kind)
    assert broken() == []


def test_all_exact_ones_at_once_and_what_changed_meanwhile_is_left(till: Till) -> None:
    paid = till.payment("400.40")
    till.desk.invoice("70.07", "2026-03-01")
    lines = [till.line("400.40"), till.line("70.07", on="2026-05-20"), till.line(3, "结息", memo="结息")]
    other = till.another("宁波兴盛贸易有限公司")
    other.invoice("55.55", "2026-03-01")
    lines.append(till.line("55.55", "宁波兴盛贸易有限公司"))
    assert weigh_all().exact == 3
    # A salesperson records the payment that the last line shows: it is not posted a second time.
    other.payment("55.55", "2026-03-15")
    key = uuid.uuid4()
    outcome = accept_exact(by=till.finance, key=key, lines=[line.pk for line in lines])
    assert (outcome.lines, outcome.posted, outcome.left) == (2, 1, 2)
    assert outcome.amounts == {"CNY": Decimal("470.47")}
    assert [opened(line) for line in lines] == [0, 0, 3, Decimal("55.55")]
    assert confirmed(paid)
    # What is exact now is another thing, and waits for a look.
    assert Weighed.objects.get(line=lines[3]).suggestions[0]["money"] is True
    assert Match.objects.count() == 2
    again = accept_exact(by=till.finance, key=key, lines=[line.pk for line in lines[:3]])
    assert (again.lines, again.before, again.posted, again.left) == (2, 2, 1, 1), "all that the click did"
    assert (again.amounts, Match.objects.count()) == (outcome.amounts, 2)
    assert broken() == []


def test_a_line_of_which_a_part_was_matched_since_is_left(till: Till) -> None:
    other = till.another("宁波兴盛贸易有限公司")
    paid = other.payment(100, "2026-03-15")
    till.desk.invoice(300, "2026-03-01")
    line = till.line(300)
    assert weigh_all().exact == 1
    till.accept(line, recorded(paid))
    outcome = accept_exact(by=till.finance, key=uuid.uuid4(), lines=[line.pk])
    assert (outcome.lines, outcome.left, opened(line)) == (0, 1, 200)


def test_a_line_that_is_looked_at_is_weighed_as_in_a_run(till: Till) -> None:
    till.payment("400.40")
    till.desk.invoice("70.07", "2026-03-01", number="FP-2026-70")
    lines = [till.line("400.40"), till.line("70.07", "陈静", memo="FP-2026-70"), till.line(88, "nobody")]
    weigh_all()
    before = {row.line_id: row.suggestions for row in Weighed.objects.all()}
    weigh_some([line.pk for line in lines])
    assert {row.line_id: row.suggestions for row in Weighed.objects.all()} == before


def refused(**facts: Any) -> bool:
    try:
        with transaction.atomic():
            Match.objects.create(**facts)
    except IntegrityError:
        return True
    return False


def test_the_database_refuses_what_the_services_would_never_write(till: Till) -> None:
    paid, line = till.payment(400), till.line(300)
    dollars = Desk(a_customer(owner=till.seller, currency="USD")).payment(300, "2026-03-15")
    refund = till.desk.refund(10, "2026-03-16", automatic=False)
    facts = {"line": line, "by": till.finance, "recorded_at": line.recorded_at}
    assert refused(entry=paid, amount=301, **facts)
    assert refused(entry=paid, amount=-10, **facts)
    assert refused(entry=dollars, amount=10, **facts)
    assert refused(entry=refund, amount=10, **facts)
    assert refused(entry=till.desk.invoice(50, "2026-03-01"), amount=10, **facts)
    assert not refused(entry=paid, amount=300, **facts)
    assert refused(**{**facts, "line": till.line(200)}, entry=paid, amount=101)
    made = Match.objects.get()
    assert refused(entry=paid, amount=-299, undoes=made, **facts)
    for change in (
        lambda: Match.objects.update(amount=1),
        lambda: Match.objects.all().delete(),
        lambda: BankLine.objects.filter(pk=line.pk).update(open_amount=5),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    BankLine.objects.filter(pk=line.pk).update(open_amount=0)


class Sequences(TestCase):
    @settings(max_examples=examples(12), deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(1, 400)), min_size=3, max_size=8))
    def test_any_sequence_leaves_every_law_intact(self, acts: list[tuple[int, int, int]]) -> None:
        till = Till()
        till.desk.invoice(500, "2026-03-01")
        paid = [till.payment(amount, automatic=bool(amount % 2)) for amount in (101, 200)]
        lines = [till.line(amount) for amount in (101, 200, 301)] + [a_line(amount=150, payer_name="x")]
        for act, which, amount in acts:
            line = lines[which]
            standing = Match.objects.filter(line=line, undoes=None, undone_by=None).first()
            aside = SetAside.objects.filter(line=line, undoes=None, undone_by=None).first()
            try:
                match act:
                    case 0:
                        till.accept(line, recorded(paid[amount % 2], amount))
                    case 1:
                        till.accept(line, Wanted(till.customer.pk, money(amount)))
                    case 2 if standing:
                        till.undo(standing, reason="wrong", reverses=standing.is_posted and amount % 2 == 0)
                    case 3:
                        set_aside(line=line, by=till.finance, kind="fee")
                    case 4 if aside:
                        take_up(aside=aside, by=till.finance)
                    case 5:
                        Desk(till.customer, by=till.finance).reverse(paid[amount % 2])
            except LedgerError:
                pass
        assert broken() == []
