"""How quantities scatter over the devices of a sweep: percentiles, their distribution, bands of the traces.

A percentile p of n devices is the value below which p % of them lie, straight between neighbours; it stands between
the devices of ranks n p +- sqrt(n p (1 - p)) with about 68 % confidence (binomial), which `ends` gives.
Source: H. A. David, H. N. Nagaraja, Order Statistics, 3rd ed., Wiley (2003), Sec. 7.1.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, TextIO

import numpy as np

from eisfv.postprocess.pictures.style import DARK, LIGHT
from eisfv.postprocess.quantities.ensembles import FEWEST
from eisfv.postprocess.quantities.prefixes import quantity as quantity_text
from eisfv.postprocess.quantities.prefixes import time_scale
from eisfv.result.sweep_table import Sweep, SweepQuantity

from .coordinates import PlottedQuantity
from .labels import Floats, pretty_unit, scaled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PERCENTS = (2.5, 15.0, 50.0, 85.0, 97.5)
HEADER = (
    "quantity",
    "unit",
    "devices",
    "mean",
    "sd",
    *(f"p{percent:g}" for percent in PERCENTS),
    "p50_low",
    "p50_high",
)


@dataclass(frozen=True)
class Spread:
    """A quantity over the devices that give it: mean, standard deviation, values at `PERCENTS` and the ends of the
    median's standard error, in SI; NaN of fewer than `FEWEST` devices."""

    name: str
    unit: str
    devices: int
    mean: float
    sd: float
    at: tuple[float, ...]
    ends: tuple[float, float]


def scatters(sweep: Sweep) -> bool:
    """Return whether the values of some axis were drawn as they scatter from device to device."""
    return any(axis.scatter for axis in sweep.head.axes)


def spreads(sweep: Sweep) -> list[Spread]:
    """Return how every quantity scatters over the finished runs."""
    return [
        spread(entry, np.asarray(sweep.table[entry.column], float)[sweep.finished]) for entry in sweep.head.quantities
    ]


def spread(entry: SweepQuantity, values: Floats) -> Spread:
    """Return how values (devices) of a quantity scatter; those that are not finite are left out."""
    known = np.sort(values[np.isfinite(values)])
    n = known.size
    if n < FEWEST:
        nothing = float("nan")
        return Spread(entry.name, entry.unit, n, nothing, nothing, (nothing,) * len(PERCENTS), (nothing, nothing))
    half = 50.0 / sqrt(n)
    low, high = np.percentile(known, [50.0 - half, 50.0 + half])
    at = tuple(float(value) for value in np.percentile(known, PERCENTS))
    return Spread(entry.name, entry.unit, n, float(known.mean()), float(known.std(ddof=1)), at, (low, high))


def spread_lines(found: Sequence[Spread]) -> list[str]:
    """Return a line for each quantity: "dG  median 0.17 µS, 15 to 85 %: 0.15 to 0.19 µS, 64 devices"."""
    lines = []
    for entry in found:
        if np.isnan(entry.mean):
            lines.append(f"{entry.name}  {entry.devices} devices give it: too few for percentiles")
            continue
        median, low, high = (quantity_text(entry.at[k], entry.unit, 3) for k in (2, 1, 3))
        lines.append(f"{entry.name}  median {median}, 15 to 85 %: {low} to {high}, {entry.devices} devices")
    return lines


def write_spreads(into: TextIO, found: Sequence[Spread]) -> None:
    """Write the table of percentiles, SI, under `HEADER`."""
    writer = csv.writer(into, lineterminator="\n")
    writer.writerow(HEADER)
    for entry in found:
        numbers = (entry.mean, entry.sd, *entry.at, *entry.ends)
        writer.writerow([entry.name, entry.unit, entry.devices, *(f"{number:.9g}" for number in numbers)])


def draw_distribution(figure: "Figure", shown: PlottedQuantity) -> None:
    """Draw the share of devices below each value, the range from 15 to 85 % shaded, the median marked."""
    axes = figure.add_subplot()
    values = np.sort(shown.values[np.isfinite(shown.values)])
    share = 100.0 * (np.arange(values.size) + 1.0) / values.size
    low, median, high = np.percentile(values, [15.0, 50.0, 85.0])
    axes.axvspan(low, high, color=LIGHT, alpha=0.35, linewidth=0.0, label="15 to 85 %")
    axes.axvline(median, color=DARK, linestyle="--", linewidth=1.0, label="median")
    axes.step(np.append(values[0], values), np.append(0.0, share), where="post", color=DARK, linewidth=1.4)
    if shown.log:
        axes.set_xscale("log")
    axes.set_ylim(0.0, 100.0)
    axes.set_xlabel(shown.label)
    axes.set_ylabel("devices below (%)")
    axes.legend(loc="lower right")


def draw_band(figure: "Figure", time: Floats, values: Floats, name: str, unit: str) -> None:
    """Draw the median and the bands of traces (devices, samples) over the time (samples, s) that they share."""
    axes = figure.add_subplot()
    at = np.nanpercentile(values, PERCENTS, axis=0)
    per_second, seconds = time_scale(float(time[-1]))
    factor, word = scaled(at.ravel(), unit, log=False)
    t, at = time * per_second, at * factor
    axes.fill_between(t, at[0], at[-1], color=LIGHT, alpha=0.25, linewidth=0.0, label="2.5 to 97.5 %")
    axes.fill_between(t, at[1], at[-2], color=LIGHT, alpha=0.6, linewidth=0.0, label="15 to 85 %")
    axes.plot(t, at[2], color=DARK, linewidth=1.2, label="median")
    axes.set_xlabel(f"time ({seconds})")
    axes.set_ylabel(name.replace("_", " ") + (f" ({pretty_unit(word)})" if word else ""))
    axes.legend(loc="best")


def shared_times(time: Floats) -> Floats | None:
    """Return the times (samples) that all devices share; None where they have times (devices, samples) of their own."""
    whole = time[np.isfinite(time).all(axis=1)]
    if not len(whole) or np.ptp(whole, axis=0).max() > 1e-6 * whole[0, -1]:
        return None
    return np.asarray(whole[0])
