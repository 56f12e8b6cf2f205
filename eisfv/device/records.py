"""What a device is: regions, interfaces, contacts, read-out, as frozen records in SI.

y runs from the gate (y = 0) to the channel, x in a section from source to drain. V = gate minus channel. V above the
open-circuit voltage inserts cations into the channel; a positive current flows from gate to channel inside the device.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol

from eisfv.device.lateral import EVERYWHERE, Lateral
from eisfv.device.layout import Section
from eisfv.materials.records import Activated, Electrode, Material


@dataclass(frozen=True)
class ButlerVolmer:
    """Transfer of one species with an exchange current density; see `eisfv.physics.butler_volmer`.

    exchange_current  A/m2, at the compositions given by `at_x` of the host, or the initial ones when None
    lateral           what it is multiplied with along a section
    """

    law: ClassVar = "butler_volmer"
    exchange_current: Activated
    alpha: float = 0.5
    at_x: float | None = None
    lateral: Lateral = EVERYWHERE

    def parameters(self, temperature: float) -> tuple[float, ...]:
        """Return what the kernel reads after the kind."""
        return (self.alpha,)


@dataclass(frozen=True)
class Continuous:
    """The species passes freely: its electrochemical potential is the same on both sides."""

    law: ClassVar = "continuous"

    def parameters(self, temperature: float) -> tuple[float, ...]:
        """Return nothing: it is a condition."""
        return ()


@dataclass(frozen=True)
class Blocking:
    """The species does not pass."""

    law: ClassVar = "blocking"

    def parameters(self, temperature: float) -> tuple[float, ...]:
        """Return nothing."""
        return ()


KineticLaw = ButlerVolmer
InterfaceLaw = KineticLaw | Continuous | Blocking

# What of a region's neutral bulk is level with the metal of a contact at rest; the whole potential, or nothing charged.
RestsOn = Literal["electron", "ion", "wall", "potential"]


@dataclass(frozen=True)
class Region:
    """A layer of the stack or a part of the section, `thickness` (m) along y. `x` is the initial site fraction of a
    host's working ion; `concentration` overrides the material's bulk concentrations of an electrolyte (mol/m3)."""

    name: str
    material: Material
    thickness: float
    x: float | None = None
    concentration: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Interface:
    """The joint of two neighbours. Electrons that both sides know pass unless a law says otherwise; an ion that both
    sides know needs a law.

    stern_capacitance  F/m2, None: the potential is continuous; stern_lateral: its factor along a section
    """

    left: str
    right: str
    laws: Mapping[str, InterfaceLaw] = field(default_factory=dict)
    stern_capacitance: float | None = None
    stern_lateral: Lateral = EVERYWHERE


class Face(Protocol):
    """What a contact asks of the face it lies on: see `eisfv.device.contacts.ContactFace`."""

    @property
    def half(self) -> float: ...
    @property
    def film(self) -> float: ...
    @property
    def volt(self) -> float: ...
    @property
    def region(self) -> Region: ...
    @property
    def permittivity(self) -> float: ...
    def layer(self, capacitance: float) -> float: ...
    def ease(self, conductance: float) -> float: ...
    def species(self, name: str) -> int: ...
    def levels(self, concentration: Mapping[str, float]) -> Mapping[str, float]: ...
    def transfer(self, law: KineticLaw, species: int, charge: int) -> tuple[float, ...]: ...


@dataclass(frozen=True)
class OnFace:
    """What a contact is on one face.

    layer       C A RT/F^2 of the compact layer in series with half a cell of dielectric, 0: no field leaves   mol
    zero        terminal minus potential at which the layer is uncharged                                       RT/F
    parameters  what the kernel of `eisfv.equations.contacts` reads after the kind
    level       by species: y of a bath, or the electrochemical level of the ion in the metal at V = 0         RT
    """

    layer: float = 0.0
    zero: float = 0.0
    parameters: tuple[float, ...] = ()
    level: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class OhmicContact:
    """Metal on a mixed conductor: electrons at the metal's Fermi level, ions blocked, no field."""

    kind: ClassVar = "ohmic"
    number: ClassVar = 0
    surface_node: ClassVar = False  # whether it acts on values at the metal itself
    resolved: ClassVar = False  # whether a layer beside it asks for a finer mesh
    rests_on: ClassVar[RestsOn] = "electron"

    def on(self, face: Face) -> OnFace:
        """Return what it is on a face."""
        return OnFace()


