"""The doors to closed months: their list, one month with its report, closing and opening."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from config.dates import shown_month
from config.pages import SignedInRequest
from ledger.errors import LedgerError
from ledger.models import PeriodClose
from ledger.views.permission import require_bookkeeping
from reconciliation.closing import services
from reconciliation.closing.forms import CloseForm, OpenForm
from reconciliation.closing.queries import Month, State, checklist, history_of, late_entries, month_of, months
from reconciliation.closing.showing import parts
from reconciliation.closing.workbook import workbook


@require_GET
def month_list(request: SignedInRequest) -> HttpResponse:
    _require_seeing_all(request)
    found = months(today=timezone.localdate())
    turn = next((month for month in found if month.state == State.NEXT), None)
    return render(request, "reconciliation/closing/months.html", {"months": found, "turn": turn})


@require_GET
def month(request: SignedInRequest, text: str) -> HttpResponse:
    """The month as it was reported when it was closed, and what came into it since."""
    _require_seeing_all(request)
    shown = _month(text)
    history = list(history_of(shown.first))
    close = _chosen(history, request.GET.get("close", ""))
    report = getattr(close, "report", None)
    return render(
        request,
        "reconciliation/closing/month.html",
        {
            "month": shown,
            "history": history,
            "close": close,
            "report": report,
            "facts": json.loads(report.content) if report else None,
            "parts": parts(json.loads(report.content)) if report else [],
            "late": late_entries(shown.first),
            "may_open": request.user.keeps_books and shown.state == State.CLOSED and _is_last(shown),
            "may_close": request.user.keeps_books and shown.state == State.NEXT,
        },
    )


@require_GET
def workbook_of(request: SignedInRequest, text: str) -> HttpResponseBase:
    _require_seeing_all(request)
    shown = _month(text)
    close = _chosen(list(history_of(shown.first)), request.GET.get("close", ""))
    report = getattr(close, "report", None)
    if report is None:
        raise Http404
    file = workbook(json.loads(report.content), digest=report.digest)
    return FileResponse(file, as_attachment=True, filename=f"closing-{shown.first:%Y-%m}.xlsx")


@require_http_methods(["GET", "POST"])
def close(request: SignedInRequest, text: str) -> HttpResponse:
    """What is still open of the month, and the button that closes it."""
    return _act(request, text, State.NEXT, CloseForm, services.close_month, _("%(month)s is closed."))


@require_http_methods(["GET", "POST"])
def reopen(request: SignedInRequest, text: str) -> HttpResponse:
    return _act(request, text, State.CLOSED, OpenForm, _open, _("%(month)s is open again."))


def _open(*, month: date, by: Any, note: str) -> PeriodClose:
    return services.open_month(month=month, by=by, reason=note)


def _act(
    request: SignedInRequest,
    text: str,
    state: State,
    form_class: type[CloseForm] | type[OpenForm],
    act: Callable[..., PeriodClose],
    done: str,
) -> HttpResponse:
    require_bookkeeping(request.user)
    shown = _month(text)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(month=shown.first, by=request.user, note=form.cleaned_data["note"])
        except LedgerError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, done % {"month": shown_month(shown.first)})
            return redirect("closing:month", text=text)
    context = {
        "month": shown,
        "form": form,
        "is_closing": state == State.NEXT,
        "checks": checklist(request.user, shown.first) if state == State.NEXT else [],
    }
    return render(request, "reconciliation/closing/act.html", context)


def _month(text: str) -> Month:
    try:
        found = month_of(date.fromisoformat(f"{text}-01"), today=timezone.localdate())
    except ValueError:
        raise Http404 from None
    if found is None:
        raise Http404
    return found


def _chosen(history: list[PeriodClose], key: str) -> PeriodClose | None:
    """The close that an address names, else the latest one that has a report."""
    reported = [row for row in history if row.is_closed and hasattr(row, "report")]
    named = [row for row in reported if str(row.pk) == key]
    return next(iter(named or reported), None)


def _is_last(month: Month) -> bool:
    return PeriodClose.objects.closed_until() == month.last


def _require_seeing_all(request: SignedInRequest) -> None:
    if not request.user.sees_all:
        raise PermissionDenied
