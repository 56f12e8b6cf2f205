"""Elimination of a chain of cells in flows, in compiled code: cells in a row, each coupled to its two neighbours only.

    C_i x_i + F_i - F_i-1 = b_i        F_i = A_i x_i - B_i x_i+1 through the face between the cells i and i + 1

What stands before a cell is one block K and one number b for each balance, K_i x_i + F_i = b_i:

    K_i+1 = C_i+1 + K_i X_i,   X_i = (K_i + A_i)^-1 B_i                          down the chain
    b_i+1 = b_i+1 + G_i b_i,   G_i = A_i (K_i + A_i)^-1
    x_i = (K_i + A_i)^-1 b_i + X_i x_i+1,   F_i = G_i b_i - K_i X_i x_i+1        and up again

The elimination of the assembled matrix, whose diagonal is C_i + A_i + B_i-1, asks for B - A X instead of K X, and has
it to the rounding of B. Where a good conductor ends in a double layer or in a leak, B is 1e10 to 1e20 times K, and the
common shift of its levels is lost. A row that stores much beside what flows, or has no flow at all, takes B - A X:
whichever of the two is less of a difference. The flows that come with the solution obey the balances to their own
rounding, not to that of A x.

The drop of the potential across a face may be felt beside its flow, by the rows of the left cell as near (x_i+1 - x_i)
and by those of the right one as far (x_i+1 - x_i) of the potentials: both blocks A and B then are less by `near` in the
left rows, K + A, and more by `far` in the right ones, which take up what is passed on.

The balance of the current, a sum of a cell's rows, is carried along as a row of its own, in which K holds nothing of
what is stored, and stands in the block for one of them (`eisfv.solve.chain_factors`).

The blocks K + A are inverted with pivoting. Rows are scaled first: by their largest entry, Gauss' law a thousand times
less (`eisfv.solve.pattern` says why). The kernels are compiled once for every common number of unknowns a cell, so that
the compiler unrolls the loops over a block: with four unknowns a solution takes a third and an elimination four fifths
of the time of loops of any length.

Source: of a scalar chain this is the elimination of W. K. Grassmann, M. I. Taksar, D. P. Heyman, Oper. Res. 33 (1985)
1107, which has no subtraction.
"""

from typing import Any

import numpy as np
from numba.core.types import boolean, none

from eisfv.compiled_apart import apart
from eisfv.equations.unknowns import POTENTIAL
from eisfv.kernel import allocating, kernel
from eisfv.solve.chain_factors import place_of_current
from eisfv.solve.pattern import GAUSS


