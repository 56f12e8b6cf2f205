"""Regions: what each part of a device is made of, how thick it is, where it starts."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Amount, Fraction, Length, Name, Span, YesNo
from eisfv.model.materials import Electrolyte, InsideOfRegion, Material
from eisfv.model.record import RECORD, Record


@dataclass(frozen=True, config=RECORD)
class Initial(Record):
    """The composition at the start.

    x              site fraction of a host's working ion
    concentration  of an electrolyte's species, where it differs from the material's; none of it is held as 1e-100 of
                   its reference density, which no balance notices                       mol/m3
    """

    x: Fraction | None = None
    concentration: dict[str, Amount] = Field(default_factory=dict)


@dataclass(frozen=True, config=RECORD)
class Region(Record):
    """A layer of a stack or a part of a section.

    thickness  along y (m); x, y: its place in a section, where the shape does not say it
    electroneutral  overrides the material's
    """

    name: Name
    material: Annotated[Material, InsideOfRegion()]
    thickness: Length | None = None
    x: Span | None = Field(default=None, kw_only=True)
    y: Span | None = Field(default=None, kw_only=True)
    initial: Initial = Field(default_factory=Initial)
    electroneutral: YesNo | None = Field(default=None, kw_only=True)

    @property
    def height(self) -> float:
        """Return the thickness (m); of a region of a section once it is `settled`."""
        assert self.thickness is not None, f"the section says how thick {self.name} is"
        return self.thickness

    def settled(self, thickness: float) -> "Region":
        """Return the region as the solver takes it: its thickness (m) said, its material as electroneutral as it is."""
        material = self.material
        if self.electroneutral is not None and isinstance(material, Electrolyte):
            material = replace(material, electroneutral=self.electroneutral)
        return replace(self, material=material, thickness=thickness)
