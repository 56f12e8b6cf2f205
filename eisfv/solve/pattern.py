"""Where the blocks of a matrix on the mesh stand: one pattern for every linear solver.

Blocks are numbered as the system holds them, the diagonal's, then the upper and the lower ones of every face; of a part
of the rows, those that lie in its rows.
"""

import numpy as np

from eisfv.device.tables import Floats, Tables
from eisfv.equations.linearised import Blocks
from eisfv.equations.part import Part, whole
from eisfv.equations.unknowns import POTENTIAL, per_cell
from eisfv.kernel import kernel

GAUSS = 1e-3  # weight of Gauss' law among the rows, tried at 1, 1e-3 and 1e-8


class Pattern:
    """row, column: block numbers in the order of compressed rows; start: where each own row begins in that order."""

    def __init__(self, tables: Tables, part: Part | None = None) -> None:
        part = part or whole(tables)
        self.unknowns = per_cell(tables)
        self.cells = len(tables.region)
        own = np.arange(part.first_cell, part.last_cell)
        faces = np.arange(part.first_face, part.last_face)
        left, right = tables.left[faces], tables.right[faces]
        self.own = slice(part.first_cell, part.last_cell)
        self.up = faces[(left >= part.first_cell) & (left < part.last_cell)]
        self.down = faces[(right >= part.first_cell) & (right < part.last_cell)]
        row = np.concatenate([own, tables.left[self.up], tables.right[self.down]])
        column = np.concatenate([own, tables.right[self.up], tables.left[self.down]])
        self.order = np.lexsort((column, row))
        self.row, self.column = row[self.order], column[self.order]
        self.start = np.searchsorted(self.row, np.append(own, part.last_cell))
        self.chain = bool((np.abs(self.row - self.column) <= 1).all())

    def equilibrated(self, matrix: Blocks) -> tuple[Floats, Floats]:
        """Return the own rows' blocks (blocks, m, m) in the order of the pattern, each row of the matrix multiplied by
        a number, and these numbers (cells, m): one over the row's largest entry, 1 for an empty row and one of another
        part; a thousandth of that for Gauss' law.

        So light, Gauss' law does not become the pivot of a level: an electron balance would get entries of the size of
        the electrons' conductance in the columns of the potential, and their rounding would be a current.
        """
        blocks = np.concatenate([matrix.diagonal[self.own], matrix.upper[self.up], matrix.lower[self.down]])[self.order]
        scale = np.zeros((self.cells, blocks.shape[1]))
        equilibrate(blocks, self.row, self.unknowns, scale)
        return blocks, scale


@kernel
def equilibrate(blocks, row, unknowns, scale):
    """Scale the rows of the blocks (real or complex) in place, and write by what to scale; unknowns of a cell."""
    count, m, _ = blocks.shape
    for k in range(count):
        for p in range(m):
            for q in range(m):
                scale[row[k], p] = max(scale[row[k], p], abs(blocks[k, p, q]))
    for i in range(scale.shape[0]):
        for p in range(m):
            weight = GAUSS if p % unknowns == POTENTIAL else 1.0
            scale[i, p] = weight / scale[i, p] if scale[i, p] > 0.0 else 1.0
    for k in range(count):
        for p in range(m):
            for q in range(m):
                blocks[k, p, q] *= scale[row[k], p]


def as_real(matrix: Blocks) -> Blocks:
    """Return a complex matrix as a real one of twice the unknowns a cell: real parts, then imaginary parts."""
    parts = [
        np.concatenate([np.concatenate([b.real, -b.imag], axis=2), np.concatenate([b.imag, b.real], axis=2)], axis=1)
        for b in matrix
    ]
    return Blocks(*parts)