def chain_of(size: int) -> tuple[Any, Any]:
    """Return the kernels `factor` and `solve` for a number of unknowns a cell; 0: for any number."""

    @allocating
    def factor(own, upper, lower, by_drop, weight, inverse, right, onward, behind, charge, place, alone):
        """Eliminate; the blocks as (n, m^2), False where one has no pivot. by_drop (2, faces or 0, m), times weight:
        `near` and `far`."""
        n = own.shape[0]
        m = size if size > 0 else round(np.sqrt(own.shape[1]))
        width = 2 * m
        # [K_i + A_i | B_i], rows scaled; what is eliminated gives way to the inverse
        a = np.empty((m + 1) * width)
        sizes, stored, flows = np.empty(m), np.empty(m), np.empty(m)  # of `place_of_current`
        # K_i, and A_i, B_i of the right rows; the last row is that of the current
        before, ahead, beyond = np.zeros((m + 1) * m), np.empty((m + 1) * m), np.empty((m + 1) * m)
        felt = np.zeros(m + 1)  # near + far
        scale, order = np.empty(m), np.empty(m, np.int64)  # of the rows, and which they were, as pivoting has them
        for pq in range(m * m):
            before[pq] = own[0, pq]
        for i in range(n):
            joined = i + 1 < n
            for p in range(m):
                near, far = 0.0, 0.0
                if joined and i < by_drop.shape[1]:
                    near, far = weight * by_drop[0, i, p], weight * by_drop[1, i, p]
                felt[p] = near + far
                at = p * width
                largest = 0.0
                for q in range(m):
                    here = -lower[i, p * m + q] if joined else 0.0
                    there = -upper[i, p * m + q] if joined else 0.0
                    off = q == POTENTIAL
                    a[at + q] = before[p * m + q] + (here - near if off else here)
                    a[at + m + q] = there - near if off else there
                    ahead[p * m + q], beyond[p * m + q] = here + far if off else here, there + far if off else there
                    largest = max(largest, max(abs(a[at + q]), abs(a[at + m + q])))
                if not largest < np.inf:
                    return False
                counts = abs(charge[i, p])
                sizes[p], stored[p], scale[p] = counts * largest, counts * abs(before[p * m + p]), largest
                flows[p] = counts * abs(lower[i, p * m + p]) if joined else 0.0
                if joined and p == POTENTIAL:
                    stored[p] = flows[p]
            for q in range(m):
                near, far = 0.0, 0.0
                for p in range(m):
                    near += charge[i, p] * ahead[p * m + q]
                    far += charge[i, p] * beyond[p * m + q]
                before[m * m + q] += alone[i, q]
                ahead[m * m + q], beyond[m * m + q] = near, far
            felt[m] = 0.0
            for p in range(m if i < by_drop.shape[1] else 0):
                felt[m] += charge[i, p] * felt[p]
            s = place_of_current(sizes, stored, flows, m)
            place[i] = s
            if s >= 0:
                for q in range(m):
                    lost = felt[m] if q == POTENTIAL else 0.0
                    a[m * width + q] = before[m * m + q] + (ahead[m * m + q] - lost)
                    a[m * width + m + q] = beyond[m * m + q] - lost
                scale[s] = 0.0
                for q in range(width):
                    a[s * width + q] = a[m * width + q]
                    scale[s] = max(scale[s], abs(a[s * width + q]))
            for p in range(m):
                scale[p] = (GAUSS if p == POTENTIAL else 1.0) / scale[p] if scale[p] > 0.0 else 1.0
                order[p] = p
                for q in range(width):
                    a[p * width + q] *= scale[p]
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
                    right[i, q * m + p] = a[p * width + m + q]
            if not joined:
                break
            for p in range(m + 1):
                lost, lost_across = 0.0, 0.0
                for k in range(m):
                    largest, across = 0.0, abs(beyond[p * m + k])
                    for q in range(m):
                        largest = max(largest, abs(right[i, q * m + k]))
                    lost += abs(before[p * m + k]) * largest
                    lost_across += abs(ahead[p * m + k]) * largest + across
                taken = lost_across <= lost
                for q in range(m):
                    passed, kept = 0.0, beyond[p * m + q] if taken else 0.0
                    for k in range(m):
                        passed += ahead[p * m + k] * inverse[i, q * m + k]
                        share = -ahead[p * m + k] if taken else before[p * m + k]
                        kept += share * right[i, q * m + k]
                    if not taken and felt[p] != 0.0:
                        kept += felt[p] * ((1.0 if q == POTENTIAL else 0.0) - right[i, q * m + POTENTIAL])
                    onward[i, q * (m + 1) + p], behind[i, q * (m + 1) + p] = passed, kept
            for q in range(m):
                for p in range(m):
                    before[p * m + q] = own[i + 1, p * m + q] + behind[i, q * (m + 1) + p]
                before[m * m + q] = behind[i, q * (m + 1) + m]
        return True

    @kernel
    def solve(inverse, right, onward, behind, charge, place, rhs, out, flows, total):
        """Write the solution (n, m), the flows (n - 1, m) and what of the current they add up to (n - 1); the blocks
        as (n, m^2)."""
        n = rhs.shape[0]
        m = size if size > 0 else rhs.shape[1]
        through = 0.0
        for i in range(n):
            for p in range(m):
                out[i, p] = 0.0
                through += charge[i, p] * rhs[i, p]
            passed, s = 0.0, place[i]
            for q in range(m):
                value = through if q == s else rhs[i, q] + (flows[i - 1, q] if i > 0 else 0.0)
                for p in range(m):
                    out[i, p] += inverse[i, q * m + p] * value
                if i + 1 < n:
                    passed += onward[i, q * (m + 1) + m] * value
                    for p in range(m):
                        flows[i, p] = onward[i, q * (m + 1) + p] * value + (flows[i, p] if q > 0 else 0.0)
            if i + 1 < n:
                total[i] = through = passed
        for i in range(n - 2, -1, -1):
            for q in range(m):
                value = out[i + 1, q]
                total[i] -= behind[i, q * (m + 1) + m] * value
                for p in range(m):
                    out[i, p] += right[i, q * m + p] * value
                    flows[i, p] -= behind[i, q * (m + 1) + p] * value

    own = size or "any"
    return apart(boolean, f"factor_{own}")(factor), apart(none, f"solve_{own}")(solve)


factor_3, solve_3 = chain_of(3)
factor_4, solve_4 = chain_of(4)
factor_any, solve_any = chain_of(0)


@apart(boolean)
@kernel
def factor_chain(matrix, by_drop, weight, factors):
    """Eliminate a chain as `eisfv.equations.linearised.combine_apart` writes it, face i between the cells i and i + 1;
    False where a block has no pivot. by_drop of `Linearised`, weight: what multiplies it."""
    n, m, _ = factors.inverse.shape
    mm = m * m
    own, upper, lower = (
        matrix.diagonal.reshape(n, mm),
        matrix.upper.reshape(n - 1, mm),
        matrix.lower.reshape(n - 1, mm),
    )
    inverse, right = factors.inverse.reshape(n, mm), factors.right.reshape(n, mm)
    onward, behind = factors.onward.reshape(n, mm + m), factors.behind.reshape(n, mm + m)
    charge, place, alone = factors.charge, factors.place, factors.own
    if m == 4:
        return factor_4(own, upper, lower, by_drop, weight, inverse, right, onward, behind, charge, place, alone)
    if m == 3:
        return factor_3(own, upper, lower, by_drop, weight, inverse, right, onward, behind, charge, place, alone)
    return factor_any(own, upper, lower, by_drop, weight, inverse, right, onward, behind, charge, place, alone)


@apart(none)
@kernel
def solve_chain(factors, by_drop, weight, rhs, out, flows, total):
    """Write the solution (n, m) for a right-hand side (n, m) to out, the flows (n - 1, m) to flows and their current
    (n - 1) to total."""
    n, m, _ = factors.inverse.shape
    mm = m * m
    inverse, right = factors.inverse.reshape(n, mm), factors.right.reshape(n, mm)
    onward, behind = factors.onward.reshape(n, mm + m), factors.behind.reshape(n, mm + m)
    charge, place = factors.charge, factors.place
    if m == 4:
        solve_4(inverse, right, onward, behind, charge, place, rhs, out, flows, total)
    elif m == 3:
        solve_3(inverse, right, onward, behind, charge, place, rhs, out, flows, total)
    else:
        solve_any(inverse, right, onward, behind, charge, place, rhs, out, flows, total)
    for f in range(by_drop.shape[1]):
        drop = out[f + 1, POTENTIAL] - out[f, POTENTIAL]
        for p in range(m):
            flows[f, p] += weight * by_drop[1, f, p] * drop
            total[f] += charge[f, p] * weight * by_drop[1, f, p] * drop
