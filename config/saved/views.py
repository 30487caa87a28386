"""Doors to saved views: the list, one view with its schedule, the menu of each list, the columns that are kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.pages import SignedInRequest, way_back
from config.saved import services
from config.saved.errors import ViewRefused
from config.saved.forms import RenameForm, ScheduleForm, ViewForm, in_words
from config.saved.models import SavedView, Schedule
from config.saved.pages import page_at, read_address
from config.saved.queries import deliveries_of, schedule_of, schedules_for, views_for


@require_GET
def views(request: SignedInRequest) -> HttpResponse:
    found = [_shown(view) for view in views_for(request.user)]
    received = [(schedule, in_words(schedule)) for schedule in schedules_for(request.user)]
    context = {
        "own": [shown for shown in found if shown["view"].is_own],
        "shared": [shown for shown in found if not shown["view"].is_own],
        "received": received,
    }
    return render(request, "saved/list.html", context)


def _shown(view: Any) -> dict[str, Any]:
    page = page_at(view.path)
    schedule = getattr(view, "schedule", None)
    return {"view": view, "page": page, "schedule": schedule, "when": in_words(schedule) if schedule else ""}


@require_GET
def menu(request: SignedInRequest) -> HttpResponse:
    """The views of one page, for its menu."""
    at = request.GET.get("at", "")
    try:
        path, _query = read_address(at)
    except ViewRefused:
        path = "/"
    return render(request, "saved/_menu.html", {"views": views_for(request.user, path=path), "at": at})


def new(request: SignedInRequest) -> HttpResponse:
    """Names what a list shows now."""
    at = request.POST.get("at") or request.GET.get("at", "")
    try:
        path, _query = read_address(at)
    except ViewRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("saved:list")
    form = ViewForm(request.POST or None, initial={"at": at})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            view = services.save_view(user=request.user, name=said["name"], address=at, shared=said["shared"])
        except ViewRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The view “%(name)s” was saved.") % {"name": view.name})
            return HttpResponseRedirect(view.url)
    page = page_at(path)
    context = {
        "form": form,
        "at": at,
        "page": page,
        "own": [view.name for view in views_for(request.user, path=path) if view.user_id == request.user.pk],
    }
    return render(request, "saved/new.html", context)


def _own(request: SignedInRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView.objects.of(request.user).select_related("user"), pk=pk)


def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The name and the sharing of one's own view, and when it is sent."""
    view = _own(request, pk)
    form = RenameForm(request.POST or None, view=view)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.change_view(view=view, name=said["name"], shared=said["shared"])
        except ViewRefused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("The view “%(name)s” was saved.") % {"name": view.name})
            return redirect("saved:detail", pk=pk)
    return _show(request, view, form=form)


def _show(request: SignedInRequest, view: SavedView, **forms: Any) -> HttpResponse:
    schedule, page = schedule_of(view), page_at(view.path)
    context = {
        "view": view,
        "page": page,
        "schedule": schedule,
        "when": in_words(schedule) if schedule else "",
        "deliveries": deliveries_of(schedule) if schedule else [],
        "link": request.build_absolute_uri(view.url),
        "form": forms.get("form") or RenameForm(view=view),
        "schedule_form": forms.get("schedule_form") or ScheduleForm(view=view, schedule=schedule),
    }
    return render(request, "saved/detail.html", context)


@require_POST
def schedule(request: SignedInRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    form = ScheduleForm(request.POST, view=view, schedule=None)
    if form.is_valid():
        try:
            kept = services.save_schedule(
                view=view, rule=form.rule(), recipients=list(form.cleaned_data["recipients"])
            )
        except ViewRefused as refusal:
            form.add_error(refusal.field or None, refusal.message)
        else:
            messages.success(request, _("It is sent from now on: %(when)s.") % {"when": in_words(kept)})
            return redirect("saved:detail", pk=pk)
    return _show(request, view, schedule_form=form)


@require_POST
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    services.stop_schedule(view=_own(request, pk))
    messages.success(request, _("It is no longer sent."))
    return redirect("saved:detail", pk=pk)


@require_POST
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        services.send_soon(view=_own(request, pk))
    except ViewRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("It is sent within a few minutes."))
    return redirect("saved:detail", pk=pk)


@require_POST
def delete(request: SignedInRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    services.delete_view(view=view)
    messages.success(request, _("The view “%(name)s” was deleted.") % {"name": view.name})
    return redirect("saved:list")


@require_POST
def begin(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begins with a view that the person finds, or with the desk again."""
    view = get_object_or_404(SavedView.objects.listed_for(request.user), pk=pk)
    wanted = request.POST.get("start") == "1"
    services.start_with(user=request.user, view=view if wanted else None)
    said = _("You begin with “%(name)s” from now on.") if wanted else _("You begin on your desk again.")
    messages.success(request, said % {"name": view.name} if wanted else said)
    return redirect("saved:list")


@require_POST
def leave(request: SignedInRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(Schedule.objects.received_by(request.user), pk=pk)
    services.leave(schedule=kept, user=request.user)
    messages.success(request, _("You receive it no longer."))
    return redirect("saved:list")


@require_POST
def columns(request: SignedInRequest) -> HttpResponse:
    """Keeps the columns of a list as the person's default, or takes the list's own again."""
    kept = request.POST.get("columns", "") if request.POST.get("keep") else ""
    services.keep_columns(user=request.user, page=request.POST.get("page", ""), columns=kept)
    messages.success(request, _("These columns are your default now.") if kept else _("The usual columns are back."))
    return HttpResponseRedirect(way_back(request, "/"))
