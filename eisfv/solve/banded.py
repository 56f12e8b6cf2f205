"""LAPACK's banded LU for a stack: cells in a row, each coupled to its neighbours only."""

import numpy as np
from numba import njit
from scipy.linalg.lapack import dgbtrf, dgbtrs

from eisfv.device.tables import Floats, Tables
from eisfv.equations.part import Part
from eisfv.equations.system import System


class Banded:
    """Row-equilibrated banded LU with partial pivoting."""

    name, method = "banded", ""
    part: Part | None = None
    reason = "LAPACK found the matrix singular"

    def unused(self) -> list[str]:
        return []

    def __init__(self, tables: Tables) -> None:
        cells, m = len(tables.region), len(tables.charge) + 1
        self.width = 2 * m - 1
        self.left = tables.left
        self.band = np.zeros((3 * self.width + 1, cells * m), order="F")
        self.scale = np.ones((cells, m))
        self.pivots = np.zeros(cells * m, np.int32)

    def factor(self, system: System) -> bool:
        pack_band(system.diagonal, system.upper, system.lower, self.left, self.width, self.scale, self.band)
        _, self.pivots, info = dgbtrf(self.band, self.width, self.width, overwrite_ab=True)
        return bool(info == 0)

    def solve(self, rhs: Floats) -> Floats:
        scaled = (rhs * self.scale).ravel()
        solution, _ = dgbtrs(self.band, self.width, self.width, scaled, self.pivots, overwrite_b=True)
        return np.asarray(solution).reshape(rhs.shape)


@njit(cache=True, error_model="numpy")
def pack_band(diagonal, upper, lower, left, width, scale, band):
    """Write the blocks into LAPACK's band storage, each row divided by its largest entry (its inverse goes to
    scale).
    """
    cells, m, _ = diagonal.shape
    band[:, :] = 0.0
    row_scales(diagonal, upper, lower, left, left + 1, scale)
    middle = 2 * width
    for i in range(cells):
        for p in range(m):
            for q in range(m):
                band[middle + p - q, i * m + q] = diagonal[i, p, q] * scale[i, p]
    for f in range(left.size):
        i = left[f]
        for p in range(m):
            for q in range(m):
                band[middle + p - q - m, (i + 1) * m + q] = upper[f, p, q] * scale[i, p]
                band[middle + p - q + m, i * m + q] = lower[f, p, q] * scale[i + 1, p]


@njit(cache=True, error_model="numpy")
def row_scales(diagonal, upper, lower, left, right, scale):
    """Write the inverse of the largest entry of every row; 1 for an empty row."""
    cells, m, _ = diagonal.shape
    for i in range(cells):
        for p in range(m):
            scale[i, p] = 0.0
            for q in range(m):
                scale[i, p] = max(scale[i, p], abs(diagonal[i, p, q]))
    for f in range(left.size):
        for p in range(m):
            for q in range(m):
                scale[left[f], p] = max(scale[left[f], p], abs(upper[f, p, q]))
                scale[right[f], p] = max(scale[right[f], p], abs(lower[f, p, q]))
    for i in range(cells):
        for p in range(m):
            scale[i, p] = 1.0 / scale[i, p] if scale[i, p] > 0.0 else 1.0
