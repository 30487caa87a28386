"""The door to the customer's page: who may pass, for how long, how often, and what a browser is told.

A link is exchanged for a pass, a cookie of two hours that each use renews, never beyond the link. A second cookie
only names the browser: what was typed in it and not sent is found again by whoever passes there once more.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from config.visitors import address_of
from reconciliation.statements import limits
from reconciliation.statements.drafting import Kept, keep
from reconciliation.statements.forms_public import typed_in
from reconciliation.statements.links import PASS_SECONDS, is_form_key
from reconciliation.statements.models import Answer, Dispatch
from reconciliation.statements.queries.firm import letterhead
from reconciliation.statements.queries.links import dispatch_by_handle

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}
_PASS, _BROWSER = "statements.pass", "statements.browser"
View = Callable[..., HttpResponseBase]
Passed = Callable[[HttpRequest, Dispatch, str], HttpResponseBase]


def private(*methods: str) -> Callable[[View], View]:
    """A page for whoever has the link: counted, told to no search engine, kept by no browser.

    The cross-site check is the form's own key: a browser that sends no referrer sends no origin either, and Django's
    would refuse that.
    """
    allowed = [*methods, "HEAD"]

    def decorate(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response: HttpResponseBase
            if request.method not in allowed:
                response = HttpResponseNotAllowed(allowed)
            elif limits.is_over("address", address_of(request), limits.OF_ADDRESS):
                response = too_often(request)
            else:
                response = view(request, *args, **kwargs)
            for name, value in HEADERS.items():
                response.headers[name] = value
            return response

        return guarded

    return decorate


def passed(view: Passed) -> View:
    """Behind the pass: the view receives the dispatch and the name of the browser, in the language of the statement
    or the chosen one. Who is signed in is one of us, and answers for no customer. A HEAD changes nothing.
    """

    @wraps(view)
    def checked(request: HttpRequest, handle: str) -> HttpResponseBase:
        sealed = request.get_signed_cookie(f"s-{handle}", default="", salt=_PASS, max_age=PASS_SECONDS)
        browser = request.get_signed_cookie(f"b-{handle}", default="", salt=_BROWSER) or ""
        dispatch = dispatch_by_handle(handle, now=timezone.now()) if sealed or browser else None
        if dispatch is None:
            return no_such(request)
        if sealed and not constant_time_compare(sealed, dispatch.token_hash):
            return no_such(request)
        if limits.is_over("link", dispatch.handle, limits.OF_LINK):
            return too_often(request)
        if request.method == "POST" and not is_form_key(handle, request.POST.get("key", "")):
            return no_such(request)
        if not sealed:
            return _out_of_time(request, dispatch, browser)
        if request.method == "POST" and request.user.is_authenticated:
            return HttpResponseRedirect(here(request, "statement-view", dispatch))
        name = browser or secrets.token_urlsafe(32)
        with translation.override(language_of(request, dispatch.statement.language)):
            response = view(request, dispatch, name)
        if request.method != "HEAD":
            give_pass(response, dispatch)
            _name_browser(response, dispatch, name)
        return response

    return checked


def give_pass(response: HttpResponseBase, dispatch: Dispatch) -> None:
    """For two hours from now, and never longer than the link."""
    _set_cookie(response, f"s-{dispatch.handle}", dispatch.token_hash, _PASS, dispatch, PASS_SECONDS)


def _name_browser(response: HttpResponseBase, dispatch: Dispatch, name: str) -> None:
    _set_cookie(response, f"b-{dispatch.handle}", name, _BROWSER, dispatch, None)


def _set_cookie(
    response: HttpResponseBase, key: str, value: str, salt: str, dispatch: Dispatch, seconds: int | None
) -> None:
    left = int((dispatch.expires_at - timezone.now()).total_seconds())
    response.set_signed_cookie(
        key,
        value,
        salt=salt,
        max_age=max(1, left if seconds is None else min(seconds, left)),
        path=reverse("statement-view", args=[dispatch.handle]),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _out_of_time(request: HttpRequest, dispatch: Dispatch, browser: str) -> HttpResponse:
    """A browser that had passed comes too late: what it sends is kept for the next pass, and answers nothing."""
    refused: Any = []
    with translation.override(language_of(request, dispatch.statement.language)):
        advice = _("Open the link in your mail or message once more.")
        if request.method == "POST" and not request.user.is_authenticated:
            differs = request.resolver_match is not None and request.resolver_match.url_name == "statement-differs"
            verdict = Answer.Verdict.DIFFERS if differs else Answer.Verdict.AGREES
            kept = keep_typed(request, dispatch, browser, verdict)
            refused = kept.refused
            stands_there = _(
                "Nothing was sent yet, and what you typed is kept: open the link in your mail or message once more,"
                " in this browser, and the form stands there filled in."
            )
            advice = f"{kept.lost} {advice}" if kept.lost else stands_there
        said = _("This page was left for more than two hours.")
        return _told(request, said, advice, 403, refused=refused)


def keep_typed(request: HttpRequest, dispatch: Dispatch, browser: str, verdict: Answer.Verdict) -> Kept:
    return keep(
        dispatch=dispatch,
        browser=browser,
        verdict=verdict,
        typed=typed_in(request.POST, verdict),
        files=request.FILES.getlist("files"),
        held=request.POST.getlist("kept"),
    )


def no_such(request: HttpRequest) -> HttpResponse:
    """One page for a link that is wrong, expired, revoked or used up: it says nothing of which."""
    with translation.override(language_of(request, translation.get_language() or settings.LANGUAGE_CODE)):
        said = _("This link opens no statement, or not any more.")
        advice = _(
            "A link is valid for some weeks, and a new statement may have taken the place of an old one. Open the"
            " link in your mail or message once more, or ask for a new one."
        )
        return _told(request, said, advice, 404)


def too_often(request: HttpRequest) -> HttpResponse:
    said = _("Too many requests in a short time.")
    advice = _(
        "Nothing is wrong with your link. Wait ten minutes and load the page again; what was not sent yet, your"
        " browser still has when you go back."
    )
    response = _told(request, said, advice, 429)
    response.headers["Retry-After"] = str(limits.WINDOW_SECONDS)
    return response


def _told(request: HttpRequest, said: str, advice: str, status: int, *, refused: Any = ()) -> HttpResponse:
    language = translation.get_language() or settings.LANGUAGE_CODE
    profile = letterhead().profile
    context = {
        "said": said,
        "advice": advice,
        "refused": refused,
        "language": language,
        "firm": profile.name_in(language),
        "phone": profile.phone,
        "email": profile.email,
    }
    return render(request, "reconciliation/statements/public/gone.html", context, status=status)


def here(request: HttpRequest, name: str, dispatch: Dispatch) -> str:
    language = language_of(request, dispatch.statement.language)
    asked = "" if language == dispatch.statement.language else f"?lang={language}"
    return f"{reverse(name, args=[dispatch.handle])}{asked}"


def language_of(request: HttpRequest, otherwise: str) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else otherwise
