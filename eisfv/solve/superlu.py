"""SuperLU through SciPy: any mesh, one process."""

import numpy as np
from scipy.sparse import bsr_array
from scipy.sparse.linalg import splu

from eisfv.device.tables import Floats
from eisfv.equations.linearised import Blocks
from eisfv.equations.part import Part
from eisfv.solve.pattern import Pattern


class SuperLU:
    """Row-equilibrated sparse LU."""

    name, method = "superlu", ""
    part: Part | None = None
    reason = "SuperLU found the matrix singular"

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern

    def unused(self) -> list[str]:
        return []

    def factor(self, matrix: Blocks) -> bool:
        blocks, self.scale = self.pattern.equilibrated(matrix)
        size = self.scale.size
        rows = bsr_array((blocks, self.pattern.column, self.pattern.start), shape=(size, size))
        try:
            self.lu = splu(rows.tocsc())
        except RuntimeError:  # SuperLU's word for a singular matrix
            return False
        return True

    def solve(self, rhs: Floats) -> Floats:
        return np.asarray(self.lu.solve((rhs * self.scale).ravel())).reshape(rhs.shape)

    def solve_transposed(self, rhs: Floats) -> Floats:
        """Return the solution with the transposed matrix (no conjugate)."""
        return np.asarray(self.lu.solve(rhs.ravel(), trans="T")).reshape(rhs.shape) * self.scale
