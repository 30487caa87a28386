"""The page that leads an empty firm to its first shipment."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.pages import SignedInRequest
from customers.models import Role
from customers.services import may_change_customers
from ledger.queries import first_steps as queries


@require_GET
def first_steps(request: SignedInRequest) -> HttpResponse:
    user = request.user
    context = {
        "steps": queries.first_steps(user),
        "is_empty": queries.is_empty(),
        "administrates": user.role == Role.ADMINISTRATOR,
        "may_change": may_change_customers(user),
    }
    return render(request, "start/first_steps.html", context)
