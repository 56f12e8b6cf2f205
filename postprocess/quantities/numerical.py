"""The numerical error of what is read off a run, from what the run itself tells of it (provenance.json, pulses.csv).

    dG                                          the largest of the pulses that are picked, their mean for a mean
    a plain conductance or voltage              the error of its value, for what picks or averages rows
    every other expression, slope or ratio      the sum of the relative errors of its columns, of the value

A number off a curve (`curves`) has none that is known, as the slope there decides, nor has one of the measures.
Mesh and time steps together; a column that the drive sets, times and counts have none, but for the width of pulses that
wait for something.
"""

from collections.abc import Mapping
from math import inf, nan
from typing import Any

import numpy as np

from eisfv.result import Run

from .curves import CURVES
from .quantity import Quantity
from .reductions import DIFFERENCE, OF_ROWS
from .selection import chosen

SMALL = 0.1  # smallest change that an error is relative to, over the largest

DURATION = "duration"  # of steps that wait
# What the provenance calls the quantities behind a column.
QUANTITIES: Mapping[str, tuple[str, ...]] = {
    "G_before_S": ("conductance",),
    "G_after_S": ("conductance",),
    "dG_S": ("conductance",),
    "conductance_S": ("conductance",),
    "charge_C": ("charge",),
    "current_A": ("charge",),
    "leak_current_A": ("charge",),
    "voltage_V": ("voltage",),
    "energy_J": ("charge", "voltage"),
    "resistors_J": ("charge",),
    "x_channel": ("content",),
    "width_s": (DURATION,),
}
PLAIN = ("G_before_S", "G_after_S", "conductance_S", "voltage_V")


def numerical_error(entry: Quantity, run: Run, value: float) -> float:
    """Return the numerical error of an entry's value, before any `ratio_to`, in its unit; NaN where none is known."""
    told = run.numerical_error
    if "mesh" not in told or entry.table in ("profiles", "measures") or entry.reduce in CURVES:
        return nan
    names = (*entry.column.names, *(entry.against.names if entry.against is not None else ()))
    waited = DURATION in told["mesh"]
    known = [name for name in names if name in QUANTITIES and (waited or name != "width_s")]
    if not known:
        return nan
    if entry.column.text == "dG_S" and entry.reduce in OF_ROWS and "mesh_error" in run.pulses:
        found = pulse_errors(run)[chosen(entry.select, run.pulses, len(run.pulses["dG_S"]))]
        if entry.reduce == DIFFERENCE:
            return float(found[0] + found[-1])
        return float(found.mean() if entry.reduce == "mean" else found.max())
    if entry.column.is_column and entry.column.text in PLAIN and entry.reduce in OF_ROWS:
        rows = 2.0 if entry.reduce == DIFFERENCE else 1.0
        return rows * sum(largest(told[kind], QUANTITIES[known[0]], "value") for kind in ("mesh", "time"))
    if entry.reduce == DIFFERENCE:
        return nan  # of two amounts nearly alike a relative error says nothing
    return abs(value) * sum(relative(name, run, told) for name in known)


def pulse_errors(run: Run) -> np.ndarray:
    """Return the errors of dG (pulses) in S; what they are relative to is `eisfv.running.companion`'s."""
    change = np.abs(run.pulses["dG_S"])
    scale = np.maximum(change, SMALL * change.max(initial=0.0))
    return np.asarray((run.pulses["mesh_error"] + run.pulses["time_error"]) * scale)


def relative(name: str, run: Run, told: Mapping[str, Any]) -> float:
    """Return the relative error of a column."""
    if name == "dG_S" and "mesh_error" in run.pulses:
        return float((run.pulses["mesh_error"] + run.pulses["time_error"]).max(initial=0.0))
    return sum(largest(told[kind], QUANTITIES[name], "relative") for kind in ("mesh", "time"))


def largest(figures: Mapping[str, Mapping[str, Any]], names: tuple[str, ...], what: str) -> float:
    """Return the largest error of quantities; 0 where the drive sets them, infinite where it is not resolved."""
    found = [figure for name, figure in figures.items() if name.startswith(names)]
    return max((inf if figure.get("unresolved") else float(figure[what]) for figure in found), default=0.0)
