"""Regions: what each part of a device is made of, how thick it is, where it starts."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Amount, Conductivity, Fraction, Length, Name, Positive, Span, YesNo
from eisfv.model.materials import Electrolyte, InsideOfRegion, Material
from eisfv.model.record import RECORD, Record


@dataclass(frozen=True, config=RECORD)
class Initial(Record):
    """The composition at the start.

    x              site fraction of a host's working ion
    concentration  of an electrolyte's species, where it differs from the material's; none of it is held as 1e-100 of
                   its reference density, which no balance notices                       mol/m3
    conductivity   of a host, in the place of x: the composition at which it has it   S/m
    """

    x: Fraction | None = None
    concentration: dict[str, Amount] = Field(default_factory=dict)
    conductivity: Conductivity | None = Field(default=None, kw_only=True)


@dataclass(frozen=True, config=RECORD)
class Region(Record):
    """A layer of a stack or a part of a section.

    thickness  along y (m); x, y: its place in a section, where the shape does not say it
    electroneutral  overrides the material's
    active_volume  of a host: the volume that takes ions over length x width x thickness. A charge then changes the
        composition by 1/active_volume of what it does in the nominal film; conductances keep their sigma(x) and the
        nominal geometry. 1 where it is not given; what is fitted to charges belongs here, not into the thickness
    """

    name: Name
    material: Annotated[Material, InsideOfRegion()]
    thickness: Length | None = None
    x: Span | None = Field(default=None, kw_only=True)
    y: Span | None = Field(default=None, kw_only=True)
    initial: Initial = Field(default_factory=Initial)
    electroneutral: YesNo | None = Field(default=None, kw_only=True)
    active_volume: Positive | None = Field(default=None, kw_only=True)

    @property
    def height(self) -> float:
        """Return the thickness (m); of a region of a section once it is `settled`."""
        assert self.thickness is not None, f"the section says how thick {self.name} is"
        return self.thickness

    @property
    def medium(self) -> Material:
        """Return the material as it is here: as electroneutral, with as many sites in a volume."""
        material = self.material
        if isinstance(material, Electrolyte):
            own = material.electroneutral if self.electroneutral is None else self.electroneutral
            return material if own == material.electroneutral else replace(material, electroneutral=own)
        return material if self.active_volume is None else material.denser(self.active_volume)

    def settled(self, thickness: float) -> "Region":
        """Return the region as the solver takes it: its thickness (m) said, its material that of the place."""
        return replace(self, material=self.medium, thickness=thickness, electroneutral=None, active_volume=None)
