"""The page of the customer: one statement, by a link, without an account.

The token stands in one address alone, which exchanges it for a cookie and leads on: it is in no page, no referrer and
no log. The page has a handle in its address, which opens nothing by itself.
"""

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
from ledger.errors import LedgerError
from reconciliation.statements import limits
from reconciliation.statements.answering import Words, answer_by_link
from reconciliation.statements.forms import WordsForm
from reconciliation.statements.forms_public import DiffersForm, ticked
from reconciliation.statements.links import PASS_SECONDS, form_key, is_form_key
from reconciliation.statements.models import Answer, AnswerFile, Dispatch
from reconciliation.statements.paper import demand_in_words
from reconciliation.statements.queries.firm import letterhead
from reconciliation.statements.queries.links import dispatch_by_handle, dispatch_by_token, mark_opened
from reconciliation.statements.queries.rows import Rows, rows_of
from reconciliation.statements.queries.statements import answer_of
from reconciliation.statements.views.statements import document, sheet
from reconciliation.statements.wording import amount_in_words, closing_label

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
}
_PASS = "statements.pass"
View = Callable[..., HttpResponseBase]


def private(*methods: str) -> Callable[[View], View]:
    """A page for whoever has the link: counted, told to no search engine, kept by no browser.

    The cross-site check is the form's own key: a browser that sends no referrer sends no origin either, and Django's
    would refuse that.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response: HttpResponseBase
            if request.method not in methods:
                response = HttpResponseNotAllowed(methods)
            elif limits.is_over("address", address_of(request), limits.OF_ADDRESS):
                response = _too_often(request)
            else:
                response = view(request, *args, **kwargs)
            for name, value in HEADERS.items():
                response.headers[name] = value
            return response

        return guarded

    return decorate


@private("GET")
def open_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Exchanges the token for a pass of two hours, and leads to the page."""
    dispatch = dispatch_by_token(token, now=timezone.now())
    if dispatch is None:
        # Misses alone: whoever shares the address of one that guesses comes in all the same.
        is_over = limits.is_over("wrong", address_of(request), limits.WRONG)
        return _too_often(request) if is_over else _no_such(request)
    page = reverse("statement-view", args=[dispatch.handle])
    response = HttpResponseRedirect(page)
    response.set_signed_cookie(
        f"s-{dispatch.handle}",
        dispatch.token_hash,
        salt=_PASS,
        max_age=PASS_SECONDS,
        path=page,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def _passed(view: Callable[[HttpRequest, Dispatch], HttpResponseBase]) -> View:
    """Behind the pass: the view receives the dispatch, in the language of its statement or the chosen one. Who is
    signed in is one of us, and answers for no customer.
    """

    @wraps(view)
    def checked(request: HttpRequest, handle: str) -> HttpResponseBase:
        sealed = request.get_signed_cookie(f"s-{handle}", default="", salt=_PASS, max_age=PASS_SECONDS)
        if not sealed:
            return _no_such(request)
        dispatch = dispatch_by_handle(handle, now=timezone.now())
        if dispatch is None or not constant_time_compare(sealed, dispatch.token_hash):
            return _no_such(request)
        if limits.is_over("link", dispatch.handle, limits.OF_LINK):
            return _too_often(request)
        if request.method == "POST" and not is_form_key(handle, request.POST.get("key", "")):
            return _no_such(request)
        if request.method == "POST" and request.user.is_authenticated:
            return HttpResponseRedirect(_here(request, "statement-view", dispatch))
        with translation.override(_language(request, dispatch.statement.language)):
            return view(request, dispatch)

    return checked


@private("GET", "POST")
@_passed
def statement(request: HttpRequest, dispatch: Dispatch) -> HttpResponseBase:
    """The statement, and the answer "agrees"; once answered, what was said."""
    answer, form, refusal = answer_of(dispatch.statement), WordsForm(), ""
    if request.method == "POST":
        form = WordsForm(request.POST)
        if form.is_valid():
            try:
                _answer(request, dispatch, Words(Answer.Verdict.AGREES, **form.cleaned_data))
            except LedgerError as refused:
                answer, refusal = answer_of(dispatch.statement), _told_by(form, refused)
            else:
                return HttpResponseRedirect(_here(request, "statement-view", dispatch))
    elif not request.user.is_authenticated:
        mark_opened(dispatch, now=timezone.now())
    context = {"answer": answer, "form": form, "refusal": refusal}
    return _page(request, "statement", dispatch, context)


@private("GET", "POST")
@_passed
def differs(request: HttpRequest, dispatch: Dispatch) -> HttpResponseBase:
    """The answer "does not agree", in two steps: which lines, and what of them."""
    rows = rows_of(dispatch.statement, Rows.ALL)
    chosen = ticked(rows, request.POST)
    if request.method == "GET":
        if answer_of(dispatch.statement) is not None or request.user.is_authenticated:
            return HttpResponseRedirect(_here(request, "statement-view", dispatch))
        return _page(request, "differs", dispatch, {"rows": rows})
    is_last = "name" in request.POST
    form = DiffersForm(chosen, request.POST if is_last else None, request.FILES if is_last else None)
    refusal = ""
    if is_last and form.is_valid():
        files = [(AnswerFile.Kind.LIST, file) for file in request.FILES.getlist("files")]
        words = Words(Answer.Verdict.DIFFERS, **form.words.cleaned_data, lines=form.lines(), files=files)
        try:
            _answer(request, dispatch, words)
        except LedgerError as refused:
            refusal = _told_by(form.words, refused)
        else:
            return HttpResponseRedirect(_here(request, "statement-view", dispatch))
    return _page(request, "details", dispatch, {"form": form, "refusal": refusal})


@private("GET")
@_passed
def pdf(request: HttpRequest, dispatch: Dispatch) -> HttpResponseBase:
    return document(dispatch.statement)


@private("GET")
@_passed
def workbook(request: HttpRequest, dispatch: Dispatch) -> HttpResponseBase:
    return sheet(dispatch.statement)


def _answer(request: HttpRequest, dispatch: Dispatch, words: Words) -> None:
    user_agent = request.headers.get("User-Agent", "")
    answer_by_link(dispatch=dispatch, words=words, address=address_of(request), user_agent=user_agent)


def _told_by(form: WordsForm, refused: LedgerError) -> str:
    """The refusal stands at its field, where the form has such a one, else above the page."""
    if refused.field not in form.fields:
        return refused.message
    form.add_error(refused.field, refused.message)
    return ""


def _page(request: HttpRequest, template: str, dispatch: Dispatch, context: dict[str, Any]) -> HttpResponse:
    shown = dispatch.statement
    language = translation.get_language() or shown.language
    profile = letterhead().profile
    context = {
        "statement": shown,
        "account": shown.account,
        "firm": profile.name_in(language),
        "phone": profile.phone,
        "words": amount_in_words(shown.closing, shown.currency),
        "closing_label": closing_label(shown.closing),
        "demand": demand_in_words(shown.account, shown.demand_by),
        "expires_at": dispatch.expires_at,
        "dispatch": dispatch,
        "key": form_key(dispatch.handle),
        "language": language,
        "lang": f"?lang={language}" if language != shown.language else "",
        "lines": rows_of(shown, Rows.ALL),
        **context,
    }
    return render(request, f"reconciliation/statements/public/{template}.html", context)


def _here(request: HttpRequest, name: str, dispatch: Dispatch) -> str:
    language = _language(request, dispatch.statement.language)
    asked = "" if language == dispatch.statement.language else f"?lang={language}"
    return f"{reverse(name, args=[dispatch.handle])}{asked}"


def _language(request: HttpRequest, otherwise: str) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else otherwise


def _no_such(request: HttpRequest) -> HttpResponse:
    """One page for a link that is wrong, expired, revoked or used up: it says nothing of which."""
    with translation.override(_language(request, translation.get_language() or settings.LANGUAGE_CODE)):
        said = _("This link opens no statement, or not any more.")
        return _told(request, said, _("Open the link in your mail once more, or ask for a new one."), 404)


def _too_often(request: HttpRequest) -> HttpResponse:
    said = _("This was asked for too often.")
    return _told(request, said, _("Please try again in ten minutes."), 429)


def _told(request: HttpRequest, said: str, advice: str, status: int) -> HttpResponse:
    context = {"said": said, "advice": advice, "language": translation.get_language()}
    return render(request, "reconciliation/statements/public/gone.html", context, status=status)
