"""The Excel report: what a reader finds in it, with and without calculation."""

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from aging import tasks, workbook
from aging.queries import Items, reports
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.sheets import Style
from customers.models import Role, User
from tests.aging.asking import question
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day

pytestmark = [pytest.mark.any_engine, pytest.mark.django_db]

FEB = "2025-02-10"


@pytest.fixture
def firm() -> User:
    li = a_user(username="li", first_name="Li")
    one = a_customer(code="001", name="=cmd|'/c calc'!A0", owner=li, region="East")
    two = a_customer(code="002", name="上海外高桥国际贸易股份有限公司", owner=a_user(username="zhao"))
    Desk(one).invoice("100.10", "2025-01-01", number="=I-1", due_date=day("2025-01-31"))
    Desk(one).shipment("30.20", "2025-02-01")
    Desk(one).payment("25.05", "2025-02-05", automatic=False)
    Desk(two).invoice("7000000", "2024-01-01", due_date=day("2024-01-31"))
    Desk(two).invoice("12.34", "2025-02-01", due_date=day("2025-03-31"))
    return li


def written(user: User | None = None, **asked: Any) -> io.BytesIO:
    file = io.BytesIO()
    workbook.write(file, question(FEB, **asked), user=user)
    file.seek(0)
    return file


def read(file: io.BytesIO, *, calculated: bool = False) -> Workbook:
    """`calculated`: the values that stand beside the formulas, else the formulas."""
    return openpyxl.load_workbook(file, data_only=calculated)


