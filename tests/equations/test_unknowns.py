"""Unknowns have names; a cell may have one more that stores nothing, and nobody else notices."""

import numpy as np
import pytest

from eisfv.device.build import build
from eisfv.device.meshing import mesh_of
from eisfv.equations.unknowns import POTENTIAL, name_of, of_species, per_cell, potential, species, unknowns
from eisfv.solve.equilibrium import equilibrium
from eisfv.solve.linear import linear_solver
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Known, Source, Stage
from support.devices import mg_stack


def one_stage(auxiliary: int, solver: str = "banded") -> tuple[Stage, int]:
    """Return a stage of 1 ms after a jump of half a volt, and the unknowns of a cell."""
    device = mg_stack()
    built = build(device, mesh_of(device), auxiliary)
    linear = linear_solver(solver, built.tables)
    start = equilibrium(built, linear)
    newton = Newton(built.tables, linear, 1e-10)
    newton.evaluate(start, Known(np.zeros_like(newton.system.stored), 0.0), 1.0, True)
    known = Known(newton.system.stored.copy(), float(newton.gate[1]))
    stage = newton.stage(start, known, 1e-3, Source("voltage", start.voltage + 20.0, 1.0), 100)
    assert stage.converged
    return stage, per_cell(built.tables)


@pytest.mark.parametrize("solver", ["banded", "superlu"])
def test_an_unknown_that_no_law_fills_changes_nothing(solver: str) -> None:
    (plain, m), (wider, more) = one_stage(0, solver), one_stage(1, solver)
    assert more == m + 1
    np.testing.assert_allclose(wider.at.u[:, :m], plain.at.u, rtol=1e-12, atol=1e-12)
    assert not wider.at.u[:, m:].any()
    np.testing.assert_allclose(wider.stored, plain.stored, rtol=1e-13)
    np.testing.assert_allclose(wider.current, plain.current, rtol=1e-9)
    assert wider.stored.shape == plain.stored.shape, "it is no species"


def test_names_say_which_is_which() -> None:
    device = mg_stack()
    t = build(device, mesh_of(device), 1).tables
    cells, count = len(t.region), len(t.charge)
    y = np.tile(np.arange(count, dtype=float), (cells, 1))
    u = unknowns(t, t.region, np.full(cells, 7.0), y)
    assert (potential(u) == 7.0).all()
    assert (u[:, POTENTIAL] == 7.0).all()
    e = int(t.electron[0])
    for s in range(count):
        expected = y[:, s] if s != e else y[:, s] + t.mu0[t.region, s] - 7.0
        assert (u[:, of_species(s)] == expected).all()
    assert species(u, t).shape == (cells, count)
    names = ("Mg", "TFSI", "electron")
    beside = "the potential of the gradient energy"
    assert [name_of(k, names) for k in range(per_cell(t))] == ["the potential", *names, beside]
