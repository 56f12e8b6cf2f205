"""The devices of a sweep as the rows of a table: `from = "sweep"` of expected.toml.

A sweep over what scatters from device to device is an ensemble; its quantities, and what was varied, are the columns
"dG_S", "thickness_nm" of its table, a finished run each a row.
"""

from os.path import normpath
from pathlib import Path

import numpy as np

from eisfv.result import ResultError
from eisfv.result.sweep_table import OWN_COLUMNS, Sweep, read_sweep

SWEEP = Path("runs") / "sweep"  # in a directory with a sweep.toml
FEWEST = 8  # devices, of fewer a percentile says nothing


def last_sweep(directory: Path) -> Sweep:
    """Return the sweep in runs/sweep of a directory. Raises ResultError."""
    place = directory / SWEEP
    if not place.is_dir():
        where = normpath(directory)
        raise ResultError(f"{where}: has not been swept; run it first: eisfv sweep {where}")
    return read_sweep(place)


def devices_of(directory: Path) -> dict[str, np.ndarray]:
    """Return the columns of numbers of the sweep of a directory, its finished runs. Raises ResultError."""
    sweep = last_sweep(directory)
    return {
        name: np.asarray(column, float)[sweep.finished]
        for name, column in sweep.table.items()
        if name not in OWN_COLUMNS and np.asarray(column).dtype.kind in "fiu"
    }
