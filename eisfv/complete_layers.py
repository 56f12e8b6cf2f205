"""Double layers of electroneutral regions that no charge answers any more.

The surface node of such a region holds what one Debye length of it holds (`eisfv.device.build`). Where a field has
driven its ions out their immobile charge is left, and where it has filled every site, that of a full lattice; then

    dq/dphi = V sum z^2 c (1 - theta),

the charge that one RT/F more would bring, is below the rounding of the charge that stands there. A voltage that is
imposed holds on; where none is, the potentials of both sides stand apart by what the last digits say.

V      volume of the node                                                                      m3
c      concentration of an ion of charge z there                                               mol/m3
theta  share of its sites that are taken, 0 of a dilute species                                -
"""

from collections.abc import Iterator

import numpy as np

from eisfv.device.build import Built
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import potential
from eisfv.physics.statistics import OHMIC, stored_where
from eisfv.solve.convergence import EPS
from eisfv.stepping.state import State


def complete_layers(built: Built, state: State) -> Iterator[str]:
    """Give a sentence for every end of an electroneutral region of a stack at which nothing sets the potential but a
    voltage that is imposed: its double layer is complete, and no electrons pass it."""
    t, device = built.tables, built.device
    for r, region in enumerate(device.regions if device.section is None else ()):
        if not region.material.electroneutral or (t.conduct[r] * (t.kind[r] == OHMIC)).any():
            continue
        own = np.flatnonzero(built.mesh.region == r)
        for end, inner in ((own[0], own[1]), (own[-1], own[-2])):
            node = np.array([end])
            law = laws_at(t, t.region[node], state.at.u[node])
            held = np.where(stored_where(t.kind[t.region[node]]), law.concentration, 0.0)[0]
            charge = abs(float(t.charge @ held) + t.fixed[t.region[end]])
            if float(t.charge**2 @ (held * law.free[0])) < EPS * charge:
                fall = float(potential(state.at.u)[inner] - potential(state.at.u)[end]) * built.thermal_voltage
                told = "no ion left" if charge > abs(float(t.charge @ held)) else "no free site left"
                yield (
                    f"one Debye length of {region.name} has {told} in its double layer, over which {abs(fall):.3g} V "
                    "fall: no charge answers the voltage there any more, and nothing but an imposed voltage sets it; "
                    "electroneutral = false may pass"
                )
