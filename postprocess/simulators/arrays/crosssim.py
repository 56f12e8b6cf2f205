"""Files for CrossSim: the look-up tables of its training (version 2) and a device class for its version 3.

Version 2 reads a table for each direction: a header, the conductances, the points of the cumulative distribution, then
the change of the conductance, a row for each of these points and a column for each conductance. It draws a number from
0 to 1, takes the row and the column next to it, and needs equal distances and the same conductances in both tables.
A deterministic run has one change a conductance: its rows are equal.
"""

from pathlib import Path

import numpy as np

from eisfv.postprocess.extract.measured import Extraction, Measured, Section, Written
from eisfv.postprocess.quantities.prefixes import quantity
from eisfv.postprocess.regression import relative
from eisfv.postprocess.simulators.step_range import StepRange, step_range
from eisfv.result.atomic import write_atomic

from .crosssim_device import device_text
from .weight_decay import WeightDecay, decay_of

INCREASING, DECREASING, DEVICE_FILE = "dG_increasing.txt", "dG_decreasing.txt", "device_crosssim.py"
BINS = 201  # conductances of a table; the simulator takes the nearest
ROWS, ROWS_OF_NOISE = 2, 101
HEADER = "conductance (S), then points of the cumulative distribution, then change of the conductance (S)"


def write(extraction: Extraction, out: Path) -> Written:
    """Write the tables and the device. Raises ResultError."""
    steps = step_range(extraction)
    if isinstance(steps, str):
        return Written(reason=steps)
    grid = steps.grid(BINS)
    points = np.linspace(0.0, 1.0, ROWS_OF_NOISE if extraction.noise else ROWS)
    decay = decay_of(extraction)
    for name, branch in ((INCREASING, steps.up), (DECREASING, steps.down)):
        spread = np.interp(grid, branch.nodes, branch.spread) if extraction.noise else np.zeros(BINS)
        matrix = np.interp(grid, branch.nodes, branch.steps) + np.outer(deviates(points.size), spread)
        write_atomic(out / name, table_text(grid, points, matrix).encode())
    write_atomic(out / DEVICE_FILE, device_text(extraction, steps, decay).encode())
    return Written(
        files=tuple(out / name for name in (INCREASING, DECREASING, DEVICE_FILE)),
        quantities=quantities_of(steps, grid),
        section=section_of(steps, decay),
    )


def deviates(count: int) -> np.ndarray:
    """Return standard normal deviates (count,) at the points of a cumulative distribution.

    The simulator takes the mean over all rows but the last: those are at the middles of the intervals, of mean zero,
    and the last one is the last but one again.
    """
    from scipy.special import ndtri

    middles = (np.arange(count - 1) + 0.5) / (count - 1)
    return np.append(ndtri(middles), ndtri(middles[-1]))


def table_text(grid: np.ndarray, points: np.ndarray, matrix: np.ndarray) -> str:
    """Return a look-up table: conductances (n,), points of the distribution (m,), changes (m, n)."""
    rows = [",".join(f"{value:.18e}" for value in row) for row in (grid, points, *matrix)]
    return "\n".join([HEADER, *rows]) + "\n"


def quantities_of(steps: StepRange, grid: np.ndarray) -> dict[str, Measured]:
    """Return what is added to extract.json: the resistances, and what taking the nearest bin costs."""
    window = f"{quantity(steps.low, 'S', 3)} to {quantity(steps.high, 'S', 3)}, both directions"
    points = steps.up.nodes.size + steps.down.nodes.size
    halfway = 0.5 * (grid[1:] + grid[:-1])
    errors = [relative(step(grid[:-1]) - step(halfway), step(halfway)) for step in (steps.step_up, steps.step_down)]
    binned = f"half a bin of {quantity(grid[1] - grid[0], 'S', 3)} away from it, {window}"
    return {
        "R_min": Measured(1.0 / steps.high, "ohm", points=points, window=window),
        "R_max": Measured(1.0 / steps.low, "ohm", points=points, window=window),
        "nearest_bin_error": Measured(max(errors), points=BINS - 1, window=binned, residual=max(errors)),
    }


def section_of(steps: StepRange, decay: WeightDecay | str) -> Section:
    """Return the part of the report."""
    drift = "no drift, a time above 0 is refused"
    if isinstance(decay, WeightDecay):
        drift = f"drift to {quantity(decay.rest, 'S', 3)} with {quantity(decay.time, 's', 3)}"
    rows = (
        ("file", "for", "holds"),
        (f"{INCREASING}, {DECREASING}", "version 2", f"ΔG at {BINS} conductances, {_range(steps)}"),
        (DEVICE_FILE, "version 3", f"programming error of half a step; {drift}"),
    )
    text = (
        f"R_min = {quantity(1.0 / steps.high, 'ohm')} and R_max = {quantity(1.0 / steps.low, 'ohm')}. The read voltage "
        "is not of the run, whose read-out is ohmic: choose it when the device is set."
    )
    told = [] if isinstance(decay, WeightDecay) else [f"No drift: {decay}."]
    return Section("CrossSim", (text, *told), rows)


def _range(steps: StepRange) -> str:
    return f"{quantity(steps.low, 'S', 3)} to {quantity(steps.high, 'S', 3)}"
