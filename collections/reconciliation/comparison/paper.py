"""A comparison as a paper: the bridge, the differences one by one, and what was accepted by whom."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from config.dates import shown_day
from config.papers import paper
from config.words import listed, said_of
from ledger.money import formatted
from reconciliation.comparison.bridge import Bridge
from reconciliation.comparison.lines import Class
from reconciliation.comparison.models import ComparedItem, CustomerList, Decision
from reconciliation.comparison.queries.comparisons import accepted_now, bridge_of, decisions_of, items_of
from reconciliation.comparison.tables import MOST_PARTS, ours_of, their_name, theirs_of
from reconciliation.comparison.wording import class_in_words, reason_in_words, step_in_words
from reconciliation.statements.queries.firm import Letterhead, letterhead

TEMPLATE = "reconciliation/comparison/comparison.typ"
DATE, TEXT, AMOUNT = "date", "text", "amount"
PLAIN, STRONG = "", "strong"
# A paper of thousands of differences is read by nobody: the workbook has them all.
MOST_LINES = 500
Row = tuple[str, list[str]]


def comparison_pdf(row: CustomerList) -> bytes:
    items = items_of(row).exclude(cls=Class.AGREED)
    return paper(TEMPLATE, data(row, bridge_of(row), items, decisions_of(row), letterhead()))


def data(
    row: CustomerList,
    walked: Bridge,
    items: Iterable[ComparedItem],
    decisions: Sequence[Decision],
    firm: Letterhead,
) -> dict[str, Any]:
    """All that the template prints, as texts."""
    language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
    profile = firm.profile
    lines = [profile.address_in(language), " · ".join(filter(None, (profile.phone, profile.email, profile.tax_id)))]
    shown = list(items)
    return {
        "language": language[:2],
        "title": _("Comparison of accounts"),
        "customer": row.customer.name,
        "page": _("Page {n} of {all}"),
        "firm": {
            "name": profile.name_in(language) or _("the seller"),
            "lines": [line for line in lines if line],
            "logo": list(firm.logo) or None,
        },
        "facts": [
            (_("Customer"), row.customer.name),
            (_("Customer code"), row.customer.code),
            (_("Period"), _("%(first)s to %(last)s") % _days(row)),
            (_("Currency"), row.customer.currency),
            (_("Their list"), row.file_name),
            (_("Compared on"), shown_day(timezone.localdate(row.result.compared_at))),
        ],
        "bridge_title": _("From their balance to ours"),
        "bridge": {
            "columns": [
                (_("Step"), TEXT),
                (_("What it is"), TEXT),
                (_("Lines"), AMOUNT),
                (_("Amount"), AMOUNT),
                (_("Balance"), AMOUNT),
            ],
            "rows": _bridge(row, walked),
        },
        "lines_title": _("The differences"),
        "lines": {
            "columns": [
                (_("Class"), TEXT),
                (_("Ours"), TEXT),
                (_("Theirs"), TEXT),
                (_("Date"), DATE),
                (_("Our amount"), AMOUNT),
                (_("Their amount"), AMOUNT),
                (_("Difference"), AMOUNT),
            ],
            "rows": [_line(item) for item in shown[:MOST_LINES]],
        },
        "agreed": _agreed(row, len(shown) - MOST_LINES),
        "accepted": _accepted(accepted_now(decisions)),
        "made_by": _("Made on %(day)s") % {"day": shown_day(timezone.localdate())},
    }


def _days(row: CustomerList) -> dict[str, str]:
    return {"first": shown_day(row.first_day), "last": shown_day(row.as_of)}


def _bridge(row: CustomerList, walked: Bridge) -> list[Row]:
    on = shown_day(row.as_of)
    steps = [
        (
            PLAIN,
            [
                capfirst(class_in_words(step.cls)),
                step_in_words(step.cls, step.amount),
                str(step.count or ""),
                _signed(step.amount),
                formatted(step.reached),
            ],
        )
        for step in walked.steps
    ]
    theirs = _("Their balance on %(day)s") % {"day": on}
    ours = _("Our balance on %(day)s") % {"day": on}
    return [
        (STRONG, [theirs, "", "", "", formatted(walked.theirs)]),
        *steps,
        (STRONG, [ours, "", "", _signed(walked.difference), formatted(walked.ours)]),
    ]


def _line(item: ComparedItem) -> Row:
    ours, theirs = ours_of(item), theirs_of(item)
    said = said_of(capfirst(class_in_words(item.cls)), reason_in_words(item.reason, item.facts))
    return (
        PLAIN,
        [
            said,
            _some([capfirst(str(part.entry)) for part in ours]),
            _some([their_name(part) for part in theirs]),
            shown_day(item.date),
            formatted(item.ours_amount) if ours else "",
            formatted(item.theirs_amount) if theirs else "",
            formatted(item.difference),
        ],
    )


def _some(names: Sequence[str]) -> str:
    shown = listed(names[:MOST_PARTS])
    left = len(names) - MOST_PARTS
    return shown if left <= 0 else _("%(names)s and %(n)d more") % {"names": shown, "n": left}


def _signed(amount: Decimal) -> str:
    return f"{'+' if amount > 0 else ''}{formatted(amount)}"


def _agreed(row: CustomerList, left: int) -> str:
    count = row.result.agreed_count
    said = ngettext("%(n)d pair agrees.", "%(n)d pairs agree.", count) % {"n": count}
    if left > 0:
        said = f"{said} {_('Further differences: %(n)d; the workbook has them all.') % {'n': left}}"
    return said


def _accepted(decision: Decision | None) -> str:
    if decision is None:
        return _("This comparison is not accepted yet.")
    return _("Accepted on %(day)s by %(by)s: ours %(ours)s, theirs %(theirs)s.") % {
        "day": shown_day(timezone.localdate(decision.at)),
        "by": decision.by,
        "ours": formatted(decision.ours_balance or Decimal(0)),
        "theirs": formatted(decision.theirs_balance or Decimal(0)),
    }
