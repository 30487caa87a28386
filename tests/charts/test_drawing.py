"""What the page receives: one figure with its links, its numbers by language, and the table behind it."""

import re
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from config.charts import Chart, RankingRow, Series, amounts, lines, ranking, sparkline, stacked_bars


def drawn(chart: Chart, language: str = "en") -> str:
    with translation.override(language):
        return Template("{% load charts %}{% chart chart %}").render(Context({"chart": chart}))


def a_chart(links: tuple[str, ...] = ()) -> Chart:
    return stacked_bars(
        title="Aging <b>",
        unit="CNY",
        labels=["May", "June"],
        series=[
            Series("not due", (Decimal("125000.50"), Decimal(0)), "age-1"),
            Series("unapplied", (Decimal(-25000), None), "quiet"),
        ],
        links=links,
    )


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ("0", "0", "0"),
        ("0.25", "0.25", "0.25"),
        ("9999", "9999", "10K"),
        ("12500", "1.25万", "12.5K"),
        ("125000", "12.5万", "125K"),
        ("-45000", "-4.5万", "-45K"),
        ("1200000", "120万", "1.2M"),
        ("120000000", "1.2亿", "120M"),
        ("2500000000", "25亿", "2.5B"),
    ],
)
def test_amounts_beside_an_axis_are_short_in_each_language(value: str, chinese: str, english: str) -> None:
    assert amounts.compact(Decimal(value), "zh-hans") == chinese
    assert amounts.compact(Decimal(value), "en") == english


def test_every_bar_says_its_amounts_and_leads_where_it_is_told() -> None:
    page = drawn(a_chart(("/aging/?as_of=1", "/aging/?as_of=2")))
    assert 'href="/aging/?as_of=1" aria-label="May: 100,000.50"' in page
    assert "not due: 125,000.50" in page
    assert page.count("<a ") == 4  # a bar and a row of the table for each month
    assert "<a " not in drawn(a_chart())


def test_the_table_behind_a_chart_has_all_that_it_shows() -> None:
    page = drawn(a_chart())
    table = page[page.index("<details") :]
    assert "<caption" in table
    assert re.findall(r'<th scope="(?:row|col)"[^>]*>([^<]+)', table) == [
        "not due",
        "unapplied",
        "Total",
        "May",
        "June",
    ]
    cells = [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td class[^>]*>(.*?)</td>", table)]
    assert cells == ["125,000.50", "-25,000.00", "100,000.50", "0.00", "–", "0.00"]
    assert '<span class="money neg">-25,000.00</span>' in table


def test_nothing_in_a_chart_is_styled_in_place_or_trusted() -> None:
    for chart in (
        a_chart(("/", "/")),
        lines(title="<i>", unit="%", labels=["a"], series=[Series("s", (Decimal(1),), "bad")], links=["/"]),
        ranking(title="<i>", unit="CNY", rows=[RankingRow("<i>", Decimal(1), "/", "<i>")]),
        sparkline(title="<i>", values=[Decimal(1), Decimal(2)], labels=["<i>", "b"]),
    ):
        page = drawn(chart)
        assert "style=" not in page
        assert "<b>" not in page
        assert "<i>" not in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_coordinates_are_numbers_in_every_language(language: str) -> None:
    for name, number in re.findall(r' (x|y|width|height|cx|cy|x1|y1|x2|y2)="([^"]+)"', drawn(a_chart(), language)):
        assert re.fullmatch(r"-?\d+(\.\d+)?%?", number), f"{name}={number}"


def test_the_axis_speaks_the_language_of_the_page() -> None:
    assert ">12.5万<" not in drawn(a_chart())
    assert ">10万<" in drawn(a_chart(), "zh-hans")
    assert ">100K<" in drawn(a_chart())


def test_a_chart_of_nothing_says_so_and_keeps_its_title() -> None:
    page = drawn(lines(title="DSO", unit="days", labels=[], series=[]))
    assert "DSO" in page
    assert "Nothing to draw yet." in page
    assert "<svg" not in page


def test_a_ranking_is_a_table_with_a_bar_in_each_row() -> None:
    page = drawn(
        ranking(title="Largest", unit="CNY", rows=[RankingRow("Blue Mill", Decimal(-5), "/c/1/", "3 items")])
    )
    assert '<th scope="row"><a href="/c/1/">Blue Mill</a>' in page
    assert "3 items" in page
    assert '<span class="money neg">-5.00</span>' in page


def test_a_sparkline_is_heard_with_all_its_values() -> None:
    page = drawn(sparkline(title="Owed", values=[Decimal(1), Decimal("2.5")], labels=["May", "June"], unit="CNY"))
    assert 'aria-label="Owed: May 1.00; June 2.50"' in page


@pytest.mark.parametrize(("values", "said"), [((45, 52), "The axis begins at 44%"), ((5, 52), None)])
def test_an_axis_that_does_not_begin_at_zero_says_so(values: tuple[int, ...], said: str | None) -> None:
    shares = [Decimal(value) for value in values]
    page = drawn(lines(title="CEI", unit="%", labels=["May", "June"], series=[Series("CEI", shares, "good")]))
    found = re.search(r'chart-note">([^<]+)', page)
    assert (found and found[1]) == said
