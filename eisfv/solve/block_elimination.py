"""Elimination of a chain of blocks, in compiled code: cells in a row, each coupled to its two neighbours only.

    D_i = A_i,i - A_i,i-1 X_i-1,   X_i = D_i^-1 A_i,i+1,   Y_i = D_i^-1 A_i,i-1             down the chain
    y_i = D_i^-1 b_i - Y_i y_i-1,  x_i = y_i - X_i x_i+1                                    down, and up again

The blocks D_i are inverted with pivoting. Rows are scaled first: by their largest entry, Gauss' law a thousand times
less (`eisfv.solve.pattern` says why). What rounding leaves is taken back by one refinement where it matters.

The kernels are compiled once for every common number of unknowns a cell, so that the compiler unrolls the loops over a
block: with four unknowns a solution takes a third and an elimination four fifths of the time of loops of any length.
"""

from typing import Any, NamedTuple

import numpy as np
from numba.core.types import boolean, none

from eisfv.compiled_apart import apart
from eisfv.device.tables import Floats
from eisfv.equations.unknowns import POTENTIAL
from eisfv.kernel import allocating, kernel
from eisfv.solve.pattern import GAUSS


class Factors(NamedTuple):
    """The eliminated matrix; n cells, m unknowns a cell. Blocks are transposed: [i, q, p] is column q, row p."""

    inverse: Floats  # (n, m, m) D_i^-1 with the scale of the rows in its columns
    right: Floats  # (n, m, m) X_i
    left: Floats  # (n, m, m) Y_i


def new_factors(cells: int, m: int) -> Factors:
    """Return zeroed arrays."""
    inverse, right, left = np.zeros((3, cells, m, m))
    return Factors(inverse, right, left)


def chain_of(size: int) -> tuple[Any, Any, Any]:
    """Return the kernels `factor`, `solve` and `rest` for a number of unknowns a cell; 0: for any number."""

    @allocating
    def factor(diagonal, upper, lower, inverse, right, left):
        """Eliminate; the blocks as (n, m^2), False where one has no pivot."""
        n = diagonal.shape[0]
        m = size if size > 0 else round(np.sqrt(diagonal.shape[1]))
        width = 3 * m
        a = np.empty(m * width)  # [D_i | A_i,i+1 | A_i,i-1], rows scaled; what is eliminated of D_i gives way to D_i^-1
        above = np.empty(m * m)  # X_i-1 by rows
        scale, order = np.empty(m), np.empty(m, np.int64)  # of the rows, and which they were, as pivoting has them
        for i in range(n):
            for p in range(m):
                row = p * width
                largest = 0.0
                for q in range(m):
                    a[row + q] = diagonal[i, p * m + q]
                    a[row + m + q] = upper[i, p * m + q] if i + 1 < n else 0.0
                    a[row + 2 * m + q] = lower[i - 1, p * m + q] if i > 0 else 0.0
                    beside = max(abs(a[row + m + q]), abs(a[row + 2 * m + q]))
                    largest = max(max(largest, abs(a[row + q])), beside)
                if not largest < np.inf:
                    return False
                scale[p] = (GAUSS if p == POTENTIAL else 1.0) / largest if largest > 0.0 else 1.0
                order[p] = p
                for q in range(width):
                    a[row + q] *= scale[p]
                if i > 0:
                    for k in range(m):
                        share = a[row + 2 * m + k]
                        for q in range(m):
                            a[row + q] -= share * above[k * m + q]
            for k in range(m):
                best, at = abs(a[k * width + k]), k
                for p in range(k + 1, m):
                    if abs(a[p * width + k]) > best:
                        best, at = abs(a[p * width + k]), p
                if not best > 0.0:
                    return False
                if at != k:
                    for q in range(width):
                        a[k * width + q], a[at * width + q] = a[at * width + q], a[k * width + q]
                    scale[k], scale[at] = scale[at], scale[k]
                    order[k], order[at] = order[at], order[k]
                pivot = 1.0 / a[k * width + k]
                a[k * width + k] = scale[k]
                for q in range(width):
                    a[k * width + q] *= pivot
                for p in range(m):
                    if p != k:
                        share = a[p * width + k]
                        a[p * width + k] = 0.0
                        for q in range(width):
                            a[p * width + q] -= share * a[k * width + q]
            for p in range(m):
                for q in range(m):
                    inverse[i, order[q] * m + p] = a[p * width + q]
                    right[i, q * m + p] = above[p * m + q] = a[p * width + m + q]
                    left[i, q * m + p] = a[p * width + 2 * m + q]
        return True

    @kernel
    def solve(inverse, right, left, rhs, out):
        """Write the solution (n, m); the blocks as (n, m^2)."""
        n = rhs.shape[0]
        m = size if size > 0 else rhs.shape[1]
        for i in range(n):
            for p in range(m):
                out[i, p] = 0.0
            for q in range(m):
                value = rhs[i, q]
                for p in range(m):
                    out[i, p] += inverse[i, q * m + p] * value
            if i > 0:
                for q in range(m):
                    value = out[i - 1, q]
                    for p in range(m):
                        out[i, p] -= left[i, q * m + p] * value
        for i in range(n - 2, -1, -1):
            for q in range(m):
                value = out[i + 1, q]
                for p in range(m):
                    out[i, p] -= right[i, q * m + p] * value

    @kernel
    def rest(diagonal, upper, lower, rhs, x, out):
        """Write rhs - A x (n, m); the blocks as (n, m^2)."""
        n = rhs.shape[0]
        m = size if size > 0 else rhs.shape[1]
        for i in range(n):
            for p in range(m):
                total = rhs[i, p]
                for q in range(m):
                    total -= diagonal[i, p * m + q] * x[i, q]
                if i + 1 < n:
                    for q in range(m):
                        total -= upper[i, p * m + q] * x[i + 1, q]
                if i > 0:
                    for q in range(m):
                        total -= lower[i - 1, p * m + q] * x[i - 1, q]
                out[i, p] = total

    own = size or "any"
    return (
        apart(boolean, f"factor_{own}")(factor),
        apart(none, f"solve_{own}")(solve),
        apart(none, f"rest_{own}")(rest),
    )


