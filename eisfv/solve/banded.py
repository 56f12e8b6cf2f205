"""LAPACK's banded LU for a stack: cells in a row, each coupled to its neighbours only."""

import numpy as np
from scipy.linalg.lapack import dgbtrf, dgbtrs, zgbtrf, zgbtrs

from eisfv.device.tables import Floats
from eisfv.equations.linearised import Blocks
from eisfv.equations.part import Part
from eisfv.kernel import kernel
from eisfv.solve.pattern import Pattern


class Banded:
    """Row-equilibrated banded LU with partial pivoting."""

    name, method = "banded", ""
    part: Part | None = None
    reason = "LAPACK found the matrix singular"

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern

    def unused(self) -> list[str]:
        return []

    def factor(self, matrix: Blocks) -> bool:
        blocks, self.scale = self.pattern.equilibrated(matrix)
        cells, m = self.scale.shape
        self.width = 2 * m - 1
        self.band = np.zeros((3 * self.width + 1, cells * m), blocks.dtype, order="F")
        pack_band(blocks, self.pattern.row, self.pattern.column, 2 * self.width, self.band)
        factor = zgbtrf if np.iscomplexobj(blocks) else dgbtrf
        self.band, self.pivots, info = factor(self.band, self.width, self.width, overwrite_ab=True)
        return bool(info == 0)

    def solve(self, rhs: Floats) -> Floats:
        with np.errstate(invalid="ignore", over="ignore"):  # not finite is told by whoever asks for the solution
            scaled = (rhs * self.scale).ravel()
        solve = zgbtrs if np.iscomplexobj(self.band) else dgbtrs
        solution, _ = solve(self.band, self.width, self.width, scaled, self.pivots, overwrite_b=True)
        return np.asarray(solution).reshape(rhs.shape)

    def solve_transposed(self, rhs: Floats) -> Floats:
        """Return the solution with the transposed matrix (no conjugate)."""
        solve = zgbtrs if np.iscomplexobj(self.band) else dgbtrs
        solution, _ = solve(self.band, self.width, self.width, rhs.ravel(), self.pivots, trans=1)
        return np.asarray(solution).reshape(rhs.shape) * self.scale


@kernel
def pack_band(blocks, row, column, middle, band):
    """Write blocks into LAPACK's band storage, whose diagonal is the row `middle`."""
    count, m, _ = blocks.shape
    for k in range(count):
        shift = middle + (row[k] - column[k]) * m
        for p in range(m):
            for q in range(m):
                band[shift + p - q, column[k] * m + q] = blocks[k, p, q]
