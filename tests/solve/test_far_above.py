"""An amount whose level is predicted far too high: what the stage returns of it is what its potential says.

Its balance asks for -1 of the amount there, whatever the distance, and the level falls by all of it at once. A slope of
so large an amount takes the next update, whatever it is, for the last one: the level would stay where it has come to.
"""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import of_species
from eisfv.model.solver_options import SolverOptions
from eisfv.model.species import Bound
from eisfv.simulation import Simulation
from eisfv.solve.compiled_stage import CONVERGED, stage
from eisfv.solve.newton import ITERATIONS_MAX
from eisfv.solve.stage_records import Iterate, Known, Source
from eisfv.solve.stage_work import FACTORED, VOLTAGE
from eisfv.stepping.compiled import CompiledIntegrator
from eisfv.stepping.state import counted
from support.devices import binary, one_layer

DH = 1e-9  # s
TRAPS = Bound(1, of="cation", density=40.0, capture=2e-3, release=50.0, concentration=1e-9)


@pytest.fixture
def simulation() -> Simulation:
    plain = binary(10.0)
    return Simulation(
        one_layer(replace(plain, species={**plain.species, "bound": TRAPS}), 1e-7), SolverOptions(method="bdf")
    )


@pytest.mark.parametrize("above", [0.1, 8.0, 10.0, 12.0, 22.0])
@pytest.mark.parametrize("compiled", [False, True])
def test_an_amount_is_what_its_potential_says(simulation: Simulation, above: float, compiled: bool) -> None:
    t, bound = simulation.built.tables, simulation.built.number("bound")
    newton, source = simulation.newton, Source("current", 0.0, 0.0)
    state = counted(newton, simulation.state)
    u = state.at.u.copy()
    u[:, of_species(bound)] += above
    if compiled:
        integrator = simulation.integrator
        assert isinstance(integrator, CompiledIntegrator)
        integrator.load(state)
        w = integrator.work
        w.u[:], w.number[VOLTAGE], w.number[FACTORED] = u, state.at.voltage, 0.0
        options = (DH, False, 0.0, 0.0, newton.tolerance, ITERATIONS_MAX)
        assert stage(integrator.t, integrator.a, integrator.w, state.stored, state.charge, *options) == CONVERGED
        found, stored = w.u, w.stored
    else:
        newton.forget()
        ended = newton.stage(Iterate(u, state.at.voltage), Known(state.stored, state.charge), DH, source)
        assert ended.converged
        found, stored = ended.at.u, ended.stored
    by_level = laws_at(t, t.region, found).concentration[:, bound] * t.volume
    np.testing.assert_allclose((state.ledger.base + stored)[:, bound], by_level, rtol=1e-5)
