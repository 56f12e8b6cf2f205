"""The devices of a sweep as the rows of a table: `from = "sweep"` of expected.toml.

A sweep over what scatters from device to device is an ensemble; its quantities, and what was varied, are the columns
"dG_S", "thickness_nm" of its table, a finished run each a row.
"""

from os.path import normpath
from pathlib import Path

import numpy as np

from eisfv.result import ResultError
from eisfv.result.sweep_table import OWN_COLUMNS, read_sweep

SWEEP = Path("runs") / "sweep"  # in a directory with a sweep.toml
FEWEST = 8  # devices, of fewer a percentile says nothing


def devices_of(directory: Path) -> dict[str, np.ndarray]:
    """Return the columns of numbers of the sweep of a directory, its finished runs. Raises ResultError."""
    place = directory / SWEEP
    if not place.is_dir():
        where = normpath(directory)
        raise ResultError(f"{where}: has not been swept; run it first: eisfv sweep {where}")
    sweep = read_sweep(place)
    return {
        name: np.asarray(column, float)[sweep.finished]
        for name, column in sweep.table.items()
        if name not in OWN_COLUMNS and np.asarray(column).dtype.kind in "fiu"
    }
