"""Where Newton starts on a step in which a metal that ends no field comes to pass the other carriers of its film.

Where no field ends, carriers reach the metal by diffusion alone, and no more leave than there are (RT = 1):

    I = P (1 - e^{-L_out - d}) + M (e^{d - L_in} - 1),    P, M = g D c

I      current out of the film through its metal: at the channel that into the gate, at the gate its opposite   mol/s
P, M   of the carriers that it takes out of the film, and of those that it brings                               mol/s
c, D   what the cell at the metal holds of them, and how they diffuse                                mol/m3, m2/s
L_out, L_in  their levels above the metal's, in the sense of the current                                           RT
d      by how much the film then stands farther from its metal, in that sense                                    RT/F

As its last majority carriers leave, P falls below I, and the minority has to enter: from e^-80 of the film that are two
volts away, and no slope tells of them. The voltage has a jump there, while all that is stored goes on.

What enters begins in the cell at the metal, whose volume is V, with what a step h brings,

    n = I h / V,    e^{-L_in} = 1 + I / (g D n),    d = ln(n / c) - (L_in before - L_in)
"""

from collections.abc import Callable, Iterator
from math import log, log1p

import numpy as np

from eisfv.equations.electrons_at_metals import LEAST
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import of_species
from eisfv.mesh.records import GATE
from eisfv.physics.statistics import stores
from eisfv.solve.convergence import EPS
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Iterate, Source
from eisfv.stepping.charged_film import KEPT, NEAR
from eisfv.stepping.state import State, amounts
from eisfv.stepping.step_size import counting, least_step
from eisfv.stepping.tr_bdf2 import Tried, backward_euler

LONGER = 10.0


def exchange(
    newton: Newton, state: State, left: float, drive: Callable[[float], Source], smallest: float
) -> Tried | None:
    """Return the shortest implicit Euler step that begins so and has a solution, of those at most `left` long (s) in
    which the current brings more than the rounding of what is stored."""
    current = abs(drive(state.offset).value)
    most = float(np.abs(amounts(newton.tables, state)).max())
    h = max(least_step(smallest, left, state.offset), EPS * most / (KEPT * current) if current > 0.0 else 0.0)
    while True:
        h = counting(min(h, left), state.offset)
        source = drive(state.offset + h)
        starts = list(exchanged(newton, state, h, source)) if source.kind == "current" else []
        for start in starts:
            newton.forget()
            last = backward_euler(newton, state, h, source, start)
            if last.end is not None:
                return last
        if not starts or h >= left:
            return None
        h *= LONGER


def exchanged(newton: Newton, state: State, h: float, source: Source) -> Iterator[Iterate]:
    """Give where Newton may start on a step h (s) of a current: for every metal that ends no field, on a film of both
    carriers, with those that the current brings through it. Where they are there, Newton needs no such start."""
    t, at = newton.tables, state.at
    for b, cell in enumerate(t.contact_cell):
        at_gate, region = t.terminal[b] == GATE, int(t.region[cell])
        out = -source.value if at_gate else source.value
        comes = int(t.electron[0] if out > 0.0 else t.hole[0])
        if out == 0.0 or t.fieldless[t.terminal[b]] != region or min(t.electron[0], t.hole[0]) < 0:
            continue
        row = of_species(comes)
        if not stores(t.kind[region, comes]) or t.follow[region, row] == 0.0:
            continue
        law = laws_at(t, t.region[cell : cell + 1], at.u[cell : cell + 1])
        held, brought = max(float(law.concentration[0, comes]), LEAST), abs(out) * h / float(t.volume[cell])
        level = -log1p(abs(out) / float(t.contact_aspect[b] * law.diffusivity[0, comes] * brought))
        metal = float(t.charge[comes]) * at_gate
        rise = log(brought / held) - (level - (float(at.u[cell, row]) - metal * at.voltage))
        if rise < NEAR:
            continue
        # Potentials count from the metal of the channel: all beside the gate rises above it, or the gate falls.
        lift = rise if out > 0.0 else -rise
        voltage = at.voltage - lift if at_gate else at.voltage + lift
        u = at.u.copy() if at_gate else at.u + lift * t.follow[t.region]
        u[cell, row] = metal * voltage + level
        yield Iterate(u, voltage)
