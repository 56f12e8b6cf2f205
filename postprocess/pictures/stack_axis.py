"""One axis of depth through regions of very different thickness: each has a width of its own on it, and ticks in its
own unit.

100 um of electrolyte between films of 80 nm leave no common scale on which anything can be seen.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.quantities.prefixes import scale

from .depth_levels import Levels
from .double_layers import joined

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EXPONENT = 0.15  # of the thickness in a region's width: 1000 times as thick is drawn 2.8 times as wide
LETTERS = 36  # of ticks along the whole axis
ROUNDED = 1.0 - 1e-9  # a thickness that is a round number but for the last digits of its ends is one
GAP = 0.06  # between regions that do not touch, of the whole


class StackAxis:
    """The axis, from 0 to 1; region by region `start` and `width` on it."""

    def __init__(self, levels: Mapping[str, Levels]) -> None:
        self.levels = levels
        names = list(levels)
        weight = np.array([(own.end - own.start) ** EXPONENT for own in levels.values()])
        gaps = [0.0 if joined(levels[a], levels[b]) else GAP for a, b in pairwise(names)]
        widths = weight / weight.sum() * (1.0 - sum(gaps))
        starts = np.cumsum([0.0, *(widths[:-1] + gaps)])
        self.start = dict(zip(names, starts.tolist(), strict=True))
        self.width = dict(zip(names, widths.tolist(), strict=True))

    def place(self, region: str, y: np.ndarray) -> np.ndarray:
        """Return where depths of a region, m, lie on the axis."""
        own = self.levels[region]
        return np.asarray(self.start[region] + self.width[region] * (y - own.start) / (own.end - own.start))

    def label(self, axes: "Axes", named: bool, numbered: bool) -> None:
        """Draw the ends of the regions; their names above, and depths in them below where wanted."""
        from matplotlib.ticker import FixedLocator

        places, texts = [], []
        for region, own in self.levels.items():
            start, width = self.start[region], self.width[region]
            numbers, words = ticks(own.end - own.start, width)
            places += [float(start + width * share) for share in numbers]
            texts += words
            for end in (start, start + width):
                axes.axvline(end, color="0.35", linewidth=0.8)
            if named:
                middle = start + 0.5 * width
                axes.text(middle, 1.02, region, transform=axes.get_xaxis_transform(), ha="center", va="bottom")
        axes.set_xlim(0.0, 1.0)
        axes.xaxis.set_major_locator(FixedLocator(places))
        axes.set_xticklabels(texts)
        axes.tick_params(labelbottom=numbered)


def ticks(thickness: float, width: float) -> tuple[np.ndarray, list[str]]:
    """Return shares of a thickness (m) at round numbers, as many as a width on the axis has room for, and the numbers,
    the unit behind the last."""
    from matplotlib.ticker import MaxNLocator

    factor, unit = scale([thickness], "m")
    for count in (4, 3, 2, 1):
        found = np.asarray(MaxNLocator(count, steps=[1, 2, 2.5, 5, 10]).tick_values(0.0, thickness * factor * ROUNDED))
        shares = found / (thickness * factor)
        inside = (shares > 0.1) & (shares < 0.95)
        words = [f"{value:g}" for value in found[inside]]
        if words:
            words[-1] += f" {unit}"
        if sum(len(word) + 2 for word in words) < LETTERS * width:
            break
    return shares[inside], words
