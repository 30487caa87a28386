"""The page of the customer: one statement, by a link, without an account.

The token stands in one address alone, which exchanges it for a cookie and leads on: it is in no page, no referrer and
no log. The page has a handle in its address, which opens nothing by itself.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from config.visitors import address_of
from ledger.errors import LedgerError
from reconciliation.statements import limits
from reconciliation.statements.answering import Words, answer_by_link
from reconciliation.statements.drafting import chosen_in, one_after_another
from reconciliation.statements.files import MOST_FILES, accepted
from reconciliation.statements.forms_public import (
    SAID_OF_LINES,
    AnswerForm,
    DiffersForm,
    Problem,
    initial_of,
    problems_of,
    ticked,
)
from reconciliation.statements.links import form_key
from reconciliation.statements.models import Answer, AnswerFile, AnswerLine, Dispatch
from reconciliation.statements.paper import demand_in_words
from reconciliation.statements.queries.firm import letterhead
from reconciliation.statements.queries.links import begun_in, dispatch_by_token, mark_opened
from reconciliation.statements.queries.rows import Rows, rows_of
from reconciliation.statements.queries.statements import answer_of
from reconciliation.statements.views.passes import give_pass, here, keep_typed, no_such, passed, private, too_often
from reconciliation.statements.views.statements import document, sheet
from reconciliation.statements.wording import amount_in_words, closing_label

Verdict = Answer.Verdict


@private("GET")
def open_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Exchanges the token for a pass, and leads to the page."""
    dispatch = dispatch_by_token(token, now=timezone.now())
    if dispatch is None:
        # Misses alone: whoever shares the address of one that guesses comes in all the same.
        is_over = limits.is_over("wrong", address_of(request), limits.WRONG)
        return too_often(request) if is_over else no_such(request)
    response = HttpResponseRedirect(reverse("statement-view", args=[dispatch.handle]))
    if request.method != "HEAD":
        give_pass(response, dispatch)
    return response


@private("GET", "POST")
@passed
def statement(request: HttpRequest, dispatch: Dispatch, browser: str) -> HttpResponseBase:
    """The statement, and the answer "agrees"; once answered, what was said."""
    shown, refusal = dispatch.statement, ""
    answer, begun = answer_of(shown), begun_in(dispatch, browser)
    draft = begun.get(Verdict.AGREES)
    facts: Any = {"owes": shown.closing, "currency": shown.currency}
    if request.method == "POST":
        form = AnswerForm(request.POST, **facts)
        if form.is_valid():
            try:
                _answer(request, dispatch, Words(Verdict.AGREES, **form.cleaned_data))
            except LedgerError as refused:
                answer, refusal = answer_of(shown), _told_by(form, refused)
            else:
                return HttpResponseRedirect(here(request, "statement-view", dispatch))
        if answer is None:
            refusal = refusal or keep_typed(request, dispatch, browser, Verdict.AGREES).lost
    else:
        form = AnswerForm(initial=initial_of(draft.typed, AnswerForm) if draft else {}, **facts)
        if request.method == "GET" and not request.user.is_authenticated:
            mark_opened(dispatch, now=timezone.now())
    context = {
        "answer": answer,
        "form": form,
        "problems": problems_of(form) if form.is_bound else [],
        "refusal": refusal,
        "is_begun": draft is not None and not form.is_bound,
        "has_begun_to_differ": Verdict.DIFFERS in begun,
        "said_of_lines": [(SAID_OF_LINES[AnswerLine.Kind(one.kind)], one) for one in answer.lines.all()]
        if answer
        else [],
    }
    return _page(request, "statement", dispatch, context)


@private("GET", "POST")
@passed
def differs(request: HttpRequest, dispatch: Dispatch, browser: str) -> HttpResponseBase:
    """The answer "does not agree", in two steps: which lines, and what of them."""
    rows = rows_of(dispatch.statement, Rows.ALL)
    draft = begun_in(dispatch, browser).get(Verdict.DIFFERS)
    typed: Any = draft.typed if draft is not None else {}
    if answer_of(dispatch.statement) is not None or request.user.is_authenticated:
        return HttpResponseRedirect(here(request, "statement-view", dispatch))
    if request.method != "POST":
        chosen = ticked(rows, typed.get("line", []))
        if not typed or "lines" in request.GET:
            return _page(request, "differs", dispatch, {"rows": rows, "chosen": {row.entry for row in chosen}})
        return _details(request, dispatch, _form(dispatch, chosen, None, typed=typed), draft=draft)
    chosen = ticked(rows, request.POST.getlist("line"))
    if "name" not in request.POST:
        return _details(request, dispatch, _form(dispatch, chosen, None, typed=typed), draft=draft)
    return _sent(request, dispatch, browser, chosen)


def _sent(request: HttpRequest, dispatch: Dispatch, browser: str, chosen: Any) -> HttpResponseBase:
    """The whole form: kept, whatever becomes of it, and then answered with the files that are kept."""
    goes_back = "back" in request.POST
    with one_after_another(dispatch):
        if answer_of(dispatch.statement) is not None:
            return HttpResponseRedirect(here(request, "statement-view", dispatch))
        kept = keep_typed(request, dispatch, browser, Verdict.DIFFERS)
        has_files = kept.draft is not None and kept.draft.files.exists()
        form, refusal = _form(dispatch, chosen, request.POST, has_files=has_files), kept.lost
        if not goes_back and form.is_valid() and not kept.refused:
            try:
                with chosen_in(kept.draft) as files:
                    words = Words(Verdict.DIFFERS, **form.words.cleaned_data, lines=form.lines(), files=files)
                    _answer(request, dispatch, words)
            except LedgerError as refused:
                refusal = _told_by(form.words, refused)
            else:
                return HttpResponseRedirect(here(request, "statement-view", dispatch))
    if goes_back and not (kept.refused or kept.lost):
        lines = here(request, "statement-differs", dispatch)
        return HttpResponseRedirect(f"{lines}{'&' if '?' in lines else '?'}lines")
    return _details(request, dispatch, form, draft=kept.draft, refused=kept.refused, refusal=refusal)


@private("GET")
@passed
def pdf(request: HttpRequest, dispatch: Dispatch, browser: str) -> HttpResponseBase:
    return document(dispatch.statement)


@private("GET")
@passed
def workbook(request: HttpRequest, dispatch: Dispatch, browser: str) -> HttpResponseBase:
    return sheet(dispatch.statement)


def _form(dispatch: Dispatch, chosen: Any, post: Any, **facts: Any) -> DiffersForm:
    return DiffersForm(chosen, post, owes=dispatch.statement.closing, currency=dispatch.statement.currency, **facts)


def _details(
    request: HttpRequest, dispatch: Dispatch, form: DiffersForm, *, draft: Any, refused: Any = (), refusal: str = ""
) -> HttpResponse:
    problems = [*(Problem("files", "", said) for said in refused), *(form.problems if form.words.is_bound else [])]
    context = {
        "form": form,
        "problems": problems,
        "refused": refused,
        "refusal": refusal,
        "kept": draft.files.all() if draft is not None else [],
        "is_begun": draft is not None and not form.words.is_bound,
        "accepted": accepted(AnswerFile.Kind.LIST),
        "most_files": MOST_FILES,
    }
    return _page(request, "details", dispatch, context)


def _answer(request: HttpRequest, dispatch: Dispatch, words: Words) -> None:
    user_agent = request.headers.get("User-Agent", "")
    answer_by_link(dispatch=dispatch, words=words, address=address_of(request), user_agent=user_agent)


def _told_by(form: AnswerForm, refused: LedgerError) -> str:
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
        "email": profile.email,
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
