"""The STDP kernel of a device, from the table of spike pairs in its extract.json.

It is the form that the extraction writes for Brian 2, with the same largest residual.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.postprocess.extract.spike_pairs import TABLE, Pairs, pairs_of
from eisfv.result import ResultError
from eisfv.text_files import UnreadableError, read_text

from .device_synapse import LARGEST
from .pair_table import PairTable, best_kernel
from .stdp import Kernel

REMEDY = "extract a run with pairs of spikes, as of cases/h_stdp_a"


def device_kernel(file: Path) -> Kernel | PairTable:
    """Return the kernel that an extract.json tells. Raises ResultError."""
    pairs, largest = read_pairs(file)
    kernel = best_kernel(pairs, largest)
    if isinstance(kernel, str):
        raise ResultError(f"{file}: {kernel}")
    return kernel


def read_pairs(file: Path) -> tuple[Pairs | None, float]:
    """Return the pairs of an extract.json and what a kernel may leave of them. Raises ResultError."""
    try:
        tree = json.loads(read_text(file, LARGEST))
        table, largest = tree["tables"].get(TABLE), float(tree["largest_residual"])
        columns = None if table is None else columns_of(table)
    except UnreadableError as error:
        raise ResultError(f"{file}: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ResultError(f"{file}: is no extract.json of this version; extract the run again") from None
    if columns is None:
        raise ResultError(f"{file}: has no table of spike pairs; {REMEDY}")
    return pairs_of(*columns), largest


def columns_of(table: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return interval, change and conductance of the pairs. Raises ValueError, KeyError, TypeError."""
    interval, change, before = (
        np.array(table[name], dtype=float) for name in ("interval_s", "change_S", "conductance_before_S")
    )
    if not interval.ndim == 1 or not interval.shape == change.shape == before.shape:
        raise ValueError("columns of different lengths")
    return interval, change, before
