"""How a conductor near its glass transition follows the temperature: Vogel, Tammann and Fulcher.

    sigma(T) = A T^(-1/2) exp[-B/(T - T0)],     D = sigma RT/(z^2 F^2 c):  D(T) = A' T^(1/2) exp[-B/(T - T0)]

    sigma   conductivity of an ion or of a leak                                       S/m
    B       pseudo-activation temperature                                             K
    T0      ideal glass temperature, at and below which nothing moves                 K

The prefactors follow from the value that the material gives at 298.15 K. Far above T0 it is an Arrhenius law of the
energy R B [T/(T - T0)]^2, which grows as T0 comes near: for B = 1000 K and T0 = 200 K it is 0.80 eV at 298 K.

Sources: H. Vogel, Phys. Z. 22 (1921) 645; G. S. Fulcher, J. Am. Ceram. Soc. 8 (1925) 339; M. H. Cohen, D. Turnbull,
J. Chem. Phys. 31 (1959) 1164 (the power of T, from the free volume).
"""

from math import log
from typing import Annotated

from pydantic import AfterValidator
from pydantic.dataclasses import dataclass

from eisfv.model.arrhenius import REFERENCE_TEMPERATURE
from eisfv.model.fields import Sourced, Unit
from eisfv.model.record import RECORD, Record, refuse


def _below_reference(temperature: float) -> float:
    if temperature >= REFERENCE_TEMPERATURE:
        refuse(f'must be below {REFERENCE_TEMPERATURE} K, where the value is given; write for example "200 K"')
    return temperature


@dataclass(frozen=True, config=RECORD)
class Vtf(Record):
    """b, t0: B and T0 of the law (K)."""

    b: Annotated[float, Unit("temperature"), Sourced()]
    t0: Annotated[float, Unit("temperature", "not negative"), AfterValidator(_below_reference), Sourced()]

    def logarithm(self, temperature: float, power: float) -> float:
        """Return ln of a coefficient with T^power in front over its value at 298.15 K; -inf at and below T0."""
        if temperature <= self.t0:
            return -float("inf")
        fall = self.b / (temperature - self.t0) - self.b / (REFERENCE_TEMPERATURE - self.t0)
        return power * log(temperature / REFERENCE_TEMPERATURE) - fall

    def of_conductivity(self, temperature: float) -> float:
        """Return ln sigma(T)/sigma(298.15 K)."""
        return self.logarithm(temperature, -0.5)

    def of_diffusivity(self, temperature: float) -> float:
        """Return ln D(T)/D(298.15 K)."""
        return self.logarithm(temperature, 0.5)
