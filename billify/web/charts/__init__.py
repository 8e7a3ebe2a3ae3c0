"""Charts worked out on the server: from days and amounts to the coordinates of an SVG.

Nothing here draws: `templates/ui/_chart.html` puts the numbers into elements and gives the twin
table. Each chart is laid out twice, wide and narrow, since text in an SVG shrinks with it; CSS
shows the one that fits its place. Amounts become floats only for where a line stands on screen.
"""

from billify.web.charts.bars import BarPlot, Weekly, weekly
from billify.web.charts.line import LinePlot, Projection, projection
from billify.web.charts.shapes import Point, Week, nice_ticks

__all__ = [
    "BarPlot",
    "LinePlot",
    "Point",
    "Projection",
    "Week",
    "Weekly",
    "nice_ticks",
    "projection",
    "weekly",
]
