"""Expected cash: twelve weeks ahead, twelve weeks behind, and the debts of each week."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from config.dates import shown_day
from config.pages import ListPage, SignedInRequest
from config.sheets import Cell
from customers import queries as accounts
from trends import rules
from trends.cash_drawing import week_label, weeks_ahead, weeks_behind
from trends.cash_wording import turned_out
from trends.drawing import aging_of
from trends.files import as_file
from trends.forms import CashForm
from trends.keeping import catch_up
from trends.queries.cash import ExpectedCash, back_test, expected_cash, habits_until
from trends.queries.expected import LATER, NOT_EXPECTED, UNBILLED
from trends.queries.expected_items import ExpectedItems
from trends.tables import ExpectedTable
from trends.views.parts import address, answer, chosen, tabs

# What stands aside of the weeks, as an address names it.
ASIDE = {"later": LATER, "not-expected": NOT_EXPECTED, "unbilled": UNBILLED}


class CashPage(View):
    title = gettext_lazy("Expected cash")

    def get(self, request: SignedInRequest) -> HttpResponseBase:
        today = timezone.localdate()
        form = CashForm(request.GET, user=request.user)
        found, tests = {}, {}
        if form.is_valid():
            catch_up(today=today)
            found = expected_cash(request.user, form.asked, today=today)
            tests = back_test(request.user, form.asked, today=today)
        currencies = sorted(found.keys() | tests.keys())
        currency = chosen(currencies, form.cleaned_data.get("currency", ""))
        cash, test = found.get(currency), tests.get(currency)
        if (kind := request.GET.get("_export", "")) in ("xlsx", "csv") and cash:
            return _file(kind, cash, today)
        context: dict[str, Any] = {
            "title": self.title,
            "form": form,
            "today": today,
            "currency": currency,
            "currencies": tabs(request, currencies, currency),
            "cash": cash,
            "test": test,
            "rules": rules,
            "until": habits_until(),
            "xlsx": address(request, _export="xlsx"),
            "csv": address(request, _export="csv"),
        }
        if cash:
            links = [_items_of(request, week.week.first.isoformat(), currency) for week in cash.weeks]
            context |= {
                "chart": weeks_ahead(cash, links),
                "weeks": [(week_label(week.week), link, week) for week, link in zip(cash.weeks, links, strict=True)],
                "aging": aging_of(today, form.asked, currency),
                "aside": {name.replace("-", "_"): _items_of(request, name, currency) for name in ASIDE},
            }
        if test:
            context |= {
                "past_chart": weeks_behind(test, currency),
                "told": turned_out(test, currency),
                "past": [(week_label(week.week), week) for week in test.weeks],
            }
        return answer(request, "trends/cash.html", "trends/_cash.html", context)


def _items_of(request: SignedInRequest, place: str, currency: str) -> str:
    """The debts of a week, or of what stands aside, for the same customers."""
    asked = address(request, currency=currency, week=place).partition("?")[2]
    return f"{reverse('trends:expected')}?{asked}"


def _file(kind: str, cash: ExpectedCash, today: date) -> HttpResponseBase:
    headings = [
        _("week"),
        _("first day"),
        _("last day"),
        _("due as agreed"),
        _("expected: not due yet"),
        _("expected: overdue today"),
        _("expected amount"),
    ]
    rows: list[list[Cell]] = [
        [week_label(week.week), week.week.first, week.week.last, week.agreed, week.not_due, week.overdue, week.total]
        for week in cash.weeks
    ]
    aside = (
        (_("after 12 weeks"), cash.later),
        (_("not expected"), cash.not_expected),
        (_("unbilled"), cash.unbilled),
        (_("credits beyond what is owed"), cash.credits_left),
        (_("balance"), cash.balance),
    )
    rows += [[label, None, None, None, None, None, amount] for label, amount in aside]
    title = f"{_('Expected cash')} {cash.currency}"
    return as_file(kind, headings, rows, title=title, name=f"expected-cash-{cash.currency}-{today.isoformat()}")


class ExpectedList(ListPage):
    """The debts that are expected in a week, or stand aside."""

    request: SignedInRequest
    table_class = ExpectedTable
    template_name = "trends/expected.html"
    items: ExpectedItems

    def queryset(self) -> Any:
        data, today = self.request.GET, timezone.localdate()
        form = CashForm(data, user=self.request.user)
        place = data.get("week") or today.isoformat()
        if not form.is_valid():
            raise Http404
        slot, name = _slot(place, today)
        self.title = _("Expected cash: %(what)s") % {"what": name}
        currency = form.cleaned_data["currency"] or chosen(accounts.currencies(self.request.user), "")
        self.items = ExpectedItems(self.request.user, form.asked, today, currency, slot)
        return self.items

    def totals(self, rows: Any) -> Mapping[str, object]:
        return {"remains": self.items.sum}

    def context(self) -> dict[str, Any]:
        return {"back": f"{reverse('trends:cash')}?{_without_week(self.request)}", "currency": self.items.currency}


def _without_week(request: SignedInRequest) -> str:
    return address(request, week="", sort="", page="").partition("?")[2]


def _slot(place: str, today: date) -> tuple[int, str]:
    """Which debts an address means, by one of ASIDE or a day of a week; raises Http404 where it means none."""
    names = {"later": _("later"), "not-expected": _("not expected"), "unbilled": _("unbilled")}
    if place in ASIDE:
        return ASIDE[place], names[place]
    try:
        first = rules.monday(date.fromisoformat(place))
    except ValueError:
        raise Http404 from None
    slot = (first - rules.monday(today)).days // 7
    if not 0 <= slot < rules.WEEKS:
        raise Http404
    week = rules.weeks_from(today)[slot]
    return slot, f"{week_label(week)} ({shown_day(week.first)} – {shown_day(week.last)})"
