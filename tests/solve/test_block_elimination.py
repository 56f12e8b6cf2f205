"""The elimination of a chain of cells in flows: against dense matrices, for every number of unknowns that has its own
kernel, and against exact answers where a dense matrix has none."""

from fractions import Fraction

import numpy as np
import pytest

from eisfv.device.tables import Floats
from eisfv.equations.linearised import Blocks
from eisfv.solve.block_elimination import factor_chain, solve_chain
from eisfv.solve.chain_factors import new_factors, own_currents

NO_DROPS = np.zeros((2, 0, 1))
WEIGHT = 0.3


def chain(cells: int, m: int, drops: bool) -> tuple[Blocks, Floats, Floats]:
    """Return a random chain, what feels the drop across its faces, and both as one dense matrix."""
    rng = np.random.default_rng(10 * cells + m)
    blocks = Blocks(*(rng.normal(size=(count, m, m)) for count in (cells, cells - 1, cells - 1)))
    by_drop = rng.normal(size=(2, cells - 1 if drops else 0, m))
    dense = np.zeros((cells, m, cells, m))
    for i in range(cells):
        dense[i, :, i] = blocks.diagonal[i]
    for f in range(cells - 1):
        dense[f, :, f + 1], dense[f + 1, :, f] = blocks.upper[f], blocks.lower[f]
        dense[f, :, f] -= blocks.lower[f]
        dense[f + 1, :, f + 1] -= blocks.upper[f]
        for k in range(2 if drops else 0):
            dense[f + k, :, f, 0] -= WEIGHT * by_drop[k, f]
            dense[f + k, :, f + 1, 0] += WEIGHT * by_drop[k, f]
    return blocks, by_drop, dense.reshape(cells * m, cells * m)


def flows_of(cells: int, m: int) -> tuple[Floats, Floats]:
    """Return arrays for the flows of a chain and for their current."""
    return np.zeros((cells - 1, m)), np.zeros(cells - 1)


@pytest.mark.parametrize("charged", [False, True])
@pytest.mark.parametrize("drops", [False, True])
@pytest.mark.parametrize("m", [2, 3, 4, 5, 7])
@pytest.mark.parametrize("cells", [1, 2, 23])
def test_a_chain_is_solved_as_the_dense_matrix_and_tells_its_flows(
    cells: int, m: int, drops: bool, charged: bool
) -> None:
    blocks, by_drop, dense = chain(cells, m, drops)
    rhs = np.random.default_rng(m).normal(size=(cells, m))
    charge = np.broadcast_to([1.0, -1.0, 2.0, 0.0, 1.0, 3.0, -2.0][:m], (cells, m)).copy() if charged else None
    factors, x, flows, total = new_factors(cells, m, charge), np.zeros((cells, m)), *flows_of(cells, m)
    own_currents(np.zeros_like(blocks.diagonal), blocks.diagonal, 1.0, factors.charge, factors.own)
    assert factor_chain(blocks, by_drop, WEIGHT, factors)
    solve_chain(factors, by_drop, WEIGHT, rhs, x, flows, total)
    assert (factors.place >= 0).all() == charged
    expected = np.linalg.solve(dense, rhs.ravel()).reshape(cells, m)
    error = 1e-12 * np.linalg.cond(dense) * np.abs(expected).max()
    np.testing.assert_allclose(x, expected, atol=error)
    through = np.einsum("fpq,fq->fp", blocks.upper, expected[1:]) - np.einsum("fpq,fq->fp", blocks.lower, expected[:-1])
    np.testing.assert_allclose(flows, through, atol=10.0 * error)
    passed = through @ charge[0] if charge is not None else np.zeros(cells - 1)
    np.testing.assert_allclose(total, passed, atol=100.0 * error)


@pytest.mark.parametrize("m", [2, 3, 4, 5])
def test_a_block_that_needs_its_rows_exchanged_has_a_pivot(m: int) -> None:
    exchanged = np.eye(m)[::-1].copy()
    factors, x = new_factors(1, m), np.zeros((1, m))
    assert factor_chain(Blocks(exchanged[None], *np.zeros((2, 0, m, m))), NO_DROPS, 1.0, factors)
    solve_chain(factors, NO_DROPS, 1.0, np.arange(1.0, m + 1.0)[None], x, *flows_of(1, m))
    np.testing.assert_allclose(x[0], np.arange(m, 0.0, -1.0), rtol=1e-15)


@pytest.mark.parametrize("m", [2, 3, 4, 5])
@pytest.mark.parametrize("entry", [0.0, np.nan, np.inf])
def test_a_row_of_nothing_and_one_that_is_no_number_have_none(m: int, entry: float) -> None:
    blocks, by_drop, _ = chain(5, m, False)
    blocks.diagonal[0, m - 1], blocks.upper[0, m - 1], blocks.lower[0, m - 1] = entry, 0.0, 0.0
    assert not factor_chain(blocks, by_drop, 1.0, new_factors(5, m))


