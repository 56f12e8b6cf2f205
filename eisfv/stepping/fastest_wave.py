"""The fastest of the waves by which cells of hosts fall apart, whatever joins them.

    N dx/dt = -B' g B mu,  mu = H x / N       g: ease of a passage, N: sites of a cell               mol/s, mol
    H = N S + B_k' k B_k                      second derivative of the energy over RT                mol
    r = largest eigenvalue of -(g^1/2 B N^-1) H (N^-1 B' g^1/2)                                      1/s

A passage joins two cells, or a cell with what lies behind its wall. Behind the walls is an electrolyte, taken as fast,
which makes r an upper bound. Where the current is given, what enters by one wall leaves by the others: on the walls
only perturbations with sum g^1/2 y = 0 are asked, which is B with the electrolyte's level eliminated.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.sparse import block_array, csc_array, csr_array, diags_array, vstack
from scipy.sparse.linalg import LinearOperator, eigsh, splu

from eisfv.device.tables import Floats, Ints

# Of an eigenvalue's distance from the bound: to what Lanczos' iteration finds it; of itself: to what it has to be
# known, since steps are a share of its inverse; of the first bound: what counts as none. SPARE: of the first, what the
# next bound keeps above what was found, which may be an eigenvalue beside the largest one.
NEAR, KNOWN, ROUNDING, SPARE = 1e-3, 0.02, 1e-12, 10.0


class Network(NamedTuple):
    """Cells and their passages.

    sites        of the cells                                                                        mol
    left, right  cells of the passages, and of stiff neighbours
    stiff        kappa c A/h of pairs of neighbours, in the order of the first passages              mol
    walls        cells with a wall
    """

    sites: Floats
    left: Ints
    right: Ints
    stiff: Floats
    walls: Ints


def fastest_wave(network: Network, own: Floats, ease: Floats, walls: Floats, closed: bool, above: float) -> float:
    """Return r (1/s).

    own: N S and what walls add to it (mol); ease: of the passages, walls: of the walls, none where nothing passes
    (mol/s); closed: whether what enters by one wall leaves by the others; above: `bound`, 1/s
    """
    cells, count = len(network.sites), len(network.left)
    rise = differences(network.left, network.right, cells)
    near = rise[: len(network.stiff)]
    energy = diags_array(own) + near.T @ diags_array(network.stiff) @ near
    open_walls = walls > 0.0
    if open_walls.any():
        at = network.walls[open_walls]
        rise = vstack([rise, csr_array((np.ones(len(at)), (np.arange(len(at)), at)), shape=(len(at), cells))])
    through = np.concatenate([ease, walls[open_walls]])
    weighted = diags_array(np.sqrt(through)) @ rise @ diags_array(1.0 / network.sites)
    matrix = csc_array(-(weighted @ energy @ weighted.T))
    kept = np.zeros(len(through))
    if closed and open_walls.any():
        kept[count:] = np.sqrt(through[count:] / through[count:].sum())
    # Made of differences, as what is asked for is: without eddies, which cost nothing. Any that has all waves in it.
    start = weighted @ np.random.default_rng(1).normal(size=cells)
    return largest_below(matrix, above, kept, start)


def differences(left: Ints, right: Ints, cells: int) -> csr_array:
    """Return the matrix of the rises from left to right."""
    rows = np.concatenate([np.arange(len(left)), np.arange(len(left))])
    signs = np.concatenate([-np.ones(len(left)), np.ones(len(left))])
    return csr_array((signs, (rows, np.concatenate([left, right]))), shape=(len(left), cells))


def bound(network: Network, own: Floats, ease: Floats, walls: Floats) -> float:
    """Return what r does not exceed: no wave in a host grows faster than m S^2/(4 kappa), and what walls and passages
    between hosts let in adds what it could do to the smallest cell alone."""
    softest = np.maximum(-own / network.sites, 0.0).max()
    pairs = len(network.stiff)
    inside = ease[:pairs] * softest**2 / network.stiff
    passing = walls.sum() + ease[pairs:].sum()
    return float(inside.max(initial=0.0) + 4.0 * softest * passing / network.sites.min())


def largest_below(matrix: csc_array, above: float, kept: Floats, start: Floats) -> float:
    """Return the largest eigenvalue of a symmetric matrix on what is normal to the unit vector `kept` (zero: on
    everything), of which none exceeds `above`; to a fiftieth of itself, or to rounding beside the bound.

    Lanczos' iteration on (above - matrix)^-1 knows it to a share of its distance from the bound, which may be many
    times a slow wave's own rate: the bound is drawn down to it until it is known.
    """
    size = matrix.shape[0]
    start = start - (kept @ start) * kept
    least = ROUNDING * above
    while True:
        inverse = LinearOperator((size, size), matvec=inverse_beside(matrix, above, kept), dtype=float)
        options = {"sigma": above, "OPinv": inverse, "v0": start, "tol": NEAR, "return_eigenvectors": False}
        found = float(eigsh(matrix, k=1, **options)[0])
        unsure = NEAR * (above - found)
        if unsure < max(KNOWN * found, least):
            return found
        above = found + SPARE * unsure


def inverse_beside(matrix: csc_array, shift: float, kept: Floats) -> Callable[[Floats], Floats]:
    """Return the function that multiplies with the inverse of matrix - shift, on what is normal to `kept`."""
    size = matrix.shape[0]
    shifted = matrix - shift * diags_array(np.ones(size))
    if not kept.any():
        plain = splu(csc_array(shifted))
        return lambda rhs: np.asarray(plain.solve(rhs))
    column = csr_array(kept[:, None])
    beside = splu(csc_array(block_array([[shifted, column], [column.T, None]])))
    return lambda rhs: np.asarray(beside.solve(np.append(rhs, 0.0))[:size])
