"""How far a firm has come that begins with an empty ledger."""

from dataclasses import dataclass

from customers.models import Customer, Role, User
from ledger.models import Entry, Kind


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What is there of what a ledger needs, as far as the user sees it."""

    people: int
    customers: int
    has_openings: bool
    has_documents: bool


def first_steps(user: User) -> FirstSteps:
    seen = Entry.objects.visible_to(user)
    return FirstSteps(
        people=User.objects.filter(role=Role.SALESPERSON, is_active=True).count(),
        customers=Customer.objects.visible_to(user).count(),
        has_openings=seen.filter(kind=Kind.OPENING).exists(),
        has_documents=seen.exclude(kind=Kind.OPENING).exists(),
    )


def is_empty() -> bool:
    """Whether nothing was recorded yet, by anybody."""
    return not Entry.objects.exists()
