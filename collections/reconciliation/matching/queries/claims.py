"""Receipts to be claimed, as all salespeople see them: without the account that they came from."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from customers.models import Customer, User
from ledger.models import Entry, Kind
from ledger.money import ZERO
from reconciliation.bank.models import BankLine
from reconciliation.matching.models import Claim, Release
from reconciliation.matching.queries.facts import matched_of

# Digits of the largest key.
LONGEST_KEY = 18
# So many confirmed ones are offered to who matches by hand.
MOST_CONFIRMED = 50


def receipts_to_claim(user: User) -> QuerySet[BankLine]:
    """Released, and open: to everybody. Only what a claimer needs is read of a line."""
    own = Claim.objects.waiting().filter(line=OuterRef("pk"), by=user)
    return (
        BankLine.objects.unmatched_receipts()
        .filter(Exists(Release.objects.filter(line=OuterRef("pk"))))
        .annotate(
            claim_count=Count("claims", filter=Q(claims__state=Claim.State.WAITING)), is_claimed_by_me=Exists(own)
        )
        .order_by("-date", "-pk")
    )


def claims_seen_by(user: User) -> QuerySet[Claim]:
    found = Claim.objects.visible_to(user)
    return found.select_related("line", "customer", "by", "decided_by").order_by("-pk")


def news_for(user: User) -> int:
    """Claims of one's own that finance has decided since one looked."""
    return Claim.objects.filter(by=user, decided_at__isnull=False, read_at=None).count()


def customers_found(user: User, words: str, currency: str) -> QuerySet[Customer]:
    """Whom somebody may mean who types some letters: those that the user may post for, in the currency."""
    mine = Customer.objects.writable_by(user).filter(currency=currency).select_related("owner")
    return mine.search(words).best_first(words)[:8]


def debts_of(customer: Customer) -> QuerySet[Entry]:
    """What is open of the customer's debts, the first due first."""
    return Entry.objects.open().debts().filter(customer=customer).exclude(kind=Kind.REFUND).order_by("due_date", "pk")


def recorded_money(customer: Customer, *, received: bool) -> list[Entry]:
    """Payments, or refunds, of the customer of which no line has shown all, the latest first: those that finance has
    not confirmed, and the latest of those that it confirmed by other means.
    """
    money = Entry.objects.filter(customer=customer, kind=Kind.PAYMENT if received else Kind.REFUND)
    latest = money.standing().confirmed().order_by("-date", "-pk")[:MOST_CONFIRMED]
    recorded = sorted([*money.unconfirmed(), *latest], key=lambda entry: (entry.date, entry.pk), reverse=True)
    shown = matched_of(entry.pk for entry in recorded)
    return [entry for entry in recorded if shown.get(entry.pk, ZERO) < abs(entry.document_amount)]


def customer_named(user: User, said: str, currency: str) -> Customer | None:
    """The customer of this key, of those that the user may post for, in the currency."""
    if not said.isdecimal() or len(said) > LONGEST_KEY:
        return None
    return Customer.objects.writable_by(user).filter(currency=currency, pk=int(said)).first()


def claims_with_debts(user: User) -> QuerySet[Claim]:
    return claims_seen_by(user).prefetch_related("debts")
