"""How does the coupled solver compare with SUNDIALS IDA on the same residual, and with a FiPy sweep of the same size?

IDA takes eisfv's own compiled kernels as its residual and Jacobian; both start from the same relaxed state.
"""

import warnings

import numpy as np
import pytest

from benchmarks.conftest import Show
from benchmarks.support.fipy_stack import sweep_seconds
from benchmarks.support.ida import IdaCost, IdaPulse
from benchmarks.support.pulse import CONVERGED, pulse
from benchmarks.support.stack import PULSE, mg_stack
from eisfv.device.stack import cell_sizes
from eisfv.model.solver_options import SolverOptions

REPEATS = 5


@pytest.mark.benchmark
def test_a_pulse_against_ida(show: Show) -> None:
    pytest.importorskip("sksundae")
    device = mg_stack()
    reference = pulse(device, CONVERGED).charge
    problem = IdaPulse(device)
    rows: list[tuple[str, float, float, int, int, int, float, float]] = []
    for rtol in (1e-2, 1e-3, 1e-4, 1e-5):
        runs = solved(problem, rtol)
        if runs:
            error, best = runs[0].charge / reference - 1.0, min(run.seconds for run in runs)
            rows.append(("IDA", rtol, 0.0, runs[0].steps, runs[0].residuals, runs[0].jacobians, best, error))
    for tolerance, newton in ((1e-2, 1e-4), (1e-2, 1e-5), (1e-3, 1e-4), (1e-3, 1e-5), (1e-4, 1e-5)):
        cost = pulse(device, SolverOptions(tolerance=tolerance, newton=newton), REPEATS)
        error = cost.charge / reference - 1.0
        rows.append(("eisfv", tolerance, newton, cost.steps, cost.iterations, cost.factorisations, cost.seconds, error))
    fastest = {name: min(row[6] for row in rows if row[0] == name and abs(row[7]) < 1e-3) for name in ("IDA", "eisfv")}
    title = (
        f"One pulse within 1e-3, {cost.cells} cells: IDA takes {fastest['IDA'] / fastest['eisfv']:.1f} times as long"
    )
    show(title, ("solver", "tolerance", "newton", "steps", "residuals", "matrices", "s", "error of the charge"), rows)


def solved(problem: IdaPulse, rtol: float) -> list[IdaCost]:
    """Return some runs of the pulse by IDA, none where it gives up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return [problem.solve(PULSE.waveform.value(0.0), PULSE.duration, rtol, 1e-2 * rtol) for _ in range(REPEATS)]
        except RuntimeError:
            return []


@pytest.mark.benchmark
def test_an_iteration_against_a_sweep_of_fipy(show: Show) -> None:
    device = mg_stack()
    cost = pulse(device, repeats=REPEATS)
    sizes = [cell_sizes(device, number) for number in range(len(device.regions))]
    charges = tuple({name: s.charge for r in device.regions for name, s in r.material.species.items()}.values())
    sweep = sweep_seconds(np.concatenate(sizes), charges, 10)
    iteration = cost.seconds / cost.iterations
    rows = [("eisfv, Newton iteration within a pulse", 1e3 * iteration), ("FiPy, coupled sweep", 1e3 * sweep)]
    title = f"{cost.cells} cells x {1 + len(charges)} unknowns: a sweep costs {sweep / iteration:.0f} iterations"
    show(title, ("", "ms"), rows)
