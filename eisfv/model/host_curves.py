"""The measured curves of a host: open-circuit potential U(x) and conductivity sigma(gamma)."""

import dataclasses
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, TypeAlias

import numpy as np
from numpy.polynomial import Polynomial
from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from eisfv.constants import GAS_CONSTANT, VACANT_MIN, thermal_voltage
from eisfv.model.arrhenius import REFERENCE_TEMPERATURE, arrhenius
from eisfv.model.curve_points import check_one_for_each
from eisfv.model.fields import (
    Conductivity,
    Fraction,
    MolarEnergy,
    Number,
    Positive,
    Sourced,
    Tagged,
    TemperatureCoefficient,
    Text,
    Unit,
    Voltage,
    YesNo,
)
from eisfv.model.monotone import Floats, Hermite, monotone_slopes
from eisfv.model.record import RECORD, Record, refuse
from eisfv.model.species import Energy

# No titration and no weighing tells compositions apart that are closer: such points are one point, told twice.
CLOSEST = 1e-6


def curve_values(values: tuple[float, ...], info: ValidationInfo, abscissa: str) -> tuple[float, ...]:
    """Refuse values that are not one for each point, and points that do not ascend."""
    points = info.data.get(abscissa)
    if points is None:
        return values
    check_one_for_each(values, info, abscissa)
    if len(points) < 3 or any(late <= early for early, late in pairwise(points)):
        refuse(f"belongs to a row of {abscissa} that does not ascend over at least three points")
    for early, late in pairwise(points):
        if late - early < CLOSEST:
            words = f"has two points at {abscissa} = {early:.9g} and {late:.9g}, closer than any measurement tells"
            refuse(f"{words} ({CLOSEST:g}); keep one of them")
    return values


def shift(coefficient: float | None, temperature: float) -> float:
    """Return (dU/dT) (T - 298.15 K) in V: what U has at a temperature (K) beyond the one it is given at."""
    return (coefficient or 0.0) * (temperature - REFERENCE_TEMPERATURE)


@dataclass(frozen=True, config=RECORD)
class AnalyticOpenCircuit(Record):
    """U(x) = standard - (RT/zF) [ln(x/(1-x)) + z p ln(gamma/(1-gamma))] - slope x
           - (1/zF) d/dx [x(1-x) sum A_k (2x-1)^k].

    gamma = z x; p = 1 with polarons on the metal sites, 0 without. Potentials in V against M/Mz+, A_k in J/mol.
    temperature_coefficient: dU/dT beside that of the entropies of the formula; the standard potential is at 298.15 K.
    """

    form: Literal["analytic"] = Field(default="analytic", kw_only=True)
    standard: Annotated[Voltage, Sourced()]
    polarons: YesNo = True
    slope: Annotated[Voltage, Sourced()] | None = None
    redlich_kister: Annotated[tuple[MolarEnergy, ...], Sourced()] | None = None
    temperature_coefficient: Annotated[TemperatureCoefficient, Sourced()] | None = Field(default=None, kw_only=True)

    def standard_at(self, temperature: float) -> float:
        """Return the standard potential (V) at a temperature (K)."""
        return float(self.standard) + shift(self.temperature_coefficient, temperature)

    def curve(self, z: int, temperature: float) -> "AnalyticCurve":
        """Return zF U/RT against y = ln(x/(1-x)) for an ion of charge number z at a temperature (K)."""
        sites, expanded = Polynomial([0.0, 1.0, -1.0]), Polynomial([0.0])
        for energy in reversed(self.redlich_kister or ()):
            expanded = expanded * Polynomial([-1.0, 2.0]) + energy / (GAS_CONSTANT * temperature)
        volt = thermal_voltage(temperature)
        excess = (sites * expanded).deriv() + Polynomial([0.0, z * float(self.slope or 0.0) / volt])
        return AnalyticCurve(z, self.polarons, z * self.standard_at(temperature) / volt, excess)


@dataclasses.dataclass(frozen=True)
class AnalyticCurve:
    """An analytic U(x); standard: zF U0/RT; excess(x): what is beside the entropies in zF (U0 - U)/RT."""

    z: int
    polarons: bool
    standard: float
    excess: Polynomial
    # Beyond them x is within 3e-7 of 0 or 1, and nothing but the entropies changes.
    knots: Floats = dataclasses.field(default_factory=lambda: np.linspace(-15.0, 15.0, 7))

    def value(self, y: Floats) -> Floats:
        """Return zF U/RT."""
        x, free = 1.0 / (1.0 + np.exp(-y)), 1.0 / (1.0 + np.exp(y))
        polarons = self.z * (np.log(self.z * x) - np.log(self._vacant(x, free))) if self.polarons else 0.0
        return np.asarray(self.standard - y - polarons - self.excess(x))

    def slope(self, y: Floats) -> Floats:
        """Return d(zF U/RT)/dy = -1 - z p (1-x) [1 + zx/(1-zx)] - x(1-x) d excess/dx."""
        x, free = 1.0 / (1.0 + np.exp(-y)), 1.0 / (1.0 + np.exp(y))
        polarons = self.z * free * (1.0 + self.z * x / self._vacant(x, free)) if self.polarons else 0.0
        return np.asarray(-1.0 - polarons - x * free * self.excess_slope(x))

    @cached_property
    def excess_slope(self) -> Polynomial:
        """Return d excess/dx: every step of a host that may fall apart asks for it in every cell."""
        return self.excess.deriv()

    def _vacant(self, x: Floats, free: Floats) -> Floats:
        return np.maximum(free - (self.z - 1) * x, VACANT_MIN) if self.z > 1 else free


