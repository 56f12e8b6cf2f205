"""What does one Newton iteration of the Mg stack cost: 144 cells, 4 unknowns each?

Target: 0.3 ms, everything included.
"""

from collections.abc import Callable
from time import perf_counter

import numpy as np
import pytest

from benchmarks.conftest import Show
from benchmarks.support.stack import PULSE, SMALL, mg_stack
from eisfv.model.solver_options import SolverOptions
from eisfv.simulation import Simulation
from eisfv.solve.stage_records import Iterate, Known, Source
from eisfv.solve.update import apply_update

REPEATS = 300
TARGET_MS = 0.3
FLOATING = Source("current", 0.0, 0.0)  # the gate voltage is an unknown


def milliseconds(call: Callable[[], object]) -> float:
    """Return the median time of a call in ms."""
    call()
    times = np.zeros(REPEATS)
    for k in range(REPEATS):
        start = perf_counter()
        call()
        times[k] = perf_counter() - start
    return float(np.median(times)) * 1e3


@pytest.mark.benchmark
@pytest.mark.parametrize("linear", ["banded", "superlu"])
def test_cost_of_a_newton_iteration(linear: str, show: Show) -> None:
    simulation = Simulation(mg_stack(SMALL), SolverOptions(linear=linear))
    simulation.run(PULSE)
    newton, state, dh = simulation.newton, simulation.state, 1e-3
    known = Known(state.stored, state.charge)
    still = np.zeros_like(newton.system.residual)
    u = state.at.u.copy()

    def evaluate(slopes: bool) -> Callable[[], None]:
        return lambda: newton.evaluate(Iterate(u, state.at.voltage), known, dh, slopes)

    parts = {
        "residual alone": milliseconds(evaluate(False)),
        "residual and Jacobian": milliseconds(evaluate(True)),
        "factor": milliseconds(lambda: newton.linear.factor(newton.system)),
        "factor and border": milliseconds(lambda: newton.factor(dh, FLOATING)),
        "solve": milliseconds(lambda: newton.linear.solve(newton.system.residual)),
        "update": milliseconds(lambda: apply_update(newton.t, u, still, still, 0.0, newton.present, still, 0.0)),
    }
    full = parts["residual and Jacobian"] + parts["factor and border"] + parts["solve"] + parts["update"]
    kept = parts["residual alone"] + parts["solve"] + parts["update"]
    parts |= {"iteration, new matrix": full, "iteration, matrix kept": kept, "target": TARGET_MS}
    title = f"Newton iteration, {simulation.built.mesh.cells} cells x {u.shape[1]} unknowns, {linear}"
    show(title, ("part", "ms"), parts.items())
