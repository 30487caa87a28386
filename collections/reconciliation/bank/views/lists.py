"""Lines, statements and accounts: for those who see the whole firm."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from config.pages import ListPage, SignedInRequest
from ledger.views.permission import require_bookkeeping, require_examining
from reconciliation.bank import queries
from reconciliation.bank.accounts import keep_account
from reconciliation.bank.filters import LineFilter, StatementFilter
from reconciliation.bank.forms import AccountForm
from reconciliation.bank.models import BankAccount
from reconciliation.bank.tables import AccountTable, LineTable, LineTableOfFinance, StatementTable


class BankPage(ListPage):
    template_name = "reconciliation/bank/list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_examining(self.request.user)
        return super().dispatch(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return {"may_import": self.request.user.keeps_books, "fragment": self.fragment_name}


class LineList(BankPage):
    title = _("Bank lines")
    fragment_name = "reconciliation/bank/_lines.html"
    table_class = LineTable
    filterset_class = LineFilter

    def get(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.keeps_books:
            self.table_class = LineTableOfFinance
        return super().get(request, *args, **kwargs)

    def queryset(self) -> QuerySet[Any]:
        return queries.lines_for(self.request.user)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "sums": queries.sums_by_currency(self.filtered()[1])}


class StatementList(BankPage):
    title = _("Bank statements")
    table_class = StatementTable
    filterset_class = StatementFilter

    def queryset(self) -> QuerySet[Any]:
        return queries.statements_for(self.request.user)

    def context(self) -> dict[str, Any]:
        return {**super().context(), "gaps": queries.all_gaps(self.request.user)}


class AccountList(BankPage):
    title = _("Bank accounts")
    table_class = AccountTable

    def queryset(self) -> QuerySet[Any]:
        return queries.accounts_for_list()


@require_GET
def line(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.lines_for(request.user).select_related("statement"), pk=pk)
    context = {"line": found, "shows_account": request.user.keeps_books}
    return render(request, "reconciliation/bank/line.html", context)


@require_GET
def statement(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.statements_for(request.user), pk=pk)
    own_gaps = [
        gap for gap in queries.gaps(queries.statements_of(found.account)) if found.pk in (gap.before.pk, gap.after.pk)
    ]
    lines = f"{reverse('bank:lines')}?statement={found.pk}"
    context = {"statement": found, "gaps": own_gaps, "lines_url": lines, "may_open": request.user.keeps_books}
    return render(request, "reconciliation/bank/statement.html", context)


@require_GET
def file(request: SignedInRequest, pk: int) -> FileResponse:
    """The file as it came. It holds numbers of accounts: for finance alone."""
    require_bookkeeping(request.user)
    found = get_object_or_404(queries.statements_for(request.user), pk=pk)
    if not found.file:
        raise Http404
    return FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.file_name, content_type="application/octet-stream"
    )


def new_account(request: SignedInRequest) -> HttpResponse:
    """`?number=…&currency=…` are those of a file that brought the reader here."""
    initial = {name: request.GET[name][:40] for name in ("number", "currency", "holder") if name in request.GET}
    return _account(request, None, initial)


def account(request: SignedInRequest, pk: int) -> HttpResponse:
    require_bookkeeping(request.user)
    return _account(request, get_object_or_404(BankAccount, pk=pk), {})


def _account(request: SignedInRequest, known: BankAccount | None, initial: dict[str, str]) -> HttpResponse:
    require_bookkeeping(request.user)
    form = AccountForm(request.POST or None, instance=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        keep_account(by=request.user, account=form.instance, **form.cleaned_data)
        return redirect("bank:accounts")
    title = known.name if known else _("New bank account")
    return render(request, "reconciliation/bank/account.html", {"form": form, "title": title})
