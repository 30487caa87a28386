"""Receipts to be claimed, as all salespeople see them: without the account that they came from."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from customers.models import Customer, User
from ledger.models import Entry, Kind
from reconciliation.bank.models import BankLine
from reconciliation.matching.models import Claim, Release

# Digits of the largest key.
LONGEST_KEY = 18


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


def recorded_money(customer: Customer, *, received: bool) -> QuerySet[Entry]:
    """Payments, or refunds, of the customer that finance has not confirmed."""
    kind = Kind.PAYMENT if received else Kind.REFUND
    return Entry.objects.unconfirmed().filter(customer=customer, kind=kind).order_by("-date", "-pk")


def customer_named(user: User, said: str, currency: str) -> Customer | None:
    """The customer of this key, of those that the user may post for, in the currency."""
    if not said.isdecimal() or len(said) > LONGEST_KEY:
        return None
    return Customer.objects.writable_by(user).filter(currency=currency, pk=int(said)).first()


def claims_with_debts(user: User) -> QuerySet[Claim]:
    return claims_seen_by(user).prefetch_related("debts")
