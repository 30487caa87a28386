"""What a month is closed with: aging, both books, what is unconfirmed and what moved, as one JSON text.

It is composed of questions as of the month's last day, as known at the moment of closing: asked again later, they
give the same text (tests/reconciliation/closing), so long as nobody renames a customer or changes the limits of the
ages. What is shown is the stored text. Money is text with two places, in the currency of its part.
"""

import hashlib
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from aging import report as ages
from aging.queries import reports
from aging.question import Question as AgingQuestion
from ledger.models import Entry, PeriodClose
from ledger.money import ZERO
from reconciliation.books.queries.entries import entries
from reconciliation.books.queries.sums import Row, rows, totals
from reconciliation.books.question import Question

# Of the text's form: a reader of old reports asks for it.
FORM = 2


def compose(*, month: date, as_of: date, known: datetime) -> str:
    """The report of the month as of its last day, from what was recorded before the moment `known`."""
    aging = {report.currency: report for report in reports(AgingQuestion(as_of=as_of, known_on=known))}
    asked = Question(as_of=as_of, known_on=known, with_agreeing=True)
    books: dict[str, list[Row]] = {}
    for row in rows(asked):
        books.setdefault(row.currency, []).append(row)
    moved = _moved(month, as_of, known)
    late = _late(month, known)
    unconfirmed: dict[str, list[dict[str, Any]]] = {}
    for entry in entries(asked, None):
        unconfirmed.setdefault(entry.currency, []).append(_unconfirmed(entry, as_of))
    currencies = sorted({*books, *moved, *(code for code, report in aging.items() if len(report))})
    return _text(
        {
            "form": FORM,
            "month": f"{month:%Y-%m}",
            "as_of": as_of.isoformat(),
            "known_before": timezone.localtime(known).isoformat(),
            "currencies": [
                {
                    "currency": code,
                    "moved": moved.get(code, {}),
                    "late": late.get(code, []),
                    "aging": _aging(aging[code]) if code in aging else None,
                    "books": _books(books.get(code, [])),
                    "unconfirmed": unconfirmed.get(code, []),
                }
                for code in currencies
            ],
        }
    )


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _moved(month: date, as_of: date, known: datetime) -> dict[str, dict[str, str]]:
    """By currency: the balance before the month, what each kind of entry added to it, the balance after it."""
    known_then = Entry.objects.filter(recorded_at__lt=known, date__lte=as_of).order_by()
    before = dict(
        known_then.filter(date__lt=month)
        .values("currency")
        .annotate(sum=Sum("amount"))
        .values_list("currency", "sum")
    )
    found: dict[str, dict[str, Decimal]] = {code: {"opening": amount} for code, amount in before.items()}
    by_kind = known_then.filter(date__gte=month).values("currency", "kind").annotate(sum=Sum("amount"))
    for row in by_kind.values_list("currency", "kind", "sum"):
        code, kind, amount = row
        found.setdefault(code, {"opening": ZERO})[f"kind_{kind}"] = amount
    return {
        code: {**{name: str(amount) for name, amount in sums.items()}, "closing": str(sum(sums.values(), ZERO))}
        for code, sums in found.items()
    }


def _late(month: date, known: datetime) -> dict[str, list[dict[str, Any]]]:
    """By currency what came into the months before since the last of them was closed: the balance before the month is
    that of its report, and these.
    """
    closes = PeriodClose.objects.filter(is_closed=True, closed_until=month - timedelta(days=1), recorded_at__lt=known)
    close = closes.order_by("-pk").first()
    if close is None:
        return {}
    rows = Entry.objects.filter(date__lt=month, recorded_at__gte=close.recorded_at, recorded_at__lt=known)
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in rows.select_related("customer", "salesperson", "posting__late").order_by("date", "pk"):
        reason = getattr(entry.posting, "late", None)
        row = {**_unconfirmed(entry, month), "reason": reason.reason if reason else ""}
        found.setdefault(entry.currency, []).append(row)
    return found


def _aging(report: ages.Report) -> dict[str, Any]:
    return {
        "buckets": [bucket.key for bucket in report.buckets],
        "rows": [{"code": row.key, "name": row.name, **_amounts(row.amounts)} for row in report],
        "totals": _amounts(report.totals),
    }


def _amounts(amounts: ages.Amounts) -> dict[str, Any]:
    return {
        "unbilled": str(amounts.unbilled),
        "ages": [str(amount) for amount in amounts.buckets],
        "unapplied": str(amounts.unapplied),
        "balance": str(amounts.balance),
        "overdue": str(amounts.overdue),
    }


def _books(found: list[Row]) -> dict[str, Any]:
    whole = totals(found)
    return {
        "rows": [
            {
                "code": row.key,
                "name": row.name,
                "sales": str(row.sales),
                "finance": str(row.finance),
                "difference": str(row.difference),
                "count": row.count,
                "oldest": row.oldest and row.oldest.isoformat(),
            }
            for row in found
        ],
        "totals": {
            "sales": str(whole.sales),
            "finance": str(whole.finance),
            "difference": str(whole.difference),
            "count": whole.count,
        },
    }


def _unconfirmed(entry: Entry, as_of: date) -> dict[str, Any]:
    return {
        "date": entry.date.isoformat(),
        "kind": entry.kind,
        "number": entry.number,
        "code": entry.customer.code,
        "name": entry.customer.name,
        "salesperson": str(entry.salesperson or ""),
        "amount": str(entry.amount),
        "days": (as_of - entry.date).days,
    }