@dataclass(frozen=True, config=RECORD)
class TabulatedOpenCircuit(Record):
    """U(x) through points of a measured curve; x ascending inside (0, 1), U in V against M/Mz+.

    The curve is monotone between the points (`eisfv.model.monotone`), in y = ln(x/(1-x)), the site entropy's own
    measure. Beyond both ends it goes on straight in y, with its own slope or that of the site entropy, -RT/zF,
    whichever is steeper: a host that is not known fills up no easier than an ideal one. It begins and ends with that
    slope, at most three times that of the chord, beyond which it would turn: a level piece that the points do not ask
    for would be a plateau of its own.
    temperature_coefficient: dU/dT at every x; the points are of 298.15 K.
    """

    form: Literal["table"] = Field(default="table", kw_only=True)
    x: tuple[Fraction, ...]
    potential: tuple[Voltage, ...]
    source: Text = Field(kw_only=True)
    temperature_coefficient: TemperatureCoefficient | None = Field(default=None, kw_only=True)

    @field_validator("potential")
    @classmethod
    def _one_for_each_x(cls, values: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        return curve_values(values, info, "x")

    def curve(self, z: int, temperature: float) -> Hermite:
        """Return zF U/RT against y = ln(x/(1-x)) for an ion of charge number z at a temperature (K)."""
        x = np.array(self.x)
        y = np.log(x / (1.0 - x))
        moved = np.array(self.potential) + shift(self.temperature_coefficient, temperature)
        values = z * moved / thermal_voltage(temperature)
        slopes = monotone_slopes(y, values)
        beyond = (min(slopes[0], -1.0), min(slopes[-1], -1.0))
        chords = np.diff(values)[[0, -1]] / np.diff(y)[[0, -1]]
        slopes[[0, -1]] = np.where(chords < 0.0, np.maximum(beyond, 3.0 * chords), slopes[[0, -1]])
        return Hermite(y, values, slopes, beyond)


@dataclass(frozen=True, config=RECORD)
class PercolationConductivity(Record):
    """sigma(gamma) = background + hopping gamma^hopping_exponent + slope gamma u^n / (1 + u^n), u = gamma/threshold.

    background, hopping, slope in S/m; gamma = z x electrons per metal atom. activation_energy in J/mol scales the
    whole curve.
    """

    form: Literal["percolation"] = Field(default="percolation", kw_only=True)
    background: Annotated[Conductivity, Sourced()]
    slope: Annotated[Conductivity, Sourced()]
    threshold: Annotated[Positive, Sourced()]
    exponent: Annotated[Positive, Sourced()]
    activation_energy: Energy | None = None
    hopping: Annotated[Conductivity, Sourced()] | None = Field(default=None, kw_only=True)
    hopping_exponent: Annotated[float, Number(1.0, None, "1.0", closed=True), Sourced()] | None = Field(
        default=None, kw_only=True
    )

    @field_validator("hopping_exponent")
    @classmethod
    def _of_hopping(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and info.data.get("hopping") is None:
            refuse("is of a hopping conductivity, and there is none; add hopping, or remove it")
        return value

    @property
    def hop(self) -> tuple[float, float]:
        """Return prefactor (S/m) and exponent of the hopping term, 0 and 1 without one."""
        return float(self.hopping or 0.0), float(self.hopping_exponent or 1.0)


@dataclass(frozen=True, config=RECORD)
class TabulatedConductivity(Record):
    """sigma(gamma) through points, gamma ascending, sigma in S/m: monotone between them in ln sigma, and the value of
    the end held beyond it.
    """

    form: Literal["table"] = Field(default="table", kw_only=True)
    gamma: tuple[Annotated[float, Number(0.0, None, "0.01", closed=True)], ...]
    conductivity: tuple[Annotated[float, Unit("conductivity")], ...]
    source: Text = Field(kw_only=True)
    activation_energy: Energy | None = Field(default=None, kw_only=True)

    @field_validator("conductivity")
    @classmethod
    def _one_for_each_gamma(cls, values: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        return curve_values(values, info, "gamma")

    def curve(self, temperature: float) -> Hermite:
        """Return ln(sigma) against gamma at a temperature (K)."""
        gamma = np.array(self.gamma)
        values = np.log(arrhenius(self.activation_energy, temperature) * np.array(self.conductivity))
        return Hermite(gamma, values, monotone_slopes(gamma, values), (0.0, 0.0))


OpenCircuit: TypeAlias = AnalyticOpenCircuit | TabulatedOpenCircuit
ConductivityCurve: TypeAlias = PercolationConductivity | TabulatedConductivity
AnyOpenCircuit = Annotated[OpenCircuit, Tagged("form")]
AnyConductivity = Annotated[ConductivityCurve, Tagged("form")]
