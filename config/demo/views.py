"""The doors into the demo firm and out of it, for administrators alone."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.demo import leaving, staff
from config.demo.forms import LeavingForm, SuccessorForm
from config.demo.queries import entered, password_told_to, refusal_to_enter
from config.demo.services import DemoRefused
from config.jobs.services import enqueue
from config.pages import SignedInRequest
from customers.models import Role


def _require_administrator(request: SignedInRequest) -> None:
    if request.user.role != Role.ADMINISTRATOR:
        raise PermissionDenied


@require_GET
def firm(request: SignedInRequest) -> HttpResponse:
    _require_administrator(request)
    return _page(request, _form(request))


@require_POST
def enter(request: SignedInRequest) -> HttpResponse:
    """Asks a worker to fill the ledger; what is in the way is said at once."""
    _require_administrator(request)
    if refusal := refusal_to_enter():
        messages.error(request, refusal)
        return redirect("demo:firm")
    return redirect("jobs:detail", pk=enqueue(user=request.user, kind="demo").pk)


@require_POST
def leave(request: SignedInRequest) -> HttpResponse:
    _require_administrator(request)
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form)
    successor = form.save(commit=False) if isinstance(form, SuccessorForm) else None
    try:
        administrator = leaving.leave_demo(by=request.user, successor=successor)
    except DemoRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("demo:firm")
    login(request, administrator, backend="django.contrib.auth.backends.ModelBackend")
    messages.success(request, _("The demo firm is gone, and the ledger is yours: it is empty."))
    return redirect("start")


def _form(request: SignedInRequest, data: Any = None) -> LeavingForm | SuccessorForm:
    return SuccessorForm(data) if leaving.needs_successor(request.user) else LeavingForm(data)


def _page(request: HttpRequest, form: LeavingForm | SuccessorForm) -> HttpResponse:
    found = entered()
    context = {
        "firm": found,
        "recorded": leaving.recorded_since(found) if found else 0,
        "refusal": "" if found else refusal_to_enter(),
        "password": password_told_to(request.user) if found else "",
        "people": staff.PEOPLE,
        "form": form,
        "names_successor": isinstance(form, SuccessorForm),
    }
    return render(request, "demo/firm.html", context)
