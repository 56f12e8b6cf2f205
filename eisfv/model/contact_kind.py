"""What every contact says of itself, and what it is on a face of the mesh.

number        the kind that its row begins with, for `eisfv.equations.contacts`
surface_node  whether the region ends in a cell of no volume at the metal: "always", "never", or "neutral": where
              the region is electroneutral, whose double layer then sits in that cell
layered       whether the region has a layer at the contact that a mesh must resolve
ends_field    whether field lines end on the metal, so that it holds the charge against which the potential counts
level         what is level with the metal in the bulk at rest: the "electron" (a hole where there is none), the
              "carrier" of an injecting contact, the electrode's "ion", the uncharged "wall" at its zero-charge voltage,
              or "none": the bulk is at the metal's potential
needs         the species that the region must have, beside the ion of the contact's electrode
takes_electrons  whether the ohmic electrons of the region meet the metal
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple, Protocol

from eisfv.model.adsorption import Adsorption
from eisfv.model.interface_laws import Kinetic
from eisfv.model.materials import Material
from eisfv.model.record import Record
from eisfv.model.regions import Region


class BandOnFace(NamedTuple):
    """What a contact asks of the carriers of a band: their filling, charge, and standard potential (RT)."""

    filling: str
    charge: int
    standard: float


class Face(Protocol):
    """What a contact asks of a face that it lies on: see `eisfv.device.contacts.ContactFace`."""

    @property
    def half(self) -> float: ...
    @property
    def area(self) -> float: ...
    @property
    def film(self) -> float: ...
    @property
    def temperature(self) -> float: ...
    @property
    def volt(self) -> float: ...
    @property
    def region(self) -> Region: ...
    @property
    def permittivity(self) -> float: ...
    def layer(self, capacitance: float) -> float: ...
    def ease(self, conductance: float) -> float: ...
    def species(self, name: str) -> int: ...
    def chemical(self, name: str) -> float: ...
    def levels(self, concentration: Mapping[str, float]) -> Mapping[str, float]: ...
    def passing(self, species: int) -> tuple[float, ...]: ...
    def bands(self) -> Mapping[str, BandOnFace]: ...
    def transfer(self, law: Kinetic, species: int, charge: int) -> tuple[float, ...]: ...


@dataclass(frozen=True)
class OnFace:
    """What a contact is on one face.

    layer       C A RT/F^2 of the compact layer in series with half a cell of dielectric, 0: no field leaves   mol
    zero        terminal minus potential at which the layer is uncharged                                       RT/F
    parameters  what the kernel of `eisfv.equations.contacts` reads behind the kind
    levels      by species: y of a bath, or the electrochemical level of the ion in the metal at V = 0         RT
    """

    layer: float = 0.0
    zero: float = 0.0
    parameters: tuple[float, ...] = ()
    levels: Mapping[str, float] = field(default_factory=dict)


class ContactKind(Record):
    """What every contact declares; a contact that does not is refused by `tests/model`."""

    number: ClassVar[int]
    surface_node: ClassVar[Literal["always", "neutral", "never"]]
    level: ClassVar[Literal["electron", "carrier", "ion", "wall", "none"]]

    takes_electrons: ClassVar[bool]

    needs: ClassVar[str | None] = None

    def layered(self, material: Material) -> bool:
        """Return whether a region of a material has a layer there."""
        return False

    def ends_field(self, material: Material) -> bool:
        """Return whether the field of a region of a material ends there."""
        return False

    def in_series(self, temperature: float) -> float:
        """Return the resistance times area (ohm m2) of a small current of electrons, where it is Ohm's."""
        return 0.0

    def sites(self) -> Mapping[str, Adsorption]:
        """Return what its wall adsorbs, by the name of the adsorbed species; the region then ends in a surface node."""
        return {}

    def on(self, face: Face) -> OnFace:
        """Return what the contact is on a face."""
        return OnFace()
