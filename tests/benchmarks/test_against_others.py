"""How does the coupled solver compare with SUNDIALS IDA on the same residual, and with a FiPy sweep of the same size?

IDA takes eisfv's own compiled kernels as its residual and Jacobian; both start from the same relaxed state.
"""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.conftest import Show
from benchmarks.support.fipy_stack import sweep_seconds
from benchmarks.support.ida import IdaCost, IdaPulse
from benchmarks.support.pulse import pulse
from benchmarks.support.stack import PULSE, SMALL, mg_stack
from eisfv.device.stack import cell_sizes
from eisfv.model.solver_options import SolverOptions

REPEATS = 5
IDA_TOLERANCES = (3e-2, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
TOLERANCES = {"bdf": (1e-1, 2e-2, 2e-3, 1e-4, 2e-5, 2e-7), "tr_bdf2": (5e-2, 2e-3, 1e-4, 1e-5, 1e-6)}
TIGHT = {"bdf": SolverOptions(tolerance=2e-9, newton=1e-10), "tr_bdf2": SolverOptions(tolerance=1e-7, newton=1e-9)}
# RT: Newton stops at a tenth of the step's tolerance, and at this at most.
NEWTON_MAX = 1e-3
PICTURE = Path(".benchmarks/work_precision.png")


@pytest.mark.benchmark
def test_a_pulse_against_ida(show: Show) -> None:
    """Work against precision: errors against each tool's own tightest run, processor time of one thread, runs of the
    tools in turn."""
    pytest.importorskip("sksundae")
    device = mg_stack(SMALL)
    problem = IdaPulse(device)
    rows: list[tuple[str, float, int, int, int, float, float]] = []
    tight = next(runs[0].charge for runs in (solved(problem, rtol) for rtol in (1e-8, 1e-7, 1e-6)) if runs)
    ours = {method: pulse(device, replace(TIGHT[method], method=method)).charge for method in ("bdf", "tr_bdf2")}
    for step in range(len(IDA_TOLERANCES)):
        runs = solved(problem, IDA_TOLERANCES[step])
        if runs:
            best = min(run.seconds for run in runs)
            error = runs[0].charge / tight - 1.0
            rows.append(("IDA", IDA_TOLERANCES[step], runs[0].steps, runs[0].residuals, runs[0].jacobians, best, error))
        for method, tolerances in TOLERANCES.items():
            if step < len(tolerances):
                options = SolverOptions(
                    method=method, tolerance=tolerances[step], newton=min(NEWTON_MAX, 0.1 * tolerances[step])
                )
                cost = pulse(device, options, REPEATS)
                error = cost.charge / ours["bdf"] - 1.0
                rows.append(
                    (method, tolerances[step], cost.steps, cost.iterations, cost.factorisations, cost.seconds, error)
                )
    rows.sort(key=lambda row: (row[0], -row[1]))
    apart = ours["tr_bdf2"] / ours["bdf"] - 1.0
    title = f"One pulse, {cost.cells} cells; the two methods at their tightest differ by {apart:.1e}"
    show(title, ("solver", "tolerance", "steps", "residuals", "matrices", "s", "error of the charge"), rows)
    drawn(rows)


def drawn(rows: list[tuple[str, float, int, int, int, float, float]]) -> None:
    """Draw processor time against the error."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.0, 4.2), layout="constrained")
    axes = figure.subplots()
    for name, mark in (("IDA", "s--"), ("tr_bdf2", "^:"), ("bdf", "o-")):
        found = [(abs(row[6]), 1e3 * row[5]) for row in rows if row[0] == name]
        axes.loglog(*zip(*found, strict=True), mark, label={"IDA": "SUNDIALS IDA"}.get(name, name))
    axes.set(xlabel="relative error of the inserted charge", ylabel="processor time of the pulse (ms)")
    axes.invert_xaxis()
    axes.grid(True, which="both", linewidth=0.3)
    axes.legend()
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, dpi=150)


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
