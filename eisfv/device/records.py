"""What a device is: regions, interfaces, contacts, read-out, as frozen records in SI.

y runs from the gate (y = 0) to the channel, x in a section from source to drain. V = gate minus channel. V above the
open-circuit voltage inserts cations into the channel; a positive current flows from gate to channel inside the device.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from eisfv.device.lateral import EVERYWHERE, Lateral
from eisfv.device.layout import Section
from eisfv.materials.records import Activated, Electrode, Material


@dataclass(frozen=True)
class ButlerVolmer:
    """Transfer of one species with an exchange current density; see `eisfv.physics.butler_volmer`.

    exchange_current  A/m2, at the compositions given by `at_x` of the host, or the initial ones when None
    lateral           what it is multiplied with along a section
    """

    exchange_current: Activated
    alpha: float = 0.5
    at_x: float | None = None
    lateral: Lateral = EVERYWHERE


@dataclass(frozen=True)
class Continuous:
    """The species passes freely: its electrochemical potential is the same on both sides."""


@dataclass(frozen=True)
class Blocking:
    """The species does not pass."""


InterfaceLaw = ButlerVolmer | Continuous | Blocking


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


@dataclass(frozen=True)
class OhmicContact:
    """Metal on a mixed conductor: electrons at the metal's Fermi level, ions blocked, no field."""


@dataclass(frozen=True)
class BlockingContact:
    """Polarisable metal: no species passes; capacitance of the compact layer, None for none.

    zero_charge_voltage: metal minus adjacent bulk at which the wall is uncharged (V)."""

    stern_capacitance: float | None = None
    zero_charge_voltage: float = 0.0


@dataclass(frozen=True)
class ReactiveContact:
    """Metal that exchanges the working ion at fixed activity, with Butler-Volmer kinetics."""

    electrode: Electrode
    exchange_current: Activated
    alpha: float = 0.5
    stern_capacitance: float | None = None


@dataclass(frozen=True)
class BathContact:
    """Fixed composition and potential: a reservoir of the adjacent phase. Concentrations in mol/m3 per species;
    a species that is not named keeps the initial bulk value."""

    concentration: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class InsulatingContact:
    """Nothing passes and no field leaves."""


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
