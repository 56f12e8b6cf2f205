"""What Newton's last update leaves out of the amounts, on a plateau of U(x): as said by the laws themselves."""

from pathlib import Path

import numpy as np
import pytest

import eisfv.solve.newton
from eisfv.case import Case, load
from eisfv.equations.local import laws_at
from eisfv.equations.tables_handle import tables_handle
from eisfv.model.solver_options import SolverOptions
from eisfv.simulation import Simulation, SolverError
from eisfv.solve.convergence import amounts_left, converged
from eisfv.stepping.state import amounts
from support.plateau_hosts import write_case

NEWTON = 1e-4  # RT, and of an amount: the default of TR-BDF2
PULSE = 1.07  # s: the host has come to the end of its plateau


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return load(write_case(tmp_path, "rising twice, convex", 0.03))


@pytest.mark.parametrize("since", [0.0, 3e-3])
def test_what_an_update_leaves_out_is_what_the_laws_say(case: Case, since: float) -> None:
    simulation = Simulation(case.device)
    t, e = simulation.built.tables, int(simulation.built.tables.electron[0])
    u = simulation.state.at.u
    none = np.zeros_like(u)
    host = t.region == len(t.permittivity) - 1
    for size in (1e-3, -1e-3, 8e-3):
        update = none.copy()
        update[:, 1 + e] = size
        made = u - since * (update != 0.0)
        told = amounts_left(tables_handle(t), u + update, made, update, none, 0.0)
        before, after, at = (laws_at(t, t.region, one) for one in (u, u + update, made))
        linear = before.concentration[:, e] + at.d_concentration[:, e, 1 + e] * size
        left = np.abs(after.concentration[:, e] - linear)[host] / after.concentration[host, e]
        np.testing.assert_allclose(told, left.max(), rtol=1e-6)


def test_carriers_with_an_exponential_of_their_own_are_left_to_the_update() -> None:
    simulation = Simulation(load(Path("cases/mg_wo3_pulses")).device)
    u = simulation.state.at.u
    handle = tables_handle(simulation.built.tables)
    assert amounts_left(handle, u + 1.0, u, np.ones_like(u), np.zeros_like(u), 0.0) == 0.0


def misfit(case: Case, options: SolverOptions) -> float:
    """Return by how much of itself the largest amount of electrons in the host differs from what the unknowns say, in
    any accepted step up to the end of the plateau."""
    simulation = Simulation(case.device, options)
    t, e = simulation.built.tables, int(simulation.built.tables.electron[0])
    cells = np.flatnonzero((t.region == len(t.permittivity) - 1) & (t.volume > 0.0))
    worst = 0.0
    for step in case.protocol:
        for accepted in simulation.drive(step):
            held = laws_at(t, t.region, accepted.end.at.u).concentration[cells, e] * t.volume[cells]
            worst = max(worst, float(np.abs(amounts(t, accepted.end)[cells, e] / held - 1.0).max()))
            if accepted.end.time > PULSE:
                return worst
    return worst


@pytest.mark.parametrize("method", ["tr_bdf2", "bdf"])
def test_the_amounts_of_a_plateau_are_those_of_its_levels(case: Case, method: str) -> None:
    # The last update of a stage is followed by no other: what it leaves out is the tolerance, of either of its stages.
    assert misfit(case, SolverOptions(method=method, newton=NEWTON)) < 3.0 * NEWTON


def test_an_update_of_levels_alone_loses_them(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eisfv.solve.newton, "amounts_left", lambda *_: 0.0)
    assert converged(7.8e-3, 0.0, 7.8e-3, True, NEWTON)
    with pytest.raises(SolverError, match="that are imposed"):
        misfit(case, SolverOptions(method="tr_bdf2", newton=NEWTON))
