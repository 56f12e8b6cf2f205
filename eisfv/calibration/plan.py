"""What is fitted to what."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from typing import Literal

from eisfv.case.calibrate_schema import amount_text
from eisfv.postprocess.quantities.expected import Quantity


@dataclass(frozen=True)
class Setting:
    """A key of some cases (directories) that takes `factor` times a parameter's value."""

    key: str
    cases: tuple[Path, ...]
    factor: float


@dataclass(frozen=True)
class Parameter:
    """A value between low and high, all in `unit`; the fit moves its coordinate between 0 and 1.

    scale  linear: the coordinate is linear in the value; log: in its logarithm
    """

    settings: tuple[Setting, ...]
    low: float
    high: float
    start: float
    unit: str
    scale: Literal["linear", "log"]

    @property
    def name(self) -> str:
        """Return the key that is written first."""
        return self.settings[0].key

    def value(self, coordinate: float) -> float:
        """Return the value at a coordinate."""
        if self.scale == "log":
            return self.low * exp(coordinate * log(self.high / self.low))
        return self.low + coordinate * (self.high - self.low)

    def coordinate(self, value: float) -> float:
        """Return the coordinate of a value."""
        if self.scale == "log":
            return log(value / self.low) / log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def slope(self, coordinate: float) -> float:
        """Return the derivative of the value by the coordinate."""
        if self.scale == "log":
            return self.value(coordinate) * log(self.high / self.low)
        return self.high - self.low


@dataclass(frozen=True)
class Target:
    """A quantity of the expected.toml at `path`."""

    path: Path
    quantity: Quantity
    weight: float

    @property
    def name(self) -> str:
        """Return the case and the quantity."""
        return f"{self.path.parent.name}: {self.quantity.name}"

    def width(self, model: float) -> float:
        """Return how far the tolerance lets the model be off."""
        expected, tolerance = self.quantity.value, self.quantity.tolerance
        return (tolerance - 1.0) * abs(model) if self.quantity.factor else tolerance * abs(expected)

    def residual(self, model: float) -> float | None:
        """Return how far the model is off, in units of the tolerance; None where that cannot be said.

        A tolerance that is a factor counts in logarithms.
        """
        expected, tolerance = self.quantity.value, self.quantity.tolerance
        if not self.quantity.factor:
            return self.weight * (model - expected) / (tolerance * abs(expected))
        return self.weight * log(model / expected) / log(tolerance) if model / expected > 0.0 else None


@dataclass(frozen=True)
class Plan:
    """A fit. entries: by the case to run, what is made of the run: the targets and what they are a ratio to."""

    title: str
    file: Path
    parameters: Sequence[Parameter]
    targets: Sequence[Target]
    entries: dict[Path, tuple[tuple[Path, Quantity], ...]]

    def overrides(self, case: Path, values: Sequence[float]) -> tuple[str, ...]:
        """Return what `--set` would say to give a case these values of the parameters."""
        return tuple(
            f"{setting.key}={amount_text(setting.factor * value, parameter.unit)}"
            for parameter, value in zip(self.parameters, values, strict=True)
            for setting in parameter.settings
            if case in setting.cases
        )
