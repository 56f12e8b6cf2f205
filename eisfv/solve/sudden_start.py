"""The state at the start where the double layers have no relaxed one: every region uniform and neutral, as if joined in
this moment. They form as the run begins.

A host with a gradient energy that begins where its ion alone climbs its own gradient has no double layer of its
composition that is at rest, or one that leaves none of its ions at the wall. Its uniform state is what a run can begin
from: potentials, interfaces and the displacement follow from the amounts by one implicit Euler step at the voltage of
the bulks, a moment dh that moves next to none of them,

    q(u) = q_bulk - dh div N(u),   dh = MOMENT min eps/sigma,     and time does not go on
"""

import numpy as np

from eisfv.device.build import Built
from eisfv.equations.unknowns import unknowns
from eisfv.physics.statistics import ABSENT
from eisfv.solve.bulk_levels import bulk_levels
from eisfv.solve.equilibrium import start_leakage
from eisfv.solve.newton import ITERATIONS_CORNER, Newton
from eisfv.solve.stage_records import Iterate, Known, Source, Stage

MOMENT = 1e-3  # of the shortest dielectric relaxation


def sudden_start(built: Built, newton: Newton, relaxation: float) -> Stage:
    """Return the stage that joins the uniform regions; relaxation: shortest dielectric one, s."""
    t = built.tables
    levels, phi, gate = bulk_levels(built)
    u = unknowns(t, t.region, phi[t.region], np.where(t.kind[t.region] == ABSENT, 0.0, built.bulk[t.region]))
    start_leakage(built, u, levels)
    at = Iterate(u, gate)
    newton.evaluate(at, Known(np.zeros_like(newton.system.stored), 0.0), 1.0, False)
    known = Known(newton.system.stored.copy(), float(newton.gate[1]))
    dh, held = MOMENT * relaxation, Source("voltage", gate, 0.0, 0.0)
    stage = newton.stage(at, known, dh, held, ITERATIONS_CORNER)
    if not stage.converged:
        newton.forget()
        stage = newton.stage(at, known, dh, held, short=True)
    newton.forget()
    return stage
