"""The style that all pictures share."""

from typing import Any

STYLE: Any = {
    "font.size": 9.0,
    "axes.grid": True,
    "grid.color": "0.9",
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "savefig.dpi": 160,
    "agg.path.chunksize": 20_000,
}
# Two shades of cividis that differ in lightness, so they stay apart in grey and for every colour vision.
DARK, LIGHT = "#123570", "#b8a24f"
WARM = "#c0571f"  # a third where two do not do, apart from both in grey as well
# Lines that stay apart without colours.
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 2)))
