"""What a run spent, as its provenance keeps it."""

from collections.abc import Iterable

from eisfv.observers.observer import Observer
from eisfv.running.choice import Choice
from eisfv.running.notices import solver_line
from eisfv.running.numerical_error import Estimate
from eisfv.simulation import Simulation
from eisfv.solve.ranks import Ranks


def statistics(
    simulation: Simulation,
    ranks: Ranks,
    observers: Iterable[Observer],
    estimate: Estimate | None,
    choice: Choice | None,
) -> dict[str, object]:
    """Return what a run spent and what its observers tell of it."""
    counts, newton = simulation.integrator.counts, simulation.newton.counts
    spent: dict[str, object] = {
        "linear_solver": solver_line(simulation.newton.linear, ranks),
        "processes": ranks.size,
        "cells": simulation.built.mesh.cells,
        "unknowns": int(simulation.newton.system.residual.size),
        "steps": counts.accepted,
        "steps_rejected": counts.rejected,
        "steps_cut": counts.cut,
        "newton_iterations": newton.residuals,
        "factorisations": newton.factorisations,
    }
    for observer in observers:
        spent |= observer.statistics()
    if estimate is not None:
        spent["numerical_error"] = estimate.written()
    if choice is not None:
        spent["mesh"] = choice.written()
    return spent