def test_a_good_conductor_that_ends_in_a_leak_keeps_the_common_level_and_its_flows() -> None:
    """Currents into cells in a row: faces of 1 to 1e6, no leak but one of 1e-18 at the last cell. The level of all is
    the sum of the currents over the leak, every flow the sum of the currents before it, whatever the conductances."""
    cells, m, leak = 40, 3, 1e-18
    rng = np.random.default_rng(7)
    ease = np.zeros((cells - 1, m, m))
    ease[:, range(m), range(m)] = 10.0 ** rng.uniform(0.0, 6.0, (cells - 1, m))
    own = np.zeros((cells, m, m))
    own[-1] = leak * np.eye(m)
    given = rng.normal(size=(cells, m))
    factors, level, flows, total = new_factors(cells, m), np.zeros((cells, m)), *flows_of(cells, m)
    assert factor_chain(Blocks(own, -ease, -ease), NO_DROPS, 1.0, factors)
    solve_chain(factors, NO_DROPS, 1.0, given, level, flows, total)

    sums = [[float(sum(map(Fraction, given[: i + 1, p]))) for p in range(m)] for i in range(cells)]
    np.testing.assert_allclose(flows, sums[:-1], atol=1e-14 * np.abs(given).sum())
    np.testing.assert_allclose(level, np.broadcast_to(sums[-1], (cells, m)) / np.float64(leak), rtol=1e-12)

    assembled = np.zeros((cells, cells))
    for f, g in enumerate(ease[:, 0, 0]):
        assembled[f : f + 2, f : f + 2] += g * np.array([[1.0, -1.0], [-1.0, 1.0]])
    assembled[-1, -1] += leak
    lost = np.linalg.solve(assembled + 1e-300 * np.eye(cells), given[:, 0])
    assert not np.allclose(lost, level[:, 0], rtol=0.1), "the assembled matrix has lost the leak"


def host_behind_an_insulator(cells: int, ease: float) -> tuple[Blocks, Floats]:
    """Return a chain of potential, ion and electrons of a host, and what counts in its current: it stores about 1 of
    both and conducts well, and leads to ground, which is the last cell, by `ease`; displacements are of 1e-9."""
    rng = np.random.default_rng(11)
    own, through = np.zeros((cells, 3, 3)), np.zeros((cells - 1, 3, 3))
    charge, held = np.array([1.0, 1.0, -1.0]), rng.uniform(0.5, 1.5, (cells, 2))
    own[:, 1, 1], own[:, 2, 2], own[:, 2, 0] = held[:, 0], held[:, 1], held[:, 1]
    own[:, 0] = -charge[1] * own[:, 1] - charge[2] * own[:, 2]
    own[-1] = np.eye(3)
    through[:, 0, 0] = 1e-9
    through[:, 1, 0] = through[:, 1, 1] = 1e-3 * rng.uniform(0.5, 1.5, cells - 1)
    through[:, 2, 2] = 1e8 * rng.uniform(0.5, 1.5, cells - 1)
    through[-1] = np.diag([ease, 0.0, ease])
    return Blocks(own, -through, -through), np.broadcast_to(charge, (cells, 3)).copy()


def exactly(blocks: Blocks, transport: Floats, rhs: Floats) -> Floats:
    """Return the solution (cells, m) by elimination in fractions; transport (cells, m, m) beside what cells store."""
    cells, m = rhs.shape
    exact = np.vectorize(Fraction, otypes=[object])
    own, upper, lower = (exact(block) for block in blocks)
    rows = np.full((cells, m, cells, m), Fraction(0), object)
    for i in range(cells):
        rows[i, :, i] = own[i] + exact(transport[i])
    for f in range(cells - 1):
        for here, there, slope in ((f, f + 1, upper[f]), (f + 1, f, lower[f])):
            rows[here, :, there] += slope
            rows[here, :, here] -= slope
    n = cells * m
    whole = np.column_stack([rows.reshape(n, n), exact(rhs.ravel())])
    for k in range(n):
        at = k + int(np.flatnonzero(whole[k:, k])[0])
        whole[[k, at]] = whole[[at, k]]
        whole[k] = whole[k] / whole[k, k]
        for i in np.flatnonzero(whole[:, k]):
            if i != k:
                whole[i] = whole[i] - whole[i, k] * whole[k]
    return whole[:, -1].astype(float).reshape(cells, m)


@pytest.mark.parametrize("ease, contact", [(1e-20, 0.0), (1e-30, 1e-20)])
def test_what_a_host_stores_does_not_hide_the_current_that_leaves_it(ease: float, contact: float) -> None:
    """Electrons are put into the first cell of a host that conducts to ground, or to a contact, by 1e-20 of what it
    stores: its levels are in the exact answer that of what leaves it."""
    cells = 9
    blocks, charge = host_behind_an_insulator(cells, ease)
    given, transport = np.zeros((cells, 3)), np.zeros((cells, 3, 3))
    given[0, 2], transport[0, 2, 2] = 1.0, contact
    exact = exactly(blocks, transport, given)
    blocks.diagonal[:] += transport  # which leaves it as it was
    alone = blocks.diagonal - transport

    found, currents = np.zeros((2, cells, 3)), np.zeros((2, cells - 1))
    for counts, x, total in zip((charge, None), found, currents, strict=True):
        factors, flows = new_factors(cells, 3, counts), np.zeros((cells - 1, 3))
        own_currents(alone, transport, 1.0, factors.charge, factors.own)
        assert factor_chain(blocks, NO_DROPS, 1.0, factors)
        solve_chain(factors, NO_DROPS, 1.0, given, x, flows, total)
    # What reaches ground beside a contact is known to the rounding of what the contact takes.
    expected, rounding = -charge[-1] @ blocks.upper[-1] @ (exact[-2] - exact[-1]), 1e-4 if contact else 1e-12
    np.testing.assert_allclose(currents[0], expected, rtol=rounding)
    np.testing.assert_allclose(found[0, :, 2], exact[:, 2], rtol=1e-9)
    assert not np.allclose(found[1, :, 2], exact[:, 2], rtol=0.1), "without its row of the current the level is lost"
