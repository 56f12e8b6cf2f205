"""The state in which a device begins: its double layers relaxed, or, where they have no relaxed state, its regions as
if joined in that moment, and why."""

from math import inf

import numpy as np

from eisfv import failure_causes
from eisfv.case import host_start
from eisfv.device.build import Built
from eisfv.equations.unknowns import of_species
from eisfv.solve.equilibrium import PACES, Pace, equilibrium
from eisfv.solve.errors import EquilibriumError
from eisfv.solve.linear import LinearSolver
from eisfv.solve.newton import Newton
from eisfv.solve.no_amount import NO_AMOUNT
from eisfv.solve.stage_records import Iterate, Known
from eisfv.solve.sudden_start import sudden_start
from eisfv.stepping.state import State
from eisfv.stepping.tr_bdf2 import initial_state

# Beside a host whose ion alone climbs. A pace that is shorter takes a thousand matrices.
WHERE_IT_CLIMBS = PACES[:1]


def start_state(built: Built, linear: LinearSolver, newton: Newton) -> tuple[State, str]:
    """Return the state, and why its double layers are not relaxed, "" where they are; EquilibriumError where there is
    none."""
    try:
        start = equilibrium(built, linear, paces_of(built))
        stranded = without_ions(built, start)
        if stranded:
            raise EquilibriumError(f"the initial state did not converge: {stranded}")
    except EquilibriumError as failure:
        return begun_suddenly(built, newton, failure)
    newton.evaluate(start, Known(np.zeros_like(newton.system.stored), 0.0), 1.0, True)
    return initial_state(start, newton.system.stored.copy(), float(newton.gate[1]), newton.flows()), ""


def begun_suddenly(built: Built, newton: Newton, failure: EquilibriumError) -> tuple[State, str]:
    """Return the state of uniform regions and why; EquilibriumError where they have none either, or where nothing
    would hold together what forms in them."""
    device, relaxation = built.device, failure_causes.shortest_time(built)
    lost = [*host_start.warnings(device), *host_start.uniform_and_uphill(device)]
    why = "; ".join(lost)
    if not any(host_start.unheld(device)) and relaxation < inf:
        stage = sudden_start(built, newton, relaxation)
        if stage.converged:
            return initial_state(stage.at, stage.stored, stage.charge, stage.flow), why or str(failure)
    raise EquilibriumError(f"the initial state did not converge: {why}" if why else str(failure)) from None


def paces_of(built: Built) -> tuple[Pace, ...]:
    """Return at which paces the double layers are to be relaxed: beside a host that begins where its ion alone climbs,
    a plain Newton finds them, or no shorter update does."""
    return WHERE_IT_CLIMBS if any(host_start.uniform_and_uphill(built.device)) else PACES


def without_ions(built: Built, start: Iterate) -> str:
    """Return which hosts a relaxed double layer leaves without ions: their gradient energy drives them out."""
    t = built.tables
    lost = [
        region.name
        for r, region in enumerate(built.device.regions)
        if t.gradient[r] > 0.0
        and start.u[(t.region == r) & (t.volume > 0.0), of_species(int(t.ion[r]))].min() < NO_AMOUNT
    ]
    return f"the double layer leaves no ions at an end of {', '.join(lost)}" if lost else ""
