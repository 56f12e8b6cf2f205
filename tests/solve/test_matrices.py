"""Every linear solver takes any matrix of blocks, real or complex, and gives the dense answer."""

import importlib.util

import numpy as np
import pytest

from eisfv.device.build import Built
from eisfv.device.device import Device
from eisfv.equations.linearised import combine, combine_apart, linearised_handle, new_blocks
from eisfv.equations.tables_handle import tables_handle
from eisfv.solve.banded import Banded
from eisfv.solve.block_elimination import factor_chain, solve_chain
from eisfv.solve.chain_factors import new_factors, own_currents
from eisfv.solve.linear import linear_solver
from eisfv.solve.stage_work import counted_in_current
from eisfv.solve.superlu import SuperLU
from support.devices import h_stack, mg_stack
from support.jacobian import dense, evaluated, random_state, work_arrays
from support.sections import COARSE, stepped_film

needs_petsc = pytest.mark.skipif(importlib.util.find_spec("petsc4py") is None, reason="petsc4py is not installed")
SOLVERS = ["banded", "superlu", pytest.param("petsc", marks=[pytest.mark.petsc, needs_petsc])]
DEVICES = {"Mg": mg_stack(), "H": h_stack(), "section": stepped_film(**COARSE)}


def linearised(device: Device) -> tuple[Built, tuple[np.ndarray, ...]]:
    """Return a device, and C + i omega... of a random state: real and complex combinations as blocks."""
    built, u, voltages = random_state(device, 5, 0.3)
    system = evaluated(built, u, voltages, 1e-3, work_arrays(built, False))
    t = built.tables
    real, complex_ = new_blocks(t), new_blocks(t, complex)
    combine(tables_handle(t), linearised_handle(system.slopes), 1.0, 1e-3, real)
    combine(tables_handle(t), linearised_handle(system.slopes), 1e3j, 1.0, complex_)
    return built, (real, complex_)


@pytest.mark.parametrize("case", DEVICES)
@pytest.mark.parametrize("solver", SOLVERS)
def test_real_and_complex_matrices_are_solved_in_turn(case: str, solver: str) -> None:
    if solver == "banded" and case == "section":
        pytest.skip("a section is no chain")
    built, matrices = linearised(DEVICES[case])
    linear = linear_solver(solver, built.tables)
    rng = np.random.default_rng(3)
    for matrix in (*matrices, matrices[0]):
        expected = rng.normal(size=matrix.diagonal.shape[:2]).astype(matrix.diagonal.dtype)
        if np.iscomplexobj(expected):
            expected = expected + 1j * rng.normal(size=expected.shape)
        whole = dense(matrix, built)
        assert linear.factor(matrix)
        rhs = (whole @ expected.ravel()).reshape(expected.shape)
        found = linear.solve(rhs)
        assert found.dtype == expected.dtype
        # Gauss' law weighs little in the elimination: one refinement, as the stages take it.
        found += linear.solve(rhs - (whole @ found.ravel()).reshape(expected.shape))
        rest = whole @ (found - expected).ravel()
        scale = np.abs(whole) @ np.abs(expected.ravel())
        assert np.abs(rest / scale).max() < 1e-13


@pytest.mark.parametrize("case, solver", [("Mg", "banded"), ("H", "banded"), ("section", "superlu")])
def test_transposed_matrices_are_solved_with_the_same_factors(case: str, solver: str) -> None:
    built, matrices = linearised(DEVICES[case])
    linear = linear_solver(solver, built.tables)
    assert isinstance(linear, Banded | SuperLU)
    rng = np.random.default_rng(4)
    for matrix in matrices:
        expected = rng.normal(size=matrix.diagonal.shape[:2]).astype(matrix.diagonal.dtype)
        whole = dense(matrix, built).T
        assert linear.factor(matrix)
        rhs = (whole @ expected.ravel()).reshape(expected.shape)
        found = linear.solve_transposed(rhs)
        found += linear.solve_transposed(rhs - (whole @ found.ravel()).reshape(expected.shape))
        rest = whole @ (found - expected).ravel()
        assert np.abs(rest / (np.abs(whole) @ np.abs(expected.ravel()))).max() < 1e-12
        assert np.abs(whole.T @ found.ravel() - rhs.ravel()).max() > 1e-6 * np.abs(rhs).max()  # it is not symmetric


