"""Double layers of electroneutral regions that no charge answers any more.

The surface node of such a region holds what one Debye length of it holds (`eisfv.device.build`). Where a field has
driven its ions out their immobile charge is left, and where it has filled every site, that of a full lattice; then

    dq/dphi = V sum z^2 c (1 - theta),

the charge that one RT/F more would bring, is below the rounding of the charge that stands there. A voltage that is
imposed holds on; where none is, the potentials of both sides stand apart by what the last digits say.

Every ion then stands FAR from half filling in its own level, |y| > FAR, unless it is a trace, a ten-millionth of the
others.

V      volume of the node                                                                      m3
c      concentration of an ion of charge z there                                               mol/m3
theta  share of its sites that are taken, 0 of a dilute species                                -
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from eisfv.device.build import Built
from eisfv.device.tables import Ints
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.physics.statistics import OHMIC, stored_where
from eisfv.solve.convergence import EPS
from eisfv.stepping.state import State

FAR = 20.0  # RT


class Layer(NamedTuple):
    """An end of an electroneutral region: its name, the surface node, the cell beside it, the ions that are stored."""

    region: str
    node: int
    inner: int
    ions: Ints


class CompleteLayers:
    """The ends of electroneutral regions of a stack that no electrons pass."""

    def __init__(self, built: Built) -> None:
        self.built, self.layers = built, list(layers(built))

    def told(self, state: State) -> Iterator[str]:
        """Give a sentence for every end at which nothing sets the potential but a voltage that is imposed: its double
        layer is complete."""
        t, u = self.built.tables, state.at.u
        for layer in self.layers:
            if np.abs(u[layer.node, of_species(layer.ions)]).min() < FAR:
                continue
            node, region = np.array([layer.node]), t.region[layer.node]
            law = laws_at(t, t.region[node], u[node])
            held, free = law.concentration[0, layer.ions], law.free[0, layer.ions]
            z = t.charge[layer.ions]
            ions = float(z @ held)
            charge = abs(ions + t.fixed[region])
            if float(z**2 @ (held * free)) < EPS * charge:
                fall = float(u[layer.inner, POTENTIAL] - u[layer.node, POTENTIAL]) * self.built.thermal_voltage
                left = "no ion left" if charge > abs(ions) else "no free site left"
                yield (
                    f"one Debye length of {layer.region} has {left} in its double layer, over which {abs(fall):.3g} V "
                    "fall: no charge answers the voltage there any more, and nothing but an imposed voltage sets it; "
                    "electroneutral = false may pass"
                )


def layers(built: Built) -> Iterator[Layer]:
    """Yield the ends at which a double layer can be complete."""
    t, device = built.tables, built.device
    for r, region in enumerate(device.regions if device.section is None else ()):
        if region.material.electroneutral and not (t.conduct[r] * (t.kind[r] == OHMIC)).any():
            own, ions = np.flatnonzero(built.mesh.region == r), np.flatnonzero(stored_where(t.kind[r]))
            yield Layer(region.name, int(own[0]), int(own[1]), ions)
            yield Layer(region.name, int(own[-1]), int(own[-2]), ions)
