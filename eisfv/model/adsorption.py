"""Ions at the sites of a plane: an interface or the wall of a contact adsorbs them, without a thickness of its own.

    dGamma/dt = k_a c (1 - theta) - k_d v Gamma,      theta = Gamma/Gamma_max
    k(T) = k(298.15 K) exp[-(E/R)(1/T - 1/298.15 K)]

    Gamma, Gamma_max   adsorbed ions and their sites                                     mol/m2
    c, v               concentration of the free ions at the plane, free share of their sites   mol/m3, -
    k_a                rate at which they find a site where all are empty                m/s
    k_d                rate at which an adsorbed one leaves                              1/s

What adsorbs leaves the free ions of the region beside the plane, and comes back to them; its charge z F Gamma stays
at the plane, between the region and the compact layer, as a jump of the displacement (Gauss). At rest
theta/(1 - theta) = k_a c/(k_d v Gamma_max), Langmuir's isotherm; at a given c the sites relax with the rate
k_a c/Gamma_max + k_d v (`eisfv.physics.trapping`). Fast release makes what a pulse leaves volatile, slow release makes
it last. In a double layer c is that at the plane: the potential of the wall draws ions to its sites.

Source: I. Langmuir, J. Am. Chem. Soc. 40 (1918) 1361.
"""

from math import exp
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.model.arrhenius import exponent
from eisfv.model.fields import Fraction, Frequency, MolarEnergy, Text, Unit
from eisfv.model.record import RECORD, Record


@dataclass(frozen=True, config=RECORD)
class Adsorption(Record):
    """Ions `of` a region that a plane adsorbs.

    sites     Gamma_max                                                                      mol/m2
    capture   k_a at 298.15 K                                                                m/s
    release   k_d at 298.15 K                                                                1/s
    coverage  theta at the start, none without it                                            -
    region    of an interface: on whose side the sites are, where both have the ion
    """

    of: Text = Field(kw_only=True)
    sites: Annotated[float, Unit("amount per area")] = Field(kw_only=True)
    capture: Annotated[float, Unit("velocity")] = Field(kw_only=True)
    release: Frequency = Field(kw_only=True)
    capture_energy: MolarEnergy | None = Field(default=None, kw_only=True)
    release_energy: MolarEnergy | None = Field(default=None, kw_only=True)
    coverage: Fraction | None = Field(default=None, kw_only=True)
    region: Text | None = Field(default=None, kw_only=True)

    def rates(self, temperature: float) -> tuple[float, float]:
        """Return k_a (m/s) and k_d (1/s) at a temperature (K)."""
        return (
            self.capture * exp(exponent(self.capture_energy, temperature)),
            self.release * exp(exponent(self.release_energy, temperature)),
        )
