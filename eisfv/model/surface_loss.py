"""A surface that loses the ion of its host to the surroundings, at a first-order rate: hydrogen into air.

    N = k c,      k(T) = k(298.15 K) exp[-(E/R)(1/T - 1/298.15 K)]

    N   flow of atoms out of the host: the ion and its z electrons leave together, no charge     mol m^-2 s^-1
    k   rate constant                                                                            m/s
    c   concentration of the ion beside the surface                                              mol/m3
    E   activation energy                                                                        J/mol

Nothing comes back: the surroundings hold none. A film of the thickness L that is level, k L/D << 1, empties as
c = c0 e^(-k t/L); one that is not as the slab of Carslaw and Jaeger with h = k/D.

Source: H. S. Carslaw, J. C. Jaeger, Conduction of Heat in Solids, 2nd ed., Oxford 1959, sec. 3.11.
"""

from typing import Annotated

from pydantic.dataclasses import dataclass

from eisfv.model.arrhenius import arrhenius
from eisfv.model.fields import MolarEnergy, Unit
from eisfv.model.record import RECORD, Record


@dataclass(frozen=True, config=RECORD)
class SurfaceLoss(Record):
    """rate: k at 298.15 K (m/s)."""

    rate: Annotated[float, Unit("velocity")]
    activation_energy: MolarEnergy | None = None

    def rate_at(self, temperature: float) -> float:
        """Return k (m/s) at a temperature (K)."""
        return self.rate * arrhenius(self.activation_energy, temperature)