@dataclass(frozen=True)
class BlockingContact:
    """Polarisable metal: no species passes; capacitance of the compact layer, None for none.

    zero_charge_voltage: metal minus adjacent bulk at which the wall is uncharged (V)."""

    kind: ClassVar = "blocking"
    number: ClassVar = 1
    surface_node: ClassVar = False
    resolved: ClassVar = True
    rests_on: ClassVar[RestsOn] = "wall"

    stern_capacitance: float | None = None
    zero_charge_voltage: float = 0.0

    def on(self, face: Face) -> OnFace:
        """Return what it is on a face: the compact layer in series with half a cell of dielectric."""
        compact = 1.0 / self.stern_capacitance if self.stern_capacitance is not None else 0.0
        # A bare surface node: the potential is continuous.
        half = face.film if face.half == 0.0 and compact == 0.0 else face.half
        capacitance = 1.0 / (half / face.permittivity + compact)
        return OnFace(face.layer(capacitance), self.zero_charge_voltage / face.volt)


@dataclass(frozen=True)
class ReactiveContact:
    """Metal that exchanges the working ion at fixed activity, by a kinetic law."""

    kind: ClassVar = "reactive"
    number: ClassVar = 2
    surface_node: ClassVar = True
    resolved: ClassVar = True
    rests_on: ClassVar[RestsOn] = "ion"

    electrode: Electrode
    law: KineticLaw
    stern_capacitance: float | None = None

    def on(self, face: Face) -> OnFace:
        """Return what it is on a face; parameters: ion, k0 A, row of the law."""
        ion = face.species(self.electrode.ion)
        capacitance = self.stern_capacitance if self.stern_capacitance is not None else face.permittivity / face.film
        potential = self.electrode.potential / face.volt
        return OnFace(
            face.layer(capacitance),
            potential,
            (float(ion), *face.transfer(self.law, ion, self.electrode.charge)),
            {self.electrode.ion: -self.electrode.charge * potential},
        )


@dataclass(frozen=True)
class BathContact:
    """Fixed composition and potential: a reservoir of the adjacent phase. Concentrations in mol/m3 per species;
    a species that is not named keeps the initial bulk value."""

    kind: ClassVar = "bath"
    number: ClassVar = 3
    surface_node: ClassVar = False
    resolved: ClassVar = True
    rests_on: ClassVar[RestsOn] = "potential"

    concentration: Mapping[str, float] = field(default_factory=dict)

    def on(self, face: Face) -> OnFace:
        """Return what it is on a face: half a cell of the region's own phase."""
        space_charge = not face.region.material.electroneutral
        layer = face.layer(face.permittivity / face.half) if space_charge else 0.0
        return OnFace(layer, level=face.levels(self.concentration))


@dataclass(frozen=True)
class InsulatingContact:
    """Nothing passes and no field leaves."""

    kind: ClassVar = "insulating"
    number: ClassVar = 4
    surface_node: ClassVar = False
    resolved: ClassVar = False
    rests_on: ClassVar[RestsOn] = "potential"

    def on(self, face: Face) -> OnFace:
        """Return what it is on a face."""
        return OnFace()


Contact = OhmicContact | BlockingContact | ReactiveContact | BathContact | InsulatingContact


@dataclass(frozen=True)
class Readout:
    """In-plane conductance of one region.

    Of a stack G = (width/length) * integral of sigma over the thickness, both in m. Of a section between source and
    drain, else between the region's left and right end; length and width are then 0.
    """

    region: str
    length: float = 0.0
    width: float = 0.0


@dataclass(frozen=True)
class MeshOptions:
    """Geometric grading toward the ends of every region; not toward an ohmic or insulating contact, which has no layer.

    first        thickness of the first cell as a fraction of the region's Debye length
    growth       ratio of neighbouring cells in an electrolyte
    host_growth  ratio of neighbouring cells in a host, where depletion moves the space charge inward
    largest      largest cell as a fraction of the region's thickness
    cells        region: that many equal cells along y instead of grading
    lateral_first, lateral_largest  of a section: first cell beside an end of a region or contact, and largest cell,
                 as fractions of the section's width; lateral_growth their ratio
    lateral_cells  that many equal cells along x instead, None: graded
    """

    first: float = 0.5
    growth: float = 1.15
    host_growth: float = 1.08
    largest: float = 0.06
    cells: Mapping[str, int] = field(default_factory=dict)
    lateral_first: float = 2e-3
    lateral_largest: float = 0.04
    lateral_growth: float = 1.3
    lateral_cells: int | None = None


@dataclass(frozen=True)
class Device:
    """A stack from gate to channel, or a section, ready for the mesh.

    area (m2) of the stack; of a section: its depth times the width of the region at the channel contact.
    """

    temperature: float
    area: float
    regions: tuple[Region, ...]
    interfaces: tuple[Interface, ...]
    gate: Contact
    channel: Contact
    series_resistance: float = 0.0
    readout: Readout | None = None
    mesh: MeshOptions = field(default_factory=MeshOptions)
    section: Section | None = None

    @property
    def ends(self) -> tuple[int, int]:
        """Return the numbers of the regions at the gate and at the channel contact."""
        if self.section is None:
            return 0, len(self.regions) - 1
        names = [region.name for region in self.regions]
        return names.index(self.section.gate_region), names.index(self.section.channel_region)
