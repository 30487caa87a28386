"""The page of the design system: tokens and every part in all its states, for those who build pages."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render

from config.admin import site
from config.design import samples
from config.pages import SignedInRequest


def design(request: SignedInRequest) -> HttpResponse:
    if not site.has_permission(request):
        raise PermissionDenied
    rows, totals = samples.lines_of_a_table()
    context = {
        "schemes": [(scheme, samples.form(scheme)) for scheme in ("light", "dark")],
        "colours": samples.COLOURS,
        "spaces": samples.SPACES,
        "amounts": [Decimal("128500.00"), Decimal("-12000.00"), Decimal(0)],
        "day": date(2026, 3, 31),
        "rows": rows,
        "totals": totals,
        "icons": samples.icons(),
        "charts": samples.charts(),
        "trend": samples.trend(),
    }
    return render(request, "design/design.html", context)
