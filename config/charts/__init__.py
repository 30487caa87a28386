"""Charts made by the server: pure geometry here, drawn as SVG by `{% load charts %}{% chart … %}`.

Across they are measured in hundredths of their width, downwards in pixels: a chart fits any screen and its letters
keep their size. Each knows the exact values that it shows, so that the page can put the table behind it.
"""

from config.charts.bars import StackedBars, stacked_bars
from config.charts.curves import Lines, lines
from config.charts.ranking import Ranking, RankingRow, ranking
from config.charts.series import Series
from config.charts.spark import Sparkline, sparkline

Chart = StackedBars | Lines | Ranking | Sparkline

__all__ = [
    "Chart",
    "Lines",
    "Ranking",
    "RankingRow",
    "Series",
    "Sparkline",
    "StackedBars",
    "lines",
    "ranking",
    "sparkline",
    "stacked_bars",
]
