"""The tables of a case file that say what is done, written and how; and the whole file."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, Discriminator, Field, GetCoreSchemaHandler, Tag, ValidationInfo, field_validator
from pydantic_core import CoreSchema

from eisfv.case.calibrate_schema import Calibrate
from eisfv.case.device_schema import Device, Mesh, Readout
from eisfv.case.fields import (
    Count,
    Current,
    Moment,
    Number,
    Positive,
    Quantity,
    Table,
    Text,
    Time,
    Unit,
    Voltage,
    plain,
    refuse,
)
from eisfv.case.problems import quoted
from eisfv.observers.schedule import WORDS
from eisfv.stepping.options import SolverOptions


def _table_or_text(value: Any) -> str:
    """Choose the member of a union when a file is read (dict) and when it is written (Table)."""
    return "table" if isinstance(value, dict | Table) else "text"


@dataclass(frozen=True)
class ReadWindow:
    """Marks `read`: "all", or "last 5 s"."""

    def check(self, value: Any) -> Quantity:
        if value == "all":
            return Quantity(value, inf)
        if not isinstance(value, str) or not value.startswith("last "):
            refuse('must be "all" or a last stretch of the step; write for example "last 5 s"')
        window = Unit("time").check(value.removeprefix("last "))
        return Quantity(f"last {window.text}", window.si)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return plain(self.check, lambda window: window.text)


@dataclass(frozen=True)
class FieldTime:
    """Marks an entry of `fields.at`: one of the moments WORDS of a protocol or a time."""

    def check(self, value: Any) -> Quantity | str:
        if value in WORDS:
            return str(value)
        if isinstance(value, str) and value[:1].isalpha():
            refuse(f"is neither a time nor one of {quoted(WORDS)}")
        return Unit("time", "not negative").check(value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return plain(self.check, lambda moment: moment if isinstance(moment, str) else moment.text)


Level = TypeVar("Level")


class Curve(Table, Generic[Level]):
    """Straight lines through the points."""

    times: Annotated[list[Moment], Field(min_length=1)]
    levels: list[Level]

    @field_validator("times")
    @classmethod
    def _ascends(cls, times: list[Quantity]) -> list[Quantity]:
        if any(late.si <= early.si for early, late in pairwise(times)):
            refuse('must ascend; write for example ["0 s", "1 ms", "2 ms"]')
        return times

    @field_validator("levels")
    @classmethod
    def _as_many_as_times(cls, levels: list[Level], info: ValidationInfo) -> list[Level]:
        if "times" in info.data and len(info.data["times"]) != len(levels):
            refuse(f"has {len(levels)} entries and times has {len(info.data['times'])}; give one level for each time")
        return levels


class Timed(Table):
    """What every step of a protocol has.

    spike_interval  t_post - t_pre of the pair of spikes that a pulse is; for whoever reads the result, not solved with
    """

    duration: Time
    pulse: bool = False
    read: Annotated[Quantity, ReadWindow()] | None = None
    spike_interval: Annotated[Quantity, Unit("time", "any")] | None = None

    @field_validator("read")
    @classmethod
    def _fits_the_step(cls, read: Quantity | None, info: ValidationInfo) -> Quantity | None:
        duration = info.data.get("duration")
        if read is not None and duration is not None and duration.si < read.si < inf:
            refuse(f'is longer than the step of {duration.text}; write for example "last {duration.text}"')
        return read

    @field_validator("spike_interval")
    @classmethod
    def _is_of_a_pulse(cls, interval: Quantity | None, info: ValidationInfo) -> Quantity | None:
        if interval is not None and info.data.get("pulse") is False:
            refuse("is of a step that is no pulse; add pulse = true, or remove it")
        return interval


class OpenCircuitStep(Timed):
    drive: Literal["open_circuit"]


class VoltageStep(Timed):
    drive: Literal["voltage"]
    value: Annotated[
        Annotated[Voltage, Tag("text")] | Annotated[Curve[Voltage], Tag("table")], Discriminator(_table_or_text)
    ]


class CurrentStep(Timed):
    drive: Literal["current"]
    value: Annotated[
        Annotated[Current, Tag("text")] | Annotated[Curve[Current], Tag("table")], Discriminator(_table_or_text)
    ]


Step = Annotated[OpenCircuitStep | VoltageStep | CurrentStep, Field(discriminator="drive")]


class Block(Table):
    """Steps driven `repeat` times over; one of them may be a block itself."""

    repeat: Count = 1
    steps: Annotated[list["Entry"], Field(min_length=1)]


def _block_or_step(value: Any) -> str:
    is_block = isinstance(value, Block) or (isinstance(value, dict) and ("steps" in value or "repeat" in value))
    return "block" if is_block else "step"


Entry = Annotated[Annotated[Block, Tag("block")] | Annotated[Step, Tag("step")], Discriminator(_block_or_step)]
Block.model_rebuild()


class Title(Table):
    title: Text
    source: str = ""


class Every(Table):
    every: Time


class At(Table):
    at: list[Annotated[Quantity | str, FieldTime()]]


class LogTimes(Table):
    first: Time
    per_decade: Count


class Log(Table):
    log: LogTimes


WHEN = {"every": Every, "at": At, "log": Log}


def _when(default: str) -> Callable[[Any], str]:
    """Return what chooses the form of a time of output: a text, or the table of WHEN whose key it has."""

    def choose(value: Any) -> str:
        if not isinstance(value, dict | Table):
            return "text"
        has = set(value if isinstance(value, dict) else type(value).model_fields)
        return f"table of {next((key for key in WHEN if key in has), default)}"

    return choose


EveryTable = Annotated[Every, Tag("table of every")]
AtTable = Annotated[At, Tag("table of at")]
LogTable = Annotated[Log, Tag("table of log")]
EveryStep = Annotated[Literal["every step"], Tag("text")]
WithFields = Annotated[Literal["with fields"], Tag("text")]


class Output(Table):
    """When what is written; `profiles` may say "with fields": only at the times of the fields."""

    terminals: Annotated[EveryStep | EveryTable | AtTable | LogTable, Discriminator(_when("every"))] = "every step"
    profiles: Annotated[WithFields | EveryTable | AtTable | LogTable, Discriminator(_when("every"))] = "with fields"
    fields: Annotated[EveryTable | AtTable | LogTable, Discriminator(_when("at"))] = At(at=["start", "end"])


def _options(text: str) -> str:
    """Refuse what PETSc would not read as options: each a word with a dash and a letter, and at most one value."""
    named = False
    for word in text.split():
        option = word[:1] == "-" and word[1:2].isalpha()
        if not option and not named:
            refuse(f'has "{word}" where an option belongs; write for example "-ksp_type gmres -pc_type asm"')
        named = option
    return text


class Solver(Table):
    linear: Literal["auto", "banded", "superlu", "petsc"] = SolverOptions.linear
    petsc: Annotated[str, AfterValidator(_options)] = SolverOptions.petsc
    tolerance: Annotated[float, Number(0.0, 1.0, "1e-3")] = SolverOptions.tolerance
    newton: Positive = SolverOptions.newton
    smallest_step: Time = Field(default=f"{SolverOptions.smallest_step} s", validate_default=True)
    largest_step: Time | None = None


class CaseFile(Table):
    """The whole file; the materials under `material` have schemas of their own (`material_file`).

    `calibrate` is about other runs than this one: a resolved case does not have it.
    """

    case: Title
    device: Device
    readout: Readout | None = None
    protocol: Annotated[list[Entry], Field(min_length=1)]
    mesh: Mesh = Mesh()
    output: Output = Output()
    solver: Solver = Solver()
    calibrate: Calibrate | None = Field(default=None, exclude=True)
    material: dict[str, dict[str, Any]] = {}
