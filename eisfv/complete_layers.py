"""Double layers of electroneutral regions that no charge answers any more.

The surface node of such a region holds what one Debye length of it holds (`eisfv.device.build`). Where a field has
driven its ions out their immobile charge is left, and where it has filled every site, that of a full lattice; then

    dq/dphi = V sum z^2 c (1 - theta),

the charge that one RT/F more would bring, is below the rounding of the charge that stands there. A voltage that is
imposed holds on; where none is, the potentials of both sides stand apart by what the last digits say.

Of ions that pass there it is their rate that sets it, and of electrons their conductance. Sites of a plane that still
hold ions answer with those.

Every ion then stands FAR from half filling in its own level, |y| > FAR, unless it is a trace, a ten-millionth of the
others.

V      volume of the node                                                                      m3
c      concentration of an ion of charge z there                                               mol/m3
theta  share of its sites that are taken, 0 of a dilute species                                -
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from eisfv.case.sealed_regions import METALS, passing
from eisfv.device.build import Built
from eisfv.device.electron_paths import ends_of
from eisfv.device.tables import Ints
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import POTENTIAL, of_species
from eisfv.model.contacts import BlockingContact
from eisfv.model.species import Bound, Ohmic
from eisfv.physics.statistics import OHMIC
from eisfv.solve.convergence import EPS
from eisfv.stepping.state import State

FAR = 20.0  # RT


class Layer(NamedTuple):
    """An end of an electroneutral region: its name, the surface node, the cell beside it, the ions that are stored
    there, at the sites of a plane too."""

    region: str
    node: int
    inner: int
    ions: Ints


class CompleteLayers:
    """The ends of electroneutral regions of a stack that nothing passes."""

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
    """Yield the ends of electroneutral regions that keep their ions, at which a double layer can be complete: ions that
    pass there set the level however few they are."""
    t, device = built.tables, built.device
    for r, region in enumerate(device.regions if device.section is None else ()):
        species, own = region.material.species, np.flatnonzero(built.mesh.region == r)
        ions = [name for name, one in species.items() if not isinstance(one, Ohmic)]
        conducts = bool((t.conduct[r] * (t.kind[r] == OHMIC)).any())
        if not region.material.electroneutral or conducts or any(isinstance(species[name], Bound) for name in ions):
            continue
        for side, node, inner in (("gate", own[0], own[1]), ("channel", own[-1], own[-2])):
            beside = r - 1 if side == "gate" else r
            if 0 <= beside < len(device.regions) - 1:
                kept = not passing(device, beside) & set(ions)
            else:
                kept = isinstance(ends_of(device)[side][1], (BlockingContact, *METALS))
            if kept:
                bound = [name for plane in built.planes if node in plane.nodes(built.mesh)[0] for name in plane.sites]
                numbers = np.array([built.number(name) for name in (*ions, *bound)])
                yield Layer(region.name, int(node), int(inner), numbers)