def values(sheet: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_sheets_are_those_that_were_asked_for(firm: User) -> None:
    assert read(written()).sheetnames == ["About", "By customer", "By salesperson", "Open items"]
    assert read(written(by="region")).sheetnames[3] == "By region"


def test_the_summary_lists_the_largest_first_and_adds_up(firm: User) -> None:
    sheet = read(written(), calculated=True)["By customer"]
    title, asked, headings, first, second, total = values(sheet)
    assert title[0] == "By customer (CNY)"
    assert asked[0] == "as of 2025-02-10, known on: all that is recorded"
    assert headings == [
        "customer code", "customer name", "unbilled", "not due", "1–30 days", "31–60 days", "61–90 days",
        "91–180 days", "181–365 days", "over 365 days", "unapplied", "balance", "overdue",
    ]  # fmt: skip
    assert first[:4] == ["002", "上海外高桥国际贸易股份有限公司", 0, 12.34]
    assert second == ["001", "=cmd|'/c calc'!A0", 30.2, 0, 100.1, 0, 0, 0, 0, 0, -25.05, 105.25, 100.1]
    assert total == ["Total", None, 30.2, 12.34, 100.1, 0, 0, 0, 0, 7000000, -25.05, 7000117.59, 7000100.1]


def summed(sheet: Worksheet, values_of: Worksheet, formula: str) -> Decimal:
    """What a SUM or SUBTOTAL over one range comes to, by the values that are stored."""
    function, _bracket, rest = formula.removeprefix("=").partition("(")
    assert function in ("SUM", "SUBTOTAL")
    left, top, right, bottom = range_boundaries(rest.rstrip(")").rpartition(",")[2])
    cells = values_of.iter_rows(top, bottom, left, right, values_only=True)
    return sum((Decimal(str(value)) for row in cells for value in row if value is not None), Decimal(0))


@pytest.mark.parametrize("basis", ["due", "document", "shipment"])
def test_every_formula_agrees_with_the_value_beside_it(firm: User, basis: str) -> None:
    file = written(basis=basis)
    formulas, stored = read(file), read(file, calculated=True)
    found = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found += 1
                    beside = stored[sheet.title][cell.coordinate].value
                    assert Decimal(str(beside)) == summed(sheet, stored[sheet.title], str(cell.value))
    assert found >= 2 * (2 + 10) + 1


def test_the_sheets_agree_with_the_report_and_with_each_other(firm: User) -> None:
    made = read(written(), calculated=True)
    [report] = reports(question(FEB))
    for title in ("By customer", "By salesperson"):
        total = values(made[title])[-1]
        assert [Decimal(str(value)) for value in total[2:]] == list(report.totals.all())
    assert Decimal(str(values(made["Open items"])[-1][-1])) == report.totals.balance
    assert [Decimal(str(value)) for value in values(made["About"])[-1][1:12]] == list(report.totals.all())


def test_items_are_text_numbers_and_dates_as_such(firm: User) -> None:
    sheet = read(written())["Open items"]
    row = next(row for row in sheet.iter_rows(min_row=4) if row[6].value == "=I-1")
    assert [cell.value for cell in row] == [
        "001", "=cmd|'/c calc'!A0", "East", "Li", "Li", "invoice", "=I-1", datetime(2025, 1, 1),  # noqa: DTZ001
        datetime(2025, 1, 31), 10, "1–30 days", 100.1, 100.1,  # noqa: DTZ001
    ]  # fmt: skip
    assert {cell.data_type for cell in row[:7]} == {"s"}
    assert [cell.number_format for cell in row[7:]] == [
        "yyyy-mm-dd", "yyyy-mm-dd", "#,##0", "@", Style.MONEY.value, Style.MONEY.value,
    ]  # fmt: skip


def test_lists_are_ready_to_read_to_filter_and_to_print(firm: User) -> None:
    made = read(written())
    for title, filtered in (("By customer", "A3:M5"), ("By salesperson", "A3:M5"), ("Open items", "A3:M8")):
        sheet = made[title]
        assert sheet.freeze_panes == "C4"
        assert sheet.auto_filter.ref == filtered
        assert sheet.print_title_rows == "$3:$3"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (
            sheet.column_dimensions["B"].width >= 2 * len("上海外高桥国际贸易股份有限公司") or title != "By customer"
        )


def test_the_first_sheet_says_what_was_asked_by_whom_and_when(firm: User) -> None:
    clerk = a_user(Role.FINANCE, first_name="Mei", last_name="Chen")
    asked = {
        "known_on": "2030-01-01",
        "basis": "document",
        "region": "East",
        "salesperson": firm.pk,
        "overdue_only": True,
    }
    said = {row[0]: row[1] for row in values(read(written(clerk, **asked))["About"])}
    assert said["as of"] == datetime(2025, 2, 10)  # noqa: DTZ001
    assert said["known on"] == datetime(2030, 1, 1)  # noqa: DTZ001
    assert said["days counted"] == "days since the document"
    assert (said["region"], said["salesperson"], said["only what is overdue"]) == ("East", "Li", "yes")
    assert said["made by"] == "Mei Chen"
    assert isinstance(said["made at"], datetime)


def test_the_chart_stacks_the_ages_of_the_largest_customers(firm: User) -> None:
    made = read(written())
    [chart] = made["About"]._charts  # type: ignore[attr-defined]
    assert (chart.type, chart.grouping, chart.overlap) == ("bar", "stacked", 100)
    assert len(chart.series) == 8
    oldest = chart.series[-1]
    assert oldest.tx.strRef.f == "'By customer'!$J$3"
    assert oldest.val.numRef.f == "'By customer'!$J$4:$J$5"
    assert [point.v for point in oldest.val.numRef.numCache.pt] == [7000000, 0]
    assert next(point.v for point in oldest.cat.strRef.strCache.pt).startswith("上海")


def test_two_currencies_have_sheets_of_their_own(firm: User) -> None:
    Desk(a_customer(code="U", name="Abroad", owner=firm, currency="USD")).invoice(9, "2025-01-01")
    made = read(written(), calculated=True)
    assert made.sheetnames == [
        "About", "By customer CNY", "By customer USD", "By salesperson CNY", "By salesperson USD",
        "Open items CNY", "Open items USD",
    ]  # fmt: skip
    assert values(made["Open items USD"])[-1][-1] == 9
    assert len(made["About"]._charts) == 2  # type: ignore[attr-defined]


def test_headings_are_in_the_language_of_the_reader(firm: User) -> None:
    with translation.override("zh-hans"):
        made = read(written())
    assert "客户名称" in [cell.value for cell in made.worksheets[1][3]]


def test_a_salesperson_s_workbook_holds_what_the_salesperson_sees(firm: User) -> None:
    made = read(written(firm), calculated=True)
    assert [row[0] for row in values(made["By customer"])[3:]] == ["001", "Total"]
    assert {row[0] for row in values(made["Open items"])[3:-1]} == {"001"}


def test_a_workbook_names_no_customer_out_of_sight(firm: User) -> None:
    other = a_customer(code="9", name="Another's", owner=a_user(username="zhang"))
    assert "Another's" not in str(values(read(written(firm, customer=other.pk))["About"]))
    assert "Another's" in str(values(read(written(customer=other.pk))["About"]))


def test_an_empty_report_is_a_workbook_too() -> None:
    made = read(written(), calculated=True)
    assert values(made["Open items"])[-1][-1] == 0


def test_a_job_writes_the_same_workbook_and_tells_how_far_it_is(firm: User, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(Progress, "__call__", lambda self, done, total, label: told.append((done, total)))
    job = Job.objects.create(user=firm, kind="aging_report", params=question(FEB, by="region").as_params())
    with translation.override("en"):
        outcome = tasks.write_report(job, Progress(job.pk))
    assert outcome.file is not None
    made = read(io.BytesIO(outcome.file.read_bytes()), calculated=True)
    outcome.file.unlink()
    assert outcome.file_name == "Aging report 2025-02-10.xlsx"
    assert outcome.result == {"rows": 3}
    assert values(made["Open items"])[-1][-1] == 105.25
    assert told == [(0, 3), (3, 3)]


def test_a_question_survives_its_way_to_the_worker() -> None:
    for asked in (question(FEB), question(FEB, known_on="2025-03-01", basis="shipment", by="parent", meaning="sale",
            unbilled="aged", customer=3, salesperson=4, region="", key_account=False, currency="USD",
            overdue_only=True)):  # fmt: skip
        assert type(asked).from_params(asked.as_params()) == asked


def test_the_detail_is_read_piece_by_piece(firm: User, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(Items(question(FEB)).iterator(chunk_size=2))
    assert len(found) == Items(question(FEB)).count() == 5
