"""How the diffusivity of a host's ion depends on its composition.

    N = -D c (1-x) grad(mu)/RT = -D_chem grad c,      D_chem = D Theta
    Theta(x) = -(zF/RT) x(1-x) dU/dx

    N       flux of the ion in a host whose electrons are level                       mol m^-2 s^-1
    D       diffusivity of the ions as the model has it: of a tracer in an ideal lattice gas       m2/s
    D_chem  chemical diffusivity, of Fick's law: what a titration or a Warburg impedance measures   m2/s
    Theta   thermodynamic factor of the neutral host: 1 where the site entropy is all of U(x)      -
    mu      electrochemical potential of the neutral atom, -zFU(x)                    J/mol

Constant D is what a host has without any of these laws; constant D_chem is Fick's law under any U(x). A table gives
either through points, monotone between them in ln D against ln(x/(1-x)), the values of its ends held beyond.

D multiplies the whole flux: it vanishes where mu is level, whatever D(x) is, and the amounts stay what they were.

Source: W. Weppner, R. A. Huggins, J. Electrochem. Soc. 124 (1977) 1569 (the factor, and how D_chem is measured).
"""

from itertools import pairwise
from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from eisfv.model.arrhenius import arrhenius
from eisfv.model.fields import Fraction, Tagged, Text, Unit
from eisfv.model.host_curves import curve_values
from eisfv.model.miscibility import Curve
from eisfv.model.monotone import Floats, Hermite, monotone_slopes
from eisfv.model.record import RECORD, Record
from eisfv.model.shared_excess import POINTS
from eisfv.model.species import Energy

# Below it U(x) is as good as level, and no D follows from D_chem.
LEAST_FACTOR = 1e-3
SHARE = 0.1  # ours: of the mean fall between two points, where the curve is level at one of them

Kind = Literal["tracer", "chemical"]


@dataclass(frozen=True, config=RECORD)
class ConstantDiffusion(Record):
    """The diffusivity of the ion's species, at every composition; of: whether it is D or D_chem."""

    form: Literal["constant"] = Field(default="constant", kw_only=True)
    of: Kind

    def logarithm(self, y: Floats, own: float, temperature: float) -> Floats:
        """Return ln of the diffusivity (m2/s) at y = ln(x/(1-x)); own: that of the species, at the temperature (K)."""
        return np.full_like(y, np.log(own))

    @property
    def knots(self) -> Floats:
        """Return the y between which the diffusivity is smooth."""
        return np.zeros(0)


@dataclass(frozen=True, config=RECORD)
class TabulatedDiffusion(Record):
    """A diffusivity (m2/s) through points, x ascending inside (0, 1); of: whether it is D or D_chem. The species of the
    ion has none of its own then."""

    form: Literal["table"] = Field(default="table", kw_only=True)
    of: Kind
    x: tuple[Fraction, ...]
    diffusivity: tuple[Annotated[float, Unit("diffusivity")], ...]
    source: Text = Field(kw_only=True)
    activation_energy: Energy | None = Field(default=None, kw_only=True)

    @field_validator("diffusivity")
    @classmethod
    def _one_for_each_x(cls, values: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        return curve_values(values, info, "x")

    @property
    def knots(self) -> Floats:
        """Return the y between which the diffusivity is smooth."""
        x = np.array(self.x)
        return np.asarray(np.log(x / (1.0 - x)))

    def logarithm(self, y: Floats, own: float, temperature: float) -> Floats:
        """Return ln of the diffusivity (m2/s) at y = ln(x/(1-x)) and a temperature (K)."""
        values = np.log(np.array(self.diffusivity))
        curve = Hermite(self.knots, values, monotone_slopes(self.knots, values), (0.0, 0.0))
        return np.asarray(curve.value(y) + np.log(arrhenius(self.activation_energy, temperature)))


Diffusion: TypeAlias = ConstantDiffusion | TabulatedDiffusion
AnyDiffusion = Annotated[Diffusion, Tagged("form")]


def thermodynamic_factor(curve: Curve, y: Floats) -> Floats:
    """Return Theta at y = ln(x/(1-x)); curve: zFU/RT against y.

    A curve through points that fall may be level at a single place between two, where no D would follow: a `SHARE` of
    the fall between the two counts at least.
    """
    found = -curve.slope(y)
    if not isinstance(curve, Hermite):
        return found
    k = np.clip(np.searchsorted(curve.knots, y, side="right") - 1, 0, len(curve.knots) - 2)
    falls = -np.diff(curve.values) / np.diff(curve.knots)
    return np.asarray(np.maximum(found, SHARE * falls[k]))


def level_at(curve: Curve) -> float | None:
    """Return a composition x at which U(x) is level or rises, so that no D follows from D_chem; None without one."""
    y = places(curve.knots)
    found = thermodynamic_factor(curve, y)
    lowest = int(np.argmin(found))
    return None if found[lowest] > LEAST_FACTOR else float(1.0 / (1.0 + np.exp(-y[lowest])))


def places(*knots: Floats) -> Floats:
    """Return every knot, and `POINTS` between each two: what lies between them is a cubic's to 1e-7."""
    ends = np.unique(np.concatenate(knots))
    return np.unique(np.concatenate([np.linspace(a, b, POINTS) for a, b in pairwise(ends)]))


def logarithmic(diffusion: Diffusion, curve: Curve, own: float, temperature: float) -> Hermite:
    """Return ln D (m2/s) against y = ln(x/(1-x)) at a temperature (K).

    curve  zFU/RT against y; own: the diffusivity of the species (m2/s), which a table does not ask for
    """
    y = places(curve.knots, diffusion.knots)
    values = diffusion.logarithm(y, own, temperature)
    if diffusion.of == "chemical":
        values = values - np.log(np.maximum(thermodynamic_factor(curve, y), LEAST_FACTOR))
    return Hermite(y, values, monotone_slopes(y, values), (0.0, 0.0))