factor_3, solve_3, rest_3 = chain_of(3)
factor_4, solve_4, rest_4 = chain_of(4)
factor_any, solve_any, rest_any = chain_of(0)


@apart(boolean)
@kernel
def factor_chain(matrix, factors):
    """Eliminate the blocks of a chain (face i between the cells i and i + 1); False where a block has no pivot."""
    n, m, _ = factors.inverse.shape
    mm = m * m
    diagonal, upper, lower = (
        matrix.diagonal.reshape(n, mm),
        matrix.upper.reshape(n - 1, mm),
        matrix.lower.reshape(n - 1, mm),
    )
    inverse, right, left = factors.inverse.reshape(n, mm), factors.right.reshape(n, mm), factors.left.reshape(n, mm)
    if m == 4:
        return factor_4(diagonal, upper, lower, inverse, right, left)
    if m == 3:
        return factor_3(diagonal, upper, lower, inverse, right, left)
    return factor_any(diagonal, upper, lower, inverse, right, left)


@apart(none)
@kernel
def solve_chain(factors, rhs, out):
    """Write the solution (n, m) for a right-hand side (n, m) to out."""
    n, m, _ = factors.inverse.shape
    mm = m * m
    inverse, right, left = factors.inverse.reshape(n, mm), factors.right.reshape(n, mm), factors.left.reshape(n, mm)
    if m == 4:
        solve_4(inverse, right, left, rhs, out)
    elif m == 3:
        solve_3(inverse, right, left, rhs, out)
    else:
        solve_any(inverse, right, left, rhs, out)


@apart(none)
@kernel
def rest_of_chain(matrix, rhs, x, out):
    """Write rhs - A x (n, m)."""
    n, m = x.shape
    mm = m * m
    diagonal, upper, lower = (
        matrix.diagonal.reshape(n, mm),
        matrix.upper.reshape(n - 1, mm),
        matrix.lower.reshape(n - 1, mm),
    )
    if m == 4:
        rest_4(diagonal, upper, lower, rhs, x, out)
    elif m == 3:
        rest_3(diagonal, upper, lower, rhs, x, out)
    else:
        rest_any(diagonal, upper, lower, rhs, x, out)
