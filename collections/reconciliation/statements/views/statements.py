"""One statement: looked at, sent, passed on, revoked, withdrawn; its answer on paper taken down."""

import tempfile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.lists.exporting import XLSX
from config.pages import SignedInRequest
from customers.models import Customer
from ledger.errors import LedgerError
from ledger.money import ZERO
from ledger.views.attachments import SANDBOX
from reconciliation.statements import making
from reconciliation.statements.answering import Words, add_files, answer_on_paper
from reconciliation.statements.files import accepted
from reconciliation.statements.forms import PaperForm, PassedOnForm, SendForm, WithdrawalForm
from reconciliation.statements.models import AnswerFile, Dispatch, Statement
from reconciliation.statements.queries.rows import Rows, rows_of
from reconciliation.statements.queries.statements import (
    addresses_of,
    answer_of,
    dispatches_of,
    evidence_of,
    file_of,
    posted_since,
    statement_for_page,
    statements_of,
)
from reconciliation.statements.sending import hand_out, note_passed_on, revoke, send, usual_address
from reconciliation.statements.workbook import write_workbook


def _statement(request: SignedInRequest, pk: int) -> Statement:
    return get_object_or_404(statement_for_page(request.user, now=timezone.now()), pk=pk)


@require_GET
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _statement(request, pk))


def _page(request: SignedInRequest, statement: Statement, **more: Any) -> HttpResponse:
    answer = answer_of(statement)
    may_act = making.may_make_for(request.user, statement.customer)
    context = {
        "statement": statement,
        "account": statement.account,
        "rows": rows_of(statement, Rows.PERIOD),
        **_since(request, statement),
        "dispatches": dispatches_of(statement),
        "answer": answer,
        "now": timezone.now(),
        "may_compare": may_act,
        "may_act": may_act and not statement.is_withdrawn,
        "may_send": may_act and not statement.is_withdrawn and answer is None,
        "send_form": SendForm(initial={"to": usual_address(statement)}, addresses=addresses_of(statement.customer)),
        "passed_form": PassedOnForm(),
        "withdrawal_form": WithdrawalForm(),
        **more,
    }
    return render(request, "reconciliation/statements/detail.html", context)


def _since(request: SignedInRequest, statement: Statement) -> dict[str, Any]:
    """For those who see all: how the ledger has moved away from what the customer was shown."""
    posted = list(posted_since(statement)) if request.user.sees_all else []
    total = sum((entry.amount for entry in posted), ZERO)
    return {"posted_since": posted, "since_total": total, "closing_now": statement.closing + total}


@require_GET
def of_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    """All statements of a customer, their answers, and what they prove."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    context = {
        "customer": customer,
        "statements": statements_of(customer, now=timezone.now()),
        "evidence": evidence_of(customer),
        "may_make": making.may_make_for(request.user, customer),
    }
    return render(request, "reconciliation/statements/customer.html", context)


@require_GET
def pdf(request: SignedInRequest, pk: int) -> FileResponse:
    return document(_statement(request, pk))


def document(statement: Statement) -> FileResponse:
    """The very document that was made."""
    try:
        content = statement.pdf.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, filename=statement.file_name, content_type="application/pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_GET
def workbook(request: SignedInRequest, pk: int) -> FileResponse:
    return sheet(_statement(request, pk))


def sheet(statement: Statement) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- FileResponse closes it
    with translation.override(statement.language):
        write_workbook(statement, file)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"{statement.reference}.xlsx", content_type=XLSX)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def send_one(request: SignedInRequest, pk: int) -> HttpResponse:
    statement = _statement(request, pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _page(request, statement, send_form=form)
    try:
        send(by=request.user, statement=statement, to=form.cleaned_data["to"])
    except LedgerError as refusal:
        form.add_error("to" if refusal.field == "to" else None, refusal.message)
        return _page(request, _statement(request, pk), send_form=form)
    messages.success(request, _("The statement was sent to %(to)s.") % {"to": form.cleaned_data["to"]})
    return redirect("statements:detail", pk=pk)


@require_POST
def give_link(request: SignedInRequest, pk: int) -> HttpResponse:
    """A link to copy. It is shown on the answer to this post and nowhere else."""
    try:
        sent = hand_out(by=request.user, statement=_statement(request, pk))
    except LedgerError as refusal:
        messages.error(request, refusal.message)
        return redirect("statements:detail", pk=pk)
    response = _page(request, _statement(request, pk), link=sent.url)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def passed_on(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody gave the customer the link, or the paper."""
    statement = _statement(request, pk)
    form = PassedOnForm(request.POST)
    if form.is_valid():
        try:
            note_passed_on(by=request.user, statement=statement, **form.cleaned_data)
        except LedgerError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("It was noted that the statement went out."))
            return redirect("statements:detail", pk=pk)
    return _page(request, statement, passed_form=form)


@require_POST
def revoke_link(request: SignedInRequest, pk: int, dispatch: int) -> HttpResponse:
    found: Dispatch = get_object_or_404(dispatches_of(_statement(request, pk)), pk=dispatch)
    try:
        revoke(by=request.user, dispatch=found, now=timezone.now())
    except LedgerError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The link opens nothing any more."))
    return redirect("statements:detail", pk=pk)


@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    statement = _statement(request, pk)
    form = WithdrawalForm(request.POST)
    if form.is_valid():
        try:
            making.withdraw(by=request.user, statement=statement, reason=form.cleaned_data["reason"])
        except LedgerError as refusal:
            form.add_error("reason" if refusal.field else None, refusal.message)
        else:
            messages.success(request, _("The statement was withdrawn; its links open nothing any more."))
            return redirect("statements:detail", pk=pk)
    return _page(request, statement, withdrawal_form=form)


def reply(request: SignedInRequest, pk: int) -> HttpResponse:
    """A stamped reply that came back, by its scan or photo."""
    statement = _statement(request, pk)
    answer = answer_of(statement)
    form = PaperForm(request.POST or None, request.FILES or None, statement=statement)
    files = [(AnswerFile.Kind.REPLY, file) for file in request.FILES.getlist("files")]
    if request.method == "POST" and (answer is not None or form.is_valid()):
        try:
            if answer is not None:
                add_files(by=request.user, answer=answer, files=files)
            else:
                answer_on_paper(by=request.user, statement=statement, words=Words(**form.cleaned_data, files=files))
        except LedgerError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The reply was kept."))
            return redirect("statements:detail", pk=pk)
    if not making.may_make_for(request.user, statement.customer):
        return redirect("statements:detail", pk=pk)
    picker = accepted(AnswerFile.Kind.REPLY)
    context = {"form": form, "statement": statement, "answer": answer, "accepted": picker}
    return render(request, "reconciliation/statements/reply.html", context)


@require_GET
def answer_file(request: SignedInRequest, pk: int, file: int) -> FileResponse:
    """A file of the answer: photos are shown, all else is downloaded under its own name."""
    found = get_object_or_404(file_of(_statement(request, pk)), pk=file)
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    is_drawn = found.content_type in ("image/jpeg", "image/png", "image/webp")
    response = FileResponse(content, as_attachment=not is_drawn, filename=found.name, content_type=found.content_type)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
