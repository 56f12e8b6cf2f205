"""The Sobol indices of a saltelli sweep as bars with their intervals, and as a table."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.pictures.style import DARK, LIGHT
from eisfv.postprocess.regression import CONFIDENCE
from eisfv.result.sweep_table import Sweep, SweepQuantity

from .coordinates import SweepPlotError
from .sobol import SobolError, SobolIndices, sobol_indices

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 0.38  # of a bar; two make a group
HEADER = ("quantity", "axis", "first", "first_low", "first_high", "total", "total_low", "total_high", "blocks", "of")


def indices_of(sweep: Sweep, quantities: Sequence[SweepQuantity]) -> dict[str, SobolIndices]:
    """Return the indices of quantities by name; those that no axis changes are left out unless it is all of them.

    Raises SweepPlotError.
    """
    head = sweep.head
    if head.method != "saltelli":
        raise SweepPlotError(
            f"{sweep.path}: Sobol indices take pairs of runs that differ in one axis, and this is a {head.method}; "
            'write method = "saltelli" in [sample]'
        )
    count, rows = len(head.axes), len(sweep.table["number"])
    if rows != head.size * (count + 2):
        raise SweepPlotError(
            f"{sweep.path}: holds {rows} of {head.size * (count + 2)} points of the sample; Sobol indices take it "
            "whole, without constraints"
        )
    found: dict[str, SobolIndices] = {}
    reasons = []
    for quantity in quantities:
        values = np.where(sweep.finished, np.asarray(sweep.table[quantity.column], float), np.nan)
        try:
            found[quantity.name] = sobol_indices(values.reshape(head.size, count + 2))
        except SobolError as error:
            reasons.append(f'"{quantity.name}" {error}')
    if not found:
        raise SweepPlotError(f"{sweep.path}: {reasons[0] if reasons else 'gathers no quantity'}")
    return found


def draw_sobol(figure: "Figure", axes_named: Sequence[str], indices: Mapping[str, SobolIndices]) -> None:
    """Draw a panel a quantity: first order and total of every axis, with their intervals."""
    panels = figure.subplots(len(indices), sharex=True, squeeze=False)[:, 0]
    places = np.arange(len(axes_named))
    for axes, (name, found) in zip(panels, indices.items(), strict=True):
        for offset, colour, word, values, interval in (
            (-WIDTH / 2, DARK, "first order", found.first, found.first_interval),
            (WIDTH / 2, LIGHT, "total", found.total, found.total_interval),
        ):
            reach = np.abs(interval.T - values)
            bars = {"ecolor": "0.35", "capsize": 2.0, "elinewidth": 0.9}
            axes.bar(places + offset, values, WIDTH, color=colour, label=word, yerr=reach, error_kw=bars)
        axes.axhline(0.0, color="0.4", linewidth=0.8)
        axes.set_ylabel("share of variance")
        axes.grid(False, axis="x")
        used = "" if found.blocks == found.of else f", {found.of - found.blocks} with failed runs left out"
        axes.set_title(f"{name.replace('_', ' ')}: {found.of} blocks{used}", loc="left", fontsize=9)
    panels[-1].set_xticks(places, [name.replace("_", " ") for name in axes_named])
    panels[0].legend(title=f"{CONFIDENCE:.0%} intervals", loc="center left", bbox_to_anchor=(1.0, 0.5))


def sobol_table(axes_named: Sequence[str], indices: Mapping[str, SobolIndices]) -> str:
    """Return the indices as csv: a row for every quantity and axis."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for name, found in indices.items():
        for k, axis in enumerate(axes_named):
            numbers = (found.first[k], *found.first_interval[k], found.total[k], *found.total_interval[k])
            writer.writerow((name, axis, *(f"{number:.6g}" for number in numbers), found.blocks, found.of))
    return text.getvalue()
