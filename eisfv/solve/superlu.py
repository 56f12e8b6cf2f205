"""SuperLU through SciPy: any mesh, one process."""

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import splu

from eisfv.device.tables import Floats, Tables
from eisfv.equations.part import Part
from eisfv.equations.system import System
from eisfv.solve.banded import row_scales


class SuperLU:
    """Row-equilibrated sparse LU."""

    name, method = "superlu", ""
    part: Part | None = None
    reason = "SuperLU found the matrix singular"

    def unused(self) -> list[str]:
        return []

    def __init__(self, tables: Tables) -> None:
        cells, m = len(tables.region), len(tables.charge) + 1
        self.left, self.right = tables.left, tables.right
        self.scale = np.ones((cells, m))
        own = np.arange(cells)
        block_rows = np.concatenate([own, tables.left, tables.right])
        block_columns = np.concatenate([own, tables.right, tables.left])
        p, q = np.meshgrid(np.arange(m), np.arange(m), indexing="ij")
        self.rows = (block_rows[:, None, None] * m + p).ravel()
        self.columns = (block_columns[:, None, None] * m + q).ravel()
        self.size = cells * m

    def factor(self, system: System) -> bool:
        row_scales(system.diagonal, system.upper, system.lower, self.left, self.right, self.scale)
        blocks = np.concatenate([system.diagonal, system.upper, system.lower]).ravel()
        values = blocks * self.scale.ravel()[self.rows]
        matrix = csc_array((values, (self.rows, self.columns)), shape=(self.size, self.size))
        try:
            self.lu = splu(matrix)
        except RuntimeError:  # SuperLU's word for a singular matrix
            return False
        return True

    def solve(self, rhs: Floats) -> Floats:
        return np.asarray(self.lu.solve((rhs * self.scale).ravel())).reshape(rhs.shape)
