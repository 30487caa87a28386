"""Who may come through the doors that write: another's customer does not exist for them, a reader is refused."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from customers.models import Customer, User


def require_posting(user: User) -> None:
    if not user.may_post:
        raise PermissionDenied


def require_examining(user: User) -> None:
    """For what shows the whole firm: finance, and those who examine it."""
    if not user.sees_all:
        raise PermissionDenied


def require_bookkeeping(user: User) -> None:
    if not user.keeps_books:
        raise PermissionDenied


def writable_customer(user: User, pk: int) -> Customer:
    """The customer that `user` wants to post for; 404 where it is not visible, 403 for who only reads."""
    customer = get_object_or_404(Customer.objects.visible_to(user).select_related("owner"), pk=pk)
    require_posting(user)
    return customer
