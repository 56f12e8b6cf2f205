"""What becomes of a host whose U(x) rises somewhere, and of one that is flat because two phases share the film.

A measured plateau does not say which of the two it is. The file does:

    convex    the film follows the common tangent: U(x) is the plateau, no boundary is solved for and none has to be
              nucleated; right where the new phase nucleates freely, at no overshoot
    gradient  one film with a boundary that moves: mu_ion = mu(x) - kappa lap x, so that a boundary costs energy; the
              film stays whole until the spinodal and overshoots the plateau once, thin ones never separate
    mosaic    grains too small for a boundary that exchange through an electrolyte: a region of a section each, with
              `gradient`, closed to the ion between them, their U(x) scattered by a fraction of a millivolt; each
              passes its gap as a whole, and the plateau is the spinodal's, another one either way (cases/li_mosaic)

              F = RT c_site int [G(x) + (kappa/2) |grad x|^2] dV + int gamma_s(x) dA,   gamma_s = -g x^2 (3 - 2x)
              kappa dx/dn = -gamma_s'(x)/(RT c_site) at a wall, n outward

    kappa  gradient coefficient                                              m^2
    g      wetting energy: what a full wall gains over an empty one          J/m^2
    width  of a boundary, (x_b - x_a) over its steepest slope                m        w = (x_b - x_a) sqrt(kappa/(2B))
    energy of a boundary                                                     J/m^2    RT c_site int sqrt(2 kappa g) dx

(x_a, x_b, B and g(x) in `eisfv.model.miscibility`). kappa acts over the Debye length too: x cannot change within
sqrt(kappa), so that the host's own space charge is carried by its electrons.

Sources: J. W. Cahn, J. E. Hilliard, J. Chem. Phys. 28 (1958) 258; J. W. Cahn, J. Chem. Phys. 66 (1977) 3667 (wetting).
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from eisfv.constants import GAS_CONSTANT
from eisfv.model.fields import Length, Sourced, Tagged, Unit
from eisfv.model.miscibility import Gap
from eisfv.model.record import RECORD, Record, refuse

SurfaceEnergy = Annotated[float, Unit("energy per area")]
AnySurfaceEnergy = Annotated[float, Unit("energy per area", "any")]


@dataclass(frozen=True, config=RECORD)
class ConvexHull(Record):
    """The common tangent in the place of every rise of U(x)."""

    model: Literal["convex"] = Field(default="convex", kw_only=True)


@dataclass(frozen=True, config=RECORD)
class GradientEnergy(Record):
    """A boundary of finite width.

    width    of the boundary between the two phases of the highest barrier (m), or
    energy   of that boundary (J/m2)
    wetting  g of every wall of the host, its contacts and its interfaces (J/m2): above zero they draw the ion
    """

    model: Literal["gradient"] = Field(default="gradient", kw_only=True)
    width: Annotated[Length, Sourced()] | None = None
    energy: Annotated[SurfaceEnergy, Sourced()] | None = Field(default=None, validate_default=True)
    wetting: Annotated[AnySurfaceEnergy, Sourced()] | None = None

    @field_validator("energy")
    @classmethod
    def _or_a_width(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and info.data.get("width") is not None:
            refuse("does not go with width, which fixes it; remove one of them")
        if value is None and "width" in info.data and info.data["width"] is None:
            refuse('is missing, and so is width; give the width of the boundary, for example "5 nm", or its energy')
        return value

    def kappa(self, widest: Gap, sites: float, temperature: float) -> float:
        """Return kappa (m2) of a host with so many sites (mol/m3); widest: its gap of the highest barrier."""
        if self.energy is not None:
            return (self.energy / (GAS_CONSTANT * temperature * sites * widest.tension)) ** 2
        assert self.width is not None
        return 2.0 * widest.barrier * (self.width / (widest.high - widest.low)) ** 2


def boundary_width(kappa: float, gap: Gap) -> float:
    """Return the width (m) of the boundary between the two phases of a gap."""
    return float((gap.high - gap.low) * (kappa / (2.0 * gap.barrier)) ** 0.5)


def boundary_energy(kappa: float, gap: Gap, sites: float, temperature: float) -> float:
    """Return the energy (J/m2) of that boundary."""
    return float(GAS_CONSTANT * temperature * sites * kappa**0.5 * gap.tension)


PhaseSeparation: TypeAlias = ConvexHull | GradientEnergy
AnyPhaseSeparation = Annotated[PhaseSeparation, Tagged("model")]
