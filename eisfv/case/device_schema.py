"""The `[device]`, `[readout]` and `[mesh]` tables of a case file."""

from typing import Annotated, Literal

from pydantic import Field

from eisfv.case.fields import (
    Area,
    Capacitance,
    Concentration,
    Count,
    CurrentDensity,
    Fraction,
    Length,
    MolarEnergy,
    Number,
    Positive,
    Resistance,
    Table,
    Temperature,
    Text,
    Transfer,
    Voltage,
)
from eisfv.case.section_schema import CapacitanceAlong, CurrentDensityAlong, Section, Span
from eisfv.device.records import MeshOptions


class Initial(Table):
    """`x` for a host; concentrations that differ from the material's for an electrolyte."""

    x: Fraction | None = None
    concentration: dict[str, Concentration] = {}


class Region(Table):
    """`thickness` in a stack, `x` and `y` in a section; `section_keys` says which of them where."""

    name: Text
    material: Text
    thickness: Length | None = None
    x: Span | None = None
    y: Span | None = None
    initial: Initial = Initial()
    electroneutral: bool | None = None


class ButlerVolmer(Table):
    law: Literal["butler_volmer"]
    exchange_current: CurrentDensityAlong
    activation_energy: MolarEnergy = Field(default="0 eV", validate_default=True)
    alpha: Transfer = 0.5
    at_x: Fraction | None = None


class Continuous(Table):
    law: Literal["continuous"]


class Blocking(Table):
    law: Literal["blocking"]


Law = Annotated[ButlerVolmer | Continuous | Blocking, Field(discriminator="law")]


class Interface(Table):
    """`ion` is the working ion of the host beside the interface, `species.NAME` any species by name."""

    between: Annotated[list[Text], Field(min_length=2, max_length=2)]
    ion: Law | None = None
    electron: Law | None = None
    species: dict[str, Law] = {}
    stern_capacitance: CapacitanceAlong | None = None


class OhmicContact(Table):
    kind: Literal["ohmic"]


class BlockingContact(Table):
    kind: Literal["blocking"]
    stern_capacitance: Capacitance | None = None
    zero_charge_voltage: Voltage = Field(default="0 V", validate_default=True)


class ReactiveContact(Table):
    kind: Literal["reactive"]
    electrode: Text
    exchange_current: CurrentDensity
    activation_energy: MolarEnergy = Field(default="0 eV", validate_default=True)
    alpha: Transfer = 0.5
    stern_capacitance: Capacitance | None = None


class BathContact(Table):
    kind: Literal["bath"]
    concentration: dict[str, Concentration] = {}


class InsulatingContact(Table):
    kind: Literal["insulating"]


Contact = Annotated[
    OhmicContact | BlockingContact | ReactiveContact | BathContact | InsulatingContact, Field(discriminator="kind")
]


class Contacts(Table):
    gate: Contact
    channel: Contact


class Device(Table):
    """`area` of a stack; a section shows its own."""

    temperature: Temperature
    area: Area | None = None
    series_resistance: Resistance = Field(default="0 ohm", validate_default=True)
    section: Section | None = None
    region: Annotated[list[Region], Field(min_length=1)]
    interface: list[Interface] = []
    contact: Contacts


class Readout(Table):
    """`length` and `width` of a stack; a section shows its own."""

    length: Length | None = None
    width: Length | None = None
    region: Text | None = None


Growth = Annotated[float, Number(1.0, None, "1.2", closed=True)]
Share = Annotated[float, Number(0.0, 1.0, "0.06")]


class Mesh(Table):
    """`lateral_...` is for sections of rectangles: unset in a stack, and the defaults of MeshOptions otherwise."""

    first: Positive = MeshOptions.first
    growth: Growth = MeshOptions.growth
    host_growth: Growth = MeshOptions.host_growth
    largest: Share = MeshOptions.largest
    cells: dict[str, Count] = {}
    lateral_first: Share | None = None
    lateral_largest: Share | None = None
    lateral_growth: Growth | None = None
    lateral_cells: Count | None = None