def test_the_parts_make_up_the_stage_matrix_and_the_small_signal_one() -> None:
    built, (stage, small) = linearised(DEVICES["Mg"])
    t = built.tables
    # T = (J - C)/dh, C = imaginary part of the small-signal matrix over omega.
    storage, transport = dense(small, built).imag / 1e3, dense(small, built).real
    np.testing.assert_allclose(storage + 1e-3 * transport, dense(stage, built), rtol=1e-13, atol=1e-30)
    assert np.abs(transport[:: stage.diagonal.shape[1]]).max() == 0.0, "Gauss' law does not wait for time"
    assert len(t.region) * stage.diagonal.shape[1] == storage.shape[0]


@pytest.mark.parametrize("case", ["Mg", "H"])
def test_the_elimination_of_a_chain_gives_the_dense_answer(case: str) -> None:
    built, u, voltages = random_state(DEVICES[case], 5, 0.3)
    system = evaluated(built, u, voltages, 1e-3, work_arrays(built, False))
    slopes, matrix, apart = linearised_handle(system.slopes), new_blocks(built.tables), new_blocks(built.tables)
    combine(tables_handle(built.tables), slopes, 1.0, 1e-3, matrix)
    combine_apart(slopes, 1.0, 1e-3, apart)
    charge, by_drop = counted_in_current(built.tables), system.slopes.by_drop
    factors = new_factors(*matrix.diagonal.shape[:2], charge)
    own_currents(system.slopes.storage, system.slopes.transport.diagonal, 1e-3, charge, factors.own)
    assert factor_chain(apart, by_drop, 1e-3, factors)
    expected = np.random.default_rng(3).normal(size=matrix.diagonal.shape[:2])
    whole = dense(matrix, built)
    rhs = (whole @ expected.ravel()).reshape(expected.shape)
    found, flows, total = np.empty_like(expected), np.empty_like(expected[1:]), np.empty(len(expected) - 1)
    solve_chain(factors, by_drop, 1e-3, rhs, found, flows, total)
    # The rows of the whole matrix, summed from what came with the solution.
    kept, size = (np.einsum("ipq,iq->ip", take(apart.diagonal), take(found)) for take in (np.asarray, np.abs))
    for sign, rows in ((1.0, slice(None, -1)), (-1.0, slice(1, None))):
        kept[rows] += sign * flows
        size[rows] += np.abs(flows)
    assert (np.abs(kept - rhs) / (size + np.abs(rhs))).max() < 1e-12
    passed = np.einsum("ip,ip->i", charge[:-1], flows)
    np.testing.assert_allclose(total, passed, rtol=1e-10, atol=1e-14 * np.abs(flows).max())
    passed = np.einsum("ip,ip->i", charge[:-1], flows)
    np.testing.assert_allclose(total, passed, rtol=1e-10, atol=1e-14 * np.abs(flows).max())
    # Gauss' law weighs little in the elimination: the answer itself is that of one refinement.
    more = np.empty_like(expected)
    solve_chain(factors, by_drop, 1e-3, rhs - (whole @ found.ravel()).reshape(expected.shape), more, flows, total)
    rest = np.abs(whole @ (found + more - expected).ravel()) / (np.abs(whole) @ np.abs(expected.ravel()))
    assert rest.max() < 1e-13


def test_a_chain_without_a_pivot_is_told() -> None:
    _, (matrix, _) = linearised(DEVICES["Mg"])
    matrix.diagonal[7, 1] = matrix.upper[7, 1] = matrix.lower[6, 1] = matrix.upper[6, 1] = matrix.lower[7, 1] = 0.0
    none = np.zeros((2, 0, matrix.diagonal.shape[1]))
    assert not factor_chain(matrix, none, 1.0, new_factors(*matrix.diagonal.shape[:2]))
