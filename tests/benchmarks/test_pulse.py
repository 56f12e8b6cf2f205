"""What does one square +1 V, 0.5 s pulse cost, and how right is the charge it inserts?

Target: at most 60 steps and 0.04 s with the inserted charge within 1e-3 of the time-converged one.
"""

import pytest

from benchmarks.conftest import Show
from benchmarks.support.pulse import CONVERGED, pulse
from benchmarks.support.stack import DEFAULT, SMALL, mg_stack
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.solver_options import SolverOptions

HEADS = ("tolerance", "newton", "steps", "rejected", "iterations", "factored", "s", "error of the charge")
TOLERANCES = (1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)


@pytest.mark.benchmark
@pytest.mark.parametrize("mesh", [SMALL, DEFAULT], ids=["144 cells", "default mesh"])
def test_cost_of_a_pulse(mesh: MeshOptions, show: Show) -> None:
    device = mg_stack(mesh)
    reference = pulse(device, CONVERGED)
    rows = []
    for tolerance in TOLERANCES:
        for newton in (1e-6, 1e-5, 1e-4):
            cost = pulse(device, SolverOptions(tolerance=tolerance, newton=newton), repeats=3)
            error = cost.charge / reference.charge - 1.0
            counts = (cost.steps, cost.rejected, cost.iterations, cost.factorisations)
            rows.append((tolerance, newton, *counts, cost.seconds, error))
    title = f"One pulse, {reference.cells} cells, {reference.charge:.7g} C inserted; target 60 steps, 0.04 s, 1e-3"
    show(title, HEADS, rows)
