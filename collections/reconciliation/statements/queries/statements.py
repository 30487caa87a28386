"""Statements as the list and their pages show them, and the customers to make them for."""

from datetime import date, datetime
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from customers.models import Contact, Customer, User
from ledger.models import Entry
from ledger.queries.accounts import customers_with_totals
from reconciliation.statements.models import Answer, AnswerFile, Dispatch, Evidence, Statement
from reconciliation.statements.models.statements import StatementQuerySet


def statements_for_list(user: User, *, now: datetime) -> StatementQuerySet:
    """With `state`, and with when and to whom it went last."""
    last = Dispatch.objects.arrived().filter(statement=OuterRef("pk")).order_by("-pk")
    found = Statement.objects.visible_to(user).with_state(now)
    return found.annotate(
        sent_at=Subquery(last.values("sent_at")[:1]), sent_to=Subquery(last.values("to")[:1])
    ).select_related("customer__owner", "made_by")


def statement_for_page(user: User, *, now: datetime) -> StatementQuerySet:
    found = Statement.objects.visible_to(user).with_state(now)
    return found.select_related("customer__owner", "made_by", "withdrawn_by", "answer__recorded_by")


def statements_of(customer: Customer, *, now: datetime) -> StatementQuerySet:
    return Statement.objects.filter(customer=customer).with_state(now).select_related("answer").newest_first()


def posted_since(statement: Statement) -> QuerySet[Entry]:
    """What was recorded after the statement was made and counts up to its last day: the customer was shown neither
    these entries nor their sum.
    """
    found = Entry.objects.filter(
        customer=statement.customer_id, date__lte=statement.last_date, recorded_at__gt=statement.made_at
    )
    account = statement.account
    shown = {line.entry for line in account.lines} | {item.entry for item in account.items}
    return found.exclude(pk__in=shown).select_related("posting__by", "posting__late").order_by("date", "pk")


def dispatches_of(statement: Statement) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(statement=statement).select_related("by", "told_by", "revoked_by")


def evidence_of(customer: Customer) -> QuerySet[Evidence]:
    return Evidence.objects.filter(customer=customer).select_related("answer__statement")


def customers_for_statements(user: User, *, on: date) -> QuerySet[Any]:
    """The customers for whom the user may make statements, with what they owe, the last day that a standing statement
    speaks of, and the last that was agreed.
    """
    stated = Statement.objects.standing().filter(customer=OuterRef("pk")).order_by().values("customer")
    last = stated.annotate(day=Max("last_date")).values("day")
    agreed = stated.filter(answer__verdict="agrees").annotate(day=Max("last_date")).values("day")
    found = customers_with_totals(user, on=on).filter(pk__in=Customer.objects.writable_by(user).values("pk"))
    return found.annotate(stated_until=Subquery(last), agreed_until=Subquery(agreed))


def without_statement_since(customers: QuerySet[Any], day: date) -> QuerySet[Any]:
    return customers.filter(Q(stated_until__isnull=True) | Q(stated_until__lt=day))


def customers_by_key(user: User, keys: list[int]) -> list[Customer]:
    """Those of them that the user may write for, by code."""
    found = Customer.objects.writable_by(user).filter(pk__in=keys)
    return list(found.select_related("owner").order_by("code"))


def statements_by_key(user: User, keys: list[int]) -> list[Statement]:
    found = Statement.objects.visible_to(user).filter(pk__in=keys)
    return list(found.select_related("customer__owner", "answer").order_by("customer__code", "pk"))


def named_customers(keys: list[int]) -> dict[int, str]:
    return dict(Customer.objects.filter(pk__in=keys).values_list("pk", "name"))


def answer_of(statement: Statement) -> Answer | None:
    """The answer with its lines, its files and what it proves."""
    found = Answer.objects.filter(statement=statement).select_related(
        "recorded_by", "dispatch__told_by", "statement__customer"
    )
    return found.prefetch_related("lines__entry", "files__uploaded_by", "evidence").first()


def file_of(statement: Statement) -> QuerySet[AnswerFile]:
    return AnswerFile.objects.filter(answer__statement=statement)


def addresses_of(customer: Customer) -> list[str]:
    """Where the customer's people are written to."""
    return list(Contact.objects.filter(customer=customer).exclude(email="").values_list("email", flat=True))
