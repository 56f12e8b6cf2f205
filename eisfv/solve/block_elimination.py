"""Elimination of a chain of blocks, in compiled code: cells in a row, each coupled to its two neighbours only.

    D_i = A_i,i - A_i,i-1 X_i-1,   X_i = D_i^-1 A_i,i+1,   Y_i = D_i^-1 A_i,i-1             down the chain
    y_i = D_i^-1 b_i - Y_i y_i-1,  x_i = y_i - X_i x_i+1                                    down, and up again

The blocks D_i are inverted with pivoting. Rows are scaled first: by their largest entry, Gauss' law a thousand times
less (`eisfv.solve.pattern` says why). What rounding leaves is taken back by one refinement where it matters.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from eisfv.device.tables import Floats
from eisfv.equations.unknowns import POTENTIAL
from eisfv.solve.pattern import GAUSS


class Factors(NamedTuple):
    """The eliminated matrix; n cells, m unknowns a cell. Blocks are transposed: [i, q, p] is column q, row p."""

    inverse: Floats  # (n, m, m) D_i^-1 with the scale of the rows in its columns
    right: Floats  # (n, m, m) X_i
    left: Floats  # (n, m, m) Y_i
    work: Floats  # (m, 4 m)


def new_factors(cells: int, m: int) -> Factors:
    """Return zeroed arrays."""
    inverse, right, left = np.zeros((3, cells, m, m))
    return Factors(inverse, right, left, np.zeros((m, 4 * m)))


@njit(cache=True, error_model="numpy")
def factor_chain(matrix, factors):
    """Eliminate the blocks of a chain (face i between the cells i and i + 1); False where a block has no pivot."""
    inverse, right, left, a = factors.inverse, factors.right, factors.left, factors.work
    n, m, _ = inverse.shape
    for i in range(n):
        # a = [D_i | 1 | A_i,i+1 | A_i,i-1], rows scaled
        for p in range(m):
            largest = 0.0
            for q in range(m):
                largest = max(largest, abs(matrix.diagonal[i, p, q]))
                if i + 1 < n:
                    largest = max(largest, abs(matrix.upper[i, p, q]))
                if i > 0:
                    largest = max(largest, abs(matrix.lower[i - 1, p, q]))
            if not largest < np.inf:
                return False
            weight = GAUSS if p == POTENTIAL else 1.0
            scale = weight / largest if largest > 0.0 else 1.0
            for q in range(m):
                a[p, q] = matrix.diagonal[i, p, q] * scale
                a[p, m + q] = 0.0
                a[p, 2 * m + q] = matrix.upper[i, p, q] * scale if i + 1 < n else 0.0
                a[p, 3 * m + q] = matrix.lower[i - 1, p, q] * scale if i > 0 else 0.0
            a[p, m + p] = scale
            if i > 0:
                for k in range(m):
                    factor = a[p, 3 * m + k]
                    if factor != 0.0:
                        for q in range(m):
                            a[p, q] -= factor * right[i - 1, q, k]
        if not eliminate(a):
            return False
        for p in range(m):
            for q in range(m):
                inverse[i, q, p] = a[p, m + q]
                right[i, q, p] = a[p, 2 * m + q]
                left[i, q, p] = a[p, 3 * m + q]
    return True


@njit(cache=True, error_model="numpy")
def eliminate(a):
    """Turn the first m columns of a (m, columns) into the unit matrix by row operations; False without a pivot."""
    m, columns = a.shape
    for k in range(m):
        best, row = abs(a[k, k]), k
        for p in range(k + 1, m):
            if abs(a[p, k]) > best:
                best, row = abs(a[p, k]), p
        if not best > 0.0:
            return False
        if row != k:
            for q in range(k, columns):
                a[k, q], a[row, q] = a[row, q], a[k, q]
        pivot = 1.0 / a[k, k]
        for q in range(k + 1, columns):
            a[k, q] *= pivot
        for p in range(k + 1, m):
            factor = a[p, k]
            if factor != 0.0:
                for q in range(k + 1, columns):
                    a[p, q] -= factor * a[k, q]
    for k in range(m - 1, 0, -1):
        for p in range(k):
            factor = a[p, k]
            if factor != 0.0:
                for q in range(m, columns):
                    a[p, q] -= factor * a[k, q]
    return True


@njit(cache=True, error_model="numpy")
def solve_chain(factors, rhs, out):
    """Write the solution (n, m) for a right-hand side (n, m) to out."""
    inverse, right, left = factors.inverse, factors.right, factors.left
    n, m, _ = inverse.shape
    for i in range(n):
        for p in range(m):
            out[i, p] = 0.0
        for q in range(m):
            value = rhs[i, q]
            for p in range(m):
                out[i, p] += inverse[i, q, p] * value
        if i > 0:
            for q in range(m):
                value = out[i - 1, q]
                for p in range(m):
                    out[i, p] -= left[i, q, p] * value
    for i in range(n - 2, -1, -1):
        for q in range(m):
            value = out[i + 1, q]
            for p in range(m):
                out[i, p] -= right[i, q, p] * value
