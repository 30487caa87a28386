"""A chart over the rows of a sheet, with the values in it for readers that do not calculate."""

from collections.abc import Sequence
from decimal import Decimal

from openpyxl.chart import BarChart
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.utils import get_column_letter, quote_sheetname

from config.sheets import Style, safe_text

# From what waits to be billed over what is not due to what is oldest: those of the pages (static/css/tokens.css).
COLOURS = ("A9AEB4", "3A8CC4", "FBC96B", "E8922A", "C9602D", "A62020", "731262", "3E0131")


def stacked_bars(
    sheet: str, *, first_row: int, names: Sequence[str], series: Sequence[tuple[str, Sequence[Decimal]]]
) -> BarChart:
    """A bar for each name, stacked of the series. In the sheet the names stand in column B from `first_row` on, the
    series in the columns from C on, their headings above them.
    """
    last_row = first_row + len(names) - 1
    place = quote_sheetname(sheet)
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 40
    labels = StrData(ptCount=len(names), pt=[StrVal(idx=n, v=safe_text(name)) for n, name in enumerate(names)])
    for number, (title, amounts) in enumerate(series):
        column = get_column_letter(3 + number)
        values = [NumVal(idx=n, v=str(amount)) for n, amount in enumerate(amounts)]
        one = Series(
            idx=number,
            order=number,
            tx=SeriesLabel(
                strRef=StrRef(
                    f=f"{place}!${column}${first_row - 1}", strCache=StrData(ptCount=1, pt=[StrVal(idx=0, v=title)])
                )
            ),
            cat=AxDataSource(strRef=StrRef(f=f"{place}!$B${first_row}:$B${last_row}", strCache=labels)),
            val=NumDataSource(
                numRef=NumRef(
                    f=f"{place}!${column}${first_row}:${column}${last_row}",
                    numCache=NumData(formatCode=Style.MONEY.value, ptCount=len(values), pt=values),
                )
            ),
        )
        one.graphicalProperties.solidFill = COLOURS[min(number, len(COLOURS) - 1)]
        chart.series.append(one)
    # The largest on top, the amounts below; Excel hides axes that do not say they are shown.
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = "#,##0"
    chart.y_axis.crosses = "max"
    chart.legend.position = "b"
    chart.width, chart.height = 36, 4 + len(names) * 0.6
    return chart
