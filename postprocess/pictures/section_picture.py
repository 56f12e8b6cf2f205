"""One picture of a section: its cells as coloured polygons, region by region, gate on top.

Drawn with matplotlib. Where a machine has neither EGL nor OSMesa, as a bare Debian has not, VTK 9.7 ends the process
with a segmentation fault as soon as a window is asked for, off-screen or not.
"""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.postprocess.fields.blocks import Block, outline, polygons_of
from eisfv.postprocess.quantities.prefixes import scale

from .contact_marks import Contact, mark
from .section_bands import WIDTH, Band
from .section_quantities import Scale, SectionQuantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import FixedLocator

LEFT, RIGHT, TOP, BOTTOM, GAP = 0.85, 2.0, 1.05, 0.55, 0.16  # inches around and between the bands
BAR_OFF, BAR_WIDTH, BAR_GAP = 0.75, 0.16, 0.65  # inches; a bar's own label stands above it
BAR_LEAST = 0.6  # inches
NAME_LEAST = 0.16  # inches of height a region needs to have its name in it
LONGEST = 90  # letters of a heading
ABSENT = "0.9"  # grey of a region that does not hold the quantity


class SectionPicture:
    """A figure of one quantity in some bands, whose values can be exchanged.

    blocks  by region
    panels  the bands with their axes
    """

    def __init__(
        self,
        figure: "Figure",
        blocks: Mapping[str, Block],
        bands: list[Band],
        quantity: SectionQuantity,
        scales: list[Scale],
        contacts: Sequence[Contact] = (),
    ) -> None:
        self.figure, self.blocks, self.quantity, self.contacts = figure, blocks, quantity, contacts
        self.scales = {region: scale_ for scale_ in scales for region in scale_.regions}
        seen = {region for region, block in blocks.items() for band in bands if band.sees(polygons_of(block)).any()}
        scales = [scale_ for scale_ in scales if seen.intersection(scale_.regions)]
        self.painted: list[tuple[str, np.ndarray, Any]] = []
        self.panels: list[tuple[Band, Axes]] = []
        drawn = sum(band.height for band in bands) + GAP * (len(bands) - 1)
        tall = max(drawn, len(scales) * (BAR_LEAST + BAR_GAP) - BAR_GAP)
        self.width, self.height = LEFT + WIDTH + RIGHT, TOP + tall + BOTTOM
        figure.set_size_inches(self.width, self.height)
        top = TOP
        for band in bands:
            axes = self._axes(LEFT, top, band.width, band.height)
            self._draw_band(axes, band, last=band is bands[-1])
            self.panels.append((band, axes))
            top += band.height + GAP
        left = LEFT + max(band.width for band in bands) + BAR_OFF
        share = (tall + BAR_GAP) / max(1, len(scales))
        for number, scale_ in enumerate(scales):
            self._draw_bar(self._axes(left, TOP + number * share, BAR_WIDTH, share - BAR_GAP), scale_)

    def _axes(self, left: float, top: float, width: float, height: float) -> "Axes":
        bottom = 1.0 - (top + height) / self.height
        return self.figure.add_axes((left / self.width, bottom, width / self.width, height / self.height))

    def show(self, values: np.ndarray) -> None:
        """Colour the cells by a profile."""
        for region, cells, polygons in self.painted:
            polygons.set_array(values[cells] * self.scales[region].factor)

    def heading(self, title: str, about: str) -> None:
        """Write the two lines above the picture."""
        self.figure.texts.clear()
        for line, (text, size) in enumerate(((shorten(title, LONGEST), 10.0), (about, 9.0))):
            self.figure.text(LEFT / self.width, 1.0 - (0.28 + 0.22 * line) / self.height, text, fontsize=size)

    def _draw_band(self, axes: "Axes", band: Band, last: bool) -> None:
        from matplotlib import patheffects
        from matplotlib.collections import LineCollection, PolyCollection

        for region, block in self.blocks.items():
            polygons = polygons_of(block)
            inside = band.sees(polygons)
            if not inside.any():
                continue
            # Neighbours must not let the paper shine through between them.
            painted = PolyCollection(polygons[inside], antialiaseds=False, linewidths=0.0, facecolors=ABSENT)
            painted.set_rasterized(True)  # in a pdf or svg: so many polygons make it too large to open
            axes.add_collection(painted, autolim=False)
            if region in self.scales:
                painted.set(cmap=self.quantity.colours, norm=self.scales[region].norm())
                self.painted.append((region, block.cells[inside], painted))
            lines = LineCollection(block.points[outline(block.corners)], colors="0.1", linewidths=0.7)
            axes.add_collection(lines, autolim=False)
            seen = polygons[inside].reshape(-1, 2).clip(*np.transpose([band.x, band.y]))
            low, high = seen.min(axis=0), seen.max(axis=0)
            if (high[1] - low[1]) / (band.y[1] - band.y[0]) * band.height < NAME_LEAST:
                continue
            middle = 0.5 * (low + high)
            name = axes.text(middle[0], middle[1], region, ha="center", va="center", fontsize=8, clip_on=True)
            name.set_path_effects([patheffects.withStroke(linewidth=2.0, foreground="white")])
        self._label_band(axes, band, last)
        mark(axes, band, self.contacts, self.blocks)

    def _label_band(self, axes: "Axes", band: Band, last: bool) -> None:
        along, along_unit = scale(band.x, "m")
        down, down_unit = scale([band.y[1] - band.y[0]], "m")
        axes.set(xlim=band.x, ylim=(band.y[1], band.y[0]))
        axes.grid(visible=False)
        axes.xaxis.set_major_locator(_ticks(band.x, 0.0, along, max(2, round(1.2 * band.width))))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value * along:.6g}")
        axes.yaxis.set_major_locator(_ticks(band.y, band.origin, down, max(2, round(2.5 * band.height))))
        axes.yaxis.set_major_formatter(lambda value, _: f"{(value - band.origin) * down:.4g}")
        axes.tick_params(labelbottom=last, bottom=last, labelsize=8)
        axes.set_ylabel(f"depth ({down_unit})", fontsize=8)
        axes.yaxis.set_label_coords(-0.55 / band.width, 0.5)
        if last:
            axes.set_xlabel(f"x, source to drain ({along_unit})", fontsize=8)
        if band.factor > 1.001 or band.factor < 0.999:
            text = f"y \N{MULTIPLICATION SIGN} {float(f'{band.factor:.3g}'):g}"
            axes.text(1.02, 0.5, text, transform=axes.transAxes, va="center", fontsize=8)

    def _draw_bar(self, axes: "Axes", scale_: Scale) -> None:
        from matplotlib.cm import ScalarMappable

        bar = self.figure.colorbar(ScalarMappable(scale_.norm(), self.quantity.colours), axes, extend=scale_.extend)
        bar.ax.tick_params(labelsize=8)
        unit = f" ({scale_.unit.replace('m2', 'm²')})" if scale_.unit else ""
        region = "" if len(scale_.regions) > 1 else f"{scale_.regions[0]}\n"
        label = self.quantity.label.replace(" of ", "\nof ").replace(" density", "\ndensity")
        axes.set_title(f"{region}{label}{unit}", fontsize=8, loc="left")


def _ticks(span: tuple[float, float], origin: float, factor: float, count: int) -> "FixedLocator":
    """Return ticks at round numbers of (value - origin) times factor."""
    from matplotlib.ticker import FixedLocator, MaxNLocator

    low, high = ((end - origin) * factor for end in span)
    found = np.asarray(MaxNLocator(count, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
    slack = 1e-6 * (high - low)  # an end that is a round number keeps its tick
    kept = found[(found > low - slack) & (found < high + slack)].clip(low, high)
    return FixedLocator([float(tick) / factor + origin for tick in kept])
