"""The whole case file."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from eisfv.model.contacts import AnyContact
from eisfv.model.fields import AnyText, Area, Length, NotEmpty, Resistance, Temperature, Text
from eisfv.model.interfaces import Interface
from eisfv.model.materials import AnyMaterial, Electrode, Material, read_material
from eisfv.model.measure import Measure
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.output import Output
from eisfv.model.protocol import Entry, can_be_driven
from eisfv.model.quantity import Quantity
from eisfv.model.record import RECORD, Reading, Record
from eisfv.model.regions import Region
from eisfv.model.section import Section
from eisfv.model.solver_options import SolverOptions
from eisfv.model.writing_pulse import AnyPulse, ProtocolFile
from eisfv.text_files import UnreadableError, parse_toml


@dataclass(frozen=True, config=RECORD)
class Title(Record):
    """What the case is called, and where its device was published."""

    title: Text
    source: AnyText = ""


@dataclass(frozen=True, config=RECORD)
class Contacts(Record):
    """The two ends."""

    gate: AnyContact
    channel: AnyContact


@dataclass(frozen=True, config=RECORD)
class DeviceTable(Record):
    """The `[device]` table. area (m2) of a stack; a section shows its own."""

    temperature: Temperature
    area: Area | None = Field(default=None, kw_only=True)
    series_resistance: Resistance = Field(default=Quantity(0.0, "0 ohm"), kw_only=True)
    section: Section | None = Field(default=None, kw_only=True)
    region: Annotated[tuple[Region, ...], NotEmpty]
    interface: tuple[Interface, ...] = Field(default=(), kw_only=True)
    contact: Contacts


@dataclass(frozen=True, config=RECORD)
class Readout(Record):
    """Conductance of one region.

    Of a stack G = (width/length) * integral of sigma over the thickness, both in m. Of a section between source and
    drain, else between the region's left and right end; it has no length and width of its own.

    path      "along" its plane, as above, where nothing is said; "through" the thickness of a stack, between its two
              terminals: the small signal at resting ions, 1/G = integral of dy/(sigma area), and the resistance of
              resistive contacts on the region
    carriers  what sigma is read from: the region's "ions", z x, or its solved "electrons", those of its double layers
              among them; None: the ions of a host, the electrons of a semiconductor
    """

    length: Length | None = Field(default=None, kw_only=True)
    width: Length | None = Field(default=None, kw_only=True)
    region: Text | None = None
    carriers: Literal["ions", "electrons"] | None = Field(default=None, kw_only=True)
    path: Literal["along", "through"] | None = Field(default=None, kw_only=True)

    @property
    def aspect(self) -> float:
        """Return width over length; of a stack alone."""
        assert self.width is not None, "a section shows its own width"
        assert self.length is not None, "a section shows its own length"
        return self.width / self.length


@dataclass(frozen=True, config=RECORD)
class CaseFile(Record):
    """The file. material: those it uses, by reference, validated before it is.

    start         the run in whose last state this one starts; of a resolved case the state itself, beside it
    start_sha256  of that state
    measure       protocols that start from the state in which the protocol ends
    pulse         what writes the device: the multiples that a protocol may count in
    protocol_file  of a resolved case: where its protocol is from, if not from the case itself

    calibrate is about other runs than this one: `eisfv.case` reads it, and a resolved case does not have it.
    """

    case: Title
    device: DeviceTable
    readout: Readout | None = Field(default=None, kw_only=True)
    protocol: Annotated[tuple[Entry, ...], NotEmpty, AfterValidator(can_be_driven)]
    measure: tuple[Measure, ...] = ()
    pulse: AnyPulse | None = None
    protocol_file: ProtocolFile | None = None
    mesh: MeshOptions = Field(default_factory=MeshOptions)
    output: Output = Field(default_factory=Output)
    solver: SolverOptions = Field(default_factory=SolverOptions)
    calibrate: dict[str, Any] | None = None
    start: Text | None = None
    start_sha256: Text | None = None
    material: dict[str, AnyMaterial] = Field(default_factory=dict)

    def written(self) -> Any:
        """Return the file as a tree that stands alone: nothing that only says that nothing is set."""
        tree = {key: _without_empty_tables(value) for key, value in super().written().items() if value != []}
        return tree | {"material": {reference: material.written() for reference, material in self.material.items()}}


CASE: TypeAdapter[CaseFile] = TypeAdapter(CaseFile)


def validate(tree: dict[str, Any], materials: dict[str, Material | Electrode]) -> CaseFile:
    """Return the case of a file's tree; materials by reference, validated. Raises pydantic's ValidationError."""
    tables = tree.get("material", {})
    if isinstance(tables, dict):
        # A table that is none of the materials is faulty, and told where it was read.
        rest = {reference: table for reference, table in tables.items() if not isinstance(table, dict)}
        tables = {**rest, **{reference: materials[reference] for reference in tables if reference in materials}}
    return CASE.validate_python({**tree, "material": tables}, context=Reading(materials))


def read_resolved(resolved: str | dict[str, Any]) -> CaseFile:
    """Return the records of a case.resolved.toml, from its text or its tree: the case with its materials inlined.

    ValueError with one line where it is none.
    """
    try:
        tree = parse_toml(resolved) if isinstance(resolved, str) else resolved
        tables = tree.get("material", {})
        entries = tables.items() if isinstance(tables, dict) else ()  # what is no table is told by the validation
        return validate(tree, {reference: read_material(reference, table) for reference, table in entries})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None
    except UnreadableError as error:
        raise ValueError(str(error)) from None


def _without_empty_tables(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: item for key, value in node.items() if (item := _without_empty_tables(value)) != {}}
    return [_without_empty_tables(item) for item in node] if isinstance(node, list) else node
