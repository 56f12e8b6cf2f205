"""One pulse, what it inserts and what it costs."""

from dataclasses import dataclass
from time import process_time

from benchmarks.support.stack import CHANNEL, PULSE
from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import Step
from eisfv.simulation import Simulation
from support.runs import held

# The time-converged pulse.
CONVERGED = SolverOptions(tolerance=1e-7, newton=1e-9)


@dataclass(frozen=True)
class Cost:
    """charge: inserted into the channel, C; seconds: of one processor, the fastest of the repeats; the counts are of
    one run."""

    cells: int
    charge: float
    steps: int
    rejected: int
    iterations: int
    factorisations: int
    seconds: float


def inserted(simulation: Simulation) -> float:
    """Return the charge (C) that the channel's ions carry now."""
    channel = simulation.built.mesh.region == CHANNEL
    number = simulation.built.number("Mg")
    amount = held(simulation)[channel, number].sum()
    return float(FARADAY * simulation.built.tables.charge[number] * amount)


def pulse(device: Device, options: SolverOptions | None = None, repeats: int = 1, step: Step = PULSE) -> Cost:
    """Return what one pulse from rest inserts and costs; the initial state is not part of the time."""
    best = float("inf")
    for _ in range(repeats):
        simulation = Simulation(device, options)
        before, spent = inserted(simulation), simulation.newton.counts.residuals
        start = process_time()
        simulation.run(step)
        best = min(best, process_time() - start)
    newton, steps = simulation.newton.counts, simulation.integrator.counts
    return Cost(
        simulation.built.mesh.cells,
        inserted(simulation) - before,
        steps.accepted,
        steps.rejected + steps.cut,
        newton.residuals - spent,
        newton.factorisations,
        best,
    )
