"""The grid in which many payments or shipments are typed or pasted, and recorded at once."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import trigger_client_event

from config.pages import SignedInRequest
from ledger.errors import KeyReused, LedgerError
from ledger.forms.base import LONGEST_REASON
from ledger.grid.layout import MOST_ROWS, PAYMENT_GRID, Layout
from ledger.grid.pasting import Cells, as_text, merged, pasted
from ledger.grid.posting import ACT, LATE, GridRefused, check_documents, post_grid, posted_before
from ledger.grid.reading import GridRow, read_rows, totals, unread
from ledger.models import Entry
from ledger.posting import Sent
from ledger.views.permission import require_posting

# So many rows wait to be filled, and one always below the last.
ROWS_AT_FIRST = 6


@dataclass(slots=True)
class _Answer:
    rows: list[GridRow] = field(default_factory=list)
    key: str = ""
    is_judged: bool = False
    messages: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    recorded: list[Entry] = field(default_factory=list)
    # Of finance, for days in a closed month; asked for once such a day was refused.
    late_reason: str = ""
    asks_why_late: bool = False


class GridPage(View):
    """POST with `_paste` lays the clipboard over the grid and checks it, `_check` checks it, `_redraw` draws it as
    typed; else it is recorded: all rows, or none and everything that is wrong with them.
    """

    request: SignedInRequest
    layout: Layout = PAYMENT_GRID
    tab = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        require_posting(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(_Answer(key=str(uuid4())))

    def post(self, request: SignedInRequest) -> HttpResponse:
        data = request.POST
        given = pasted(self.layout, data.get("rows", ""))
        answer = _Answer(key=data.get("key", ""), unknown=given.unknown)
        answer.late_reason, answer.asks_why_late = data.get(LATE, "")[:LONGEST_REASON], LATE in data
        rows, too_many = given.rows, given.too_many
        if "_paste" in data:
            new = pasted(self.layout, data["_paste"], at_column=_number(data.get("_column")))
            at_row = min(_number(data.get("_row")), MOST_ROWS - 1)
            too_many += new.too_many + max(0, at_row + len(new.rows) - MOST_ROWS)
            rows = merged(self.layout, rows, new.rows, at_row=at_row)
            answer.unknown += new.unknown
        if too_many:
            said = _("A grid takes %(most)d rows; %(left)d were left out. Record these first, or import a workbook.")
            answer.messages.append(said % {"most": MOST_ROWS, "left": too_many})
        if "_redraw" in data:
            answer.rows = unread(self.layout, rows)
            return self._page(answer)
        answer.rows, answer.is_judged = read_rows(self.layout, rows, request.user), True
        check_documents(self.layout, answer.rows)
        if "_paste" not in data and "_check" not in data and not too_many:
            self._record(answer, rows)
        return self._page(answer)

    def _record(self, answer: _Answer, rows: list[Cells]) -> None:
        sent = self._sent(answer, rows)
        if sent is None or all(row.is_empty for row in answer.rows):
            answer.messages.append(_("There is nothing to record yet."))
            return
        try:
            recorded = posted_before(sent)
            if recorded is None and all(row.is_sound for row in answer.rows):
                recorded = post_grid(by=self.request.user, sent=sent, layout=self.layout, rows=answer.rows)
        except KeyReused:
            answer.key = str(uuid4())
            said = _("This grid was recorded already, before it was changed. Send it again to record it once more.")
            answer.messages.append(said)
        except GridRefused as refusal:
            answer.messages.append(refusal.message)
            answer.asks_why_late |= refusal.field == LATE and self.request.user.keeps_books
        except LedgerError as refusal:
            answer.messages.append(refusal.message)
        else:
            if recorded is None:
                answer.messages.append(_("Nothing was recorded; please mend the marked cells."))
                return
            answer.recorded, answer.rows, answer.is_judged, answer.key = recorded, [], False, str(uuid4())
            answer.late_reason, answer.asks_why_late = "", False

    def _sent(self, answer: _Answer, rows: list[Cells]) -> Sent | None:
        try:
            said = [row for row in rows if any(row)]
            late = answer.late_reason
            return Sent.form(UUID(answer.key), ACT, self.tab, self.request.user.pk, said, late_reason=late)
        except ValueError:
            return None

    def _page(self, answer: _Answer) -> HttpResponse:
        shown = list(answer.rows)
        blank = unread(self.layout, [[]] * max(1, ROWS_AT_FIRST - len(shown)))
        for number, row in enumerate(blank, start=len(shown) + 1):
            row.number = number
        if len(shown) < MOST_ROWS:
            shown += blank
        wrong = [(row, cell) for row in answer.rows for cell in row.cells if cell.message]
        context = {
            "answer": answer,
            "rows": shown,
            "text": as_text([[cell.text for cell in row.cells] for row in answer.rows]),
            "columns": [(column, self.layout.labels[column.key]) for column in self.layout.columns],
            "labels": self.layout.labels,
            "required": self.layout.required,
            "wrong": [(row, cell, self.layout.labels[cell.key]) for row, cell in wrong],
            "filled": sum(not row.is_empty for row in answer.rows),
            "sums": totals(answer.rows),
            "tab": self.tab,
        }
        response = render(self.request, "ledger/_grid.html" if self.request.htmx else "ledger/grid.html", context)
        if answer.recorded:
            trigger_client_event(response, "recorded", {"key": self.request.POST.get("key", "")})
        return response


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0
