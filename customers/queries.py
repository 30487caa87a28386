"""Reads about customers and the people who answer for them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Customer, Role, User


def salespeople(user: User) -> QuerySet[User]:
    """Those who answer for a customer that `user` sees, or may come to: what a filter offers."""
    customers = Customer.objects.visible_to(user).filter(owner=OuterRef("pk"))
    answering = Q(Exists(customers))
    if user.sees_all:
        answering |= Q(role=Role.SALESPERSON, is_active=True)
    return User.objects.filter(answering).order_by("last_name", "first_name", "username")


def regions_and_currencies(user: User) -> tuple[list[str], list[str]]:
    """The regions and the currencies of the customers that `user` sees, in one look."""
    pairs = Customer.objects.visible_to(user).order_by().values_list("region", "currency").distinct()
    found = list(pairs)
    return sorted({region for region, _code in found if region}), sorted({code for _region, code in found})


def regions(user: User) -> list[str]:
    """The regions of the customers that `user` sees."""
    named = Customer.objects.visible_to(user).exclude(region="").order_by("region")
    return list(named.values_list("region", flat=True).distinct())


def currencies(user: User) -> list[str]:
    """The currencies of the accounts that `user` sees."""
    found = Customer.objects.visible_to(user).order_by("currency")
    return list(found.values_list("currency", flat=True).distinct())


def possible_owners(user: User) -> QuerySet[User]:
    """Whom `user` may make answer for a customer: a manager the own team, finance everyone."""
    people = User.objects.filter(is_active=True, role__in=(Role.SALESPERSON, Role.MANAGER))
    if not user.keeps_books:
        people = people.filter(Q(team=user.team_id, team__isnull=False) | Q(pk=user.pk))
    return people.order_by("last_name", "first_name", "username")


def people_for(customer: Customer) -> QuerySet[User]:
    """Those who may act for the customer: its salesperson, the manager of that team, and who keeps the books."""
    acting = Q(role__in=(Role.FINANCE, Role.ADMINISTRATOR)) | Q(pk=customer.owner_id)
    if customer.owner is not None and customer.owner.team_id is not None:
        acting |= Q(role=Role.MANAGER, team=customer.owner.team_id)
    return User.objects.filter(acting, is_active=True).order_by("last_name", "first_name", "username")


def namesakes(customer: Customer, user: User) -> list[Customer]:
    """Other customers that `user` sees, whose codes differ from this one's by leading zeros alone."""
    digits = customer.code.lstrip("0")
    others = Customer.objects.visible_to(user).filter(code__endswith=digits).exclude(pk=customer.pk) if digits else ()
    return [other for other in others if other.code.lstrip("0") == digits]
