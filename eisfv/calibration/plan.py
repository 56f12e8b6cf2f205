"""What is fitted to what."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, log
from pathlib import Path
from typing import Literal

import numpy as np

from eisfv.case.calibrate_schema import amount_text
from eisfv.postprocess.quantities.expected import Quantity
from eisfv.postprocess.quantities.measured import Measured

Entry = Quantity | Measured
Model = float | np.ndarray  # of a quantity, of a curve (n)


@dataclass(frozen=True)
class Setting:
    """A key of some cases (directories) that takes `factor` times a parameter's value."""

    key: str
    cases: tuple[Path, ...]
    factor: float


@dataclass(frozen=True)
class Width:
    """One standard deviation: of the value in its own unit, or a factor."""

    number: float
    factor: bool

    def misfit(self, model: float, expected: float) -> float:
        """Return how many widths a model's value is off, infinite where a factor cannot say it."""
        if not self.factor:
            return (model - expected) / self.number
        ratio = model / expected if expected else -1.0
        return log(ratio) / log(self.number) if ratio > 0.0 else inf

    def reach(self, model: float) -> float:
        """Return how far a model's value may be off."""
        return (self.number - 1.0) * abs(model) if self.factor else self.number


@dataclass(frozen=True)
class Prior:
    """What is known of a parameter beforehand, in its unit: normal, or normal in the logarithm."""

    value: float
    width: Width


@dataclass(frozen=True)
class Parameter:
    """A value between low and high, all in `unit`; the fit moves its coordinate between 0 and 1.

    scale   linear: the coordinate is linear in the value; log: in its logarithm
    device  whose it is, "" where it is shared
    """

    settings: tuple[Setting, ...]
    low: float
    high: float
    start: float
    unit: str
    scale: Literal["linear", "log"]
    prior: Prior | None = None
    device: str = ""

    @property
    def key(self) -> str:
        """Return the key that is written first."""
        return self.settings[0].key

    @property
    def name(self) -> str:
        """Return what it is called: its key, with the device where there are several."""
        return f"{self.key} of {self.device}" if self.device else self.key

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
    """A quantity of the expected.toml at `path`, or a measured curve of it.

    width  of a quantity: one standard deviation
    """

    path: Path
    quantity: Quantity
    weight: float
    width: Width
    curve: Measured | None = None

    @property
    def name(self) -> str:
        """Return the case and the quantity."""
        return f"{self.path.parent.name}: {self.quantity.name}"

    @property
    def count(self) -> int:
        """Return how many residuals it has."""
        return 1 if self.curve is None else self.curve.x.size

    def residuals(self, model: Model) -> np.ndarray:
        """Return how far the model is off, in standard deviations (count); what meets a bound is not off at all."""
        if self.curve is not None:
            return self.weight * self.curve.residuals(np.asarray(model))
        assert isinstance(model, float)
        off = self.width.misfit(model, self.quantity.value) if isfinite(model) else inf
        if self.quantity.bound and isfinite(off):
            # A factor of two negative values is the larger the more negative.
            above = -off if self.width.factor and self.quantity.value < 0.0 else off
            missed = above > 0.0 if self.quantity.bound == "at most" else above < 0.0
            off = off if missed else 0.0
        return np.array([self.weight * off])

    def summed(self, model: Model) -> float:
        """Return one number for people: a quantity's value, of a curve the root mean square of its residuals."""
        if self.curve is None:
            return float(model)
        return float(np.sqrt(np.mean(self.curve.residuals(np.asarray(model)) ** 2)))


@dataclass(frozen=True)
class Wanted:
    """What a fit is asked for beside its values: `eisfv.case.calibrate_schema`."""

    starts: int = 1
    seed: int = 1
    profile: tuple[int, ...] = ()  # numbers of parameters
    steps: int = 0
    walkers: int = 0


@dataclass(frozen=True)
class Plan:
    """A fit. entries: by the case to run, what is made of the run: the targets and what they are a ratio to."""

    title: str
    file: Path
    parameters: Sequence[Parameter]
    targets: Sequence[Target]
    entries: dict[Path, tuple[tuple[Path, Entry], ...]]
    wanted: Wanted = Wanted()

    @property
    def count(self) -> int:
        """Return how many residuals there are: those of the targets, then one a prior."""
        return sum(target.count for target in self.targets) + len(self.priors)

    @property
    def priors(self) -> list[tuple[int, Prior]]:
        """Return the priors with the numbers of their parameters."""
        return [(k, one.prior) for k, one in enumerate(self.parameters) if one.prior is not None]

    @property
    def absolute(self) -> bool:
        """Return whether widths are standard deviations as they stand: beside priors and bounds (`fit`)."""
        return bool(self.priors) or any(target.quantity.bound and not target.curve for target in self.targets)

    def overrides(self, case: Path, values: Sequence[float]) -> tuple[str, ...]:
        """Return what `--set` would say to give a case these values of the parameters."""
        return tuple(
            f"{setting.key}={amount_text(setting.factor * value, parameter.unit)}"
            for parameter, value in zip(self.parameters, values, strict=True)
            for setting in parameter.settings
            if case in setting.cases
        )
