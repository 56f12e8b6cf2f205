"""The elimination of a chain of blocks against dense matrices, for every number of unknowns that has its own kernel."""

import numpy as np
import pytest

from eisfv.device.tables import Floats
from eisfv.equations.linearised import Blocks
from eisfv.solve.block_elimination import factor_chain, new_factors, rest_of_chain, solve_chain


def chain(cells: int, m: int) -> tuple[Blocks, Floats]:
    """Return a random chain and the same as one dense matrix."""
    rng = np.random.default_rng(10 * cells + m)
    blocks = Blocks(*(rng.normal(size=(count, m, m)) for count in (cells, cells - 1, cells - 1)))
    dense = np.zeros((cells, m, cells, m))
    for i in range(cells):
        dense[i, :, i] = blocks.diagonal[i]
    for f in range(cells - 1):
        dense[f, :, f + 1], dense[f + 1, :, f] = blocks.upper[f], blocks.lower[f]
    return blocks, dense.reshape(cells * m, cells * m)


@pytest.mark.parametrize("m", [2, 3, 4, 5, 7])
@pytest.mark.parametrize("cells", [1, 2, 23])
def test_a_chain_is_solved_as_the_dense_matrix(cells: int, m: int) -> None:
    blocks, dense = chain(cells, m)
    rhs = np.random.default_rng(m).normal(size=(cells, m))
    factors, x, rest, more = new_factors(cells, m), *np.zeros((3, cells, m))
    assert factor_chain(blocks, factors)
    solve_chain(factors, rhs, x)
    rest_of_chain(blocks, rhs, x, rest)
    np.testing.assert_allclose(rest.ravel(), rhs.ravel() - dense @ x.ravel(), atol=1e-13 * np.abs(dense).max())
    solve_chain(factors, rest, more)
    expected = np.linalg.solve(dense, rhs.ravel())
    np.testing.assert_allclose((x + more).ravel(), expected, rtol=1e-13 * np.linalg.cond(dense))


@pytest.mark.parametrize("m", [2, 3, 4, 5])
def test_a_block_that_needs_its_rows_exchanged_has_a_pivot(m: int) -> None:
    exchanged = np.eye(m)[::-1].copy()
    factors, x = new_factors(1, m), np.zeros((1, m))
    assert factor_chain(Blocks(exchanged[None], *np.zeros((2, 0, m, m))), factors)
    solve_chain(factors, np.arange(1.0, m + 1.0)[None], x)
    np.testing.assert_allclose(x[0], np.arange(m, 0.0, -1.0), rtol=1e-15)


@pytest.mark.parametrize("m", [2, 3, 4, 5])
@pytest.mark.parametrize("entry", [0.0, np.nan, np.inf])
def test_a_row_of_nothing_and_one_that_is_no_number_have_none(m: int, entry: float) -> None:
    blocks, _ = chain(5, m)
    blocks.diagonal[0, m - 1], blocks.upper[0, m - 1] = entry, 0.0
    assert not factor_chain(blocks, new_factors(5, m))
