"""When a protocol step ends before its duration is over: `until = { current = "below 1 uA" }`."""

from dataclasses import dataclass as plain_dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationInfo, model_validator
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Number, Unit
from eisfv.model.quantity import Quantity
from eisfv.model.record import RECORD, Checked, Record, refuse
from eisfv.units import DIMENSIONS

Side = Literal["above", "below"]


@plain_dataclass(frozen=True)
class Threshold(Record):
    """A value and the side of it on which a step ends; in a file "above 1.2 V"."""

    side: Side
    level: float

    def written(self) -> str:
        text = self.level.text if isinstance(self.level, Quantity) else ""
        return f"{self.side} {text or repr(float(self.level))}"

    def excess(self, value: float) -> float:
        """Return by how much a value is on that side, below zero where it is on the other."""
        return value - self.level if self.side == "above" else self.level - value


@plain_dataclass(frozen=True)
class ThresholdOf(Checked):
    """Marks a threshold of a quantity: its dimension, or "" of a site fraction."""

    dimension: str

    def check(self, value: Any, info: ValidationInfo) -> Threshold:
        if isinstance(value, Threshold):
            return value
        example = DIMENSIONS[self.dimension].example if self.dimension else "0.2"
        word, _, text = value.partition(" ") if isinstance(value, str) else ("", "", "")
        side: Side = "above" if word == "above" else "below"
        if word != side:
            refuse(f'must say on which side the step ends; write for example "above {example}", or "below {example}"')
        if self.dimension:
            return Threshold(side, Unit(self.dimension, "any").read(text))
        try:
            level = float(text)
        except ValueError:
            refuse(f'has no plain number; write for example "above {example}"')
        return Threshold(side, Quantity(Number(0.0, 1.0, f'"above {example}"').check(level), text.strip()))


@dataclass(frozen=True, config=RECORD)
class Until(Record):
    """A step ends where the first of these is so, at the earliest with its first time step, at the latest after its
    duration.

    voltage      gate minus channel, at the device      V
    current      into the gate                          A
    conductance  of the channel                         S
    x            mean site fraction of the channel      -
    """

    voltage: Annotated[Threshold, ThresholdOf("voltage")] | None = Field(default=None, kw_only=True)
    current: Annotated[Threshold, ThresholdOf("current")] | None = Field(default=None, kw_only=True)
    conductance: Annotated[Threshold, ThresholdOf("conductance")] | None = Field(default=None, kw_only=True)
    x: Annotated[Threshold, ThresholdOf("")] | None = Field(default=None, kw_only=True)

    @model_validator(mode="after")
    def _is_something(self) -> Self:
        if not self.thresholds:
            refuse('says nothing; write for example until = { current = "below 1 uA" }')
        return self

    @property
    def thresholds(self) -> dict[str, Threshold]:
        """Return what is set, by quantity."""
        every = {"voltage": self.voltage, "current": self.current, "conductance": self.conductance, "x": self.x}
        return {name: threshold for name, threshold in every.items() if threshold is not None}

    @property
    def text(self) -> str:
        """Return the condition in words."""
        return " or ".join(f"{name} {threshold.written()}" for name, threshold in self.thresholds.items())
