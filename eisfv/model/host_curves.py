"""The measured curves of a host: open-circuit potential U(x) and conductivity sigma(gamma)."""

from itertools import pairwise
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from eisfv.model.fields import (
    Conductivity,
    Fraction,
    MolarEnergy,
    Number,
    Positive,
    Sourced,
    Tagged,
    Text,
    Voltage,
    YesNo,
)
from eisfv.model.record import RECORD, Record, refuse
from eisfv.model.species import Energy


def one_for_each(values: tuple[float, ...], info: ValidationInfo, abscissa: str) -> tuple[float, ...]:
    """Refuse values that are not one for each point, and points that do not ascend."""
    points = info.data.get(abscissa)
    if points is None:
        return values
    if len(points) != len(values):
        refuse(f"has {len(values)} entries and {abscissa} has {len(points)}; give one for each")
    if len(points) < 3 or any(late <= early for early, late in pairwise(points)):
        refuse(f"belongs to an {abscissa} that does not ascend over at least three points")
    return values


@dataclass(frozen=True, config=RECORD)
class AnalyticOpenCircuit(Record):
    """U(x) = standard - (RT/zF) [ln(x/(1-x)) + z p ln(gamma/(1-gamma))] - slope x
           - (1/zF) d/dx [x(1-x) sum A_k (2x-1)^k].

    gamma = z x; p = 1 with polarons on the metal sites, 0 without. Potentials in V against M/Mz+, A_k in J/mol.
    """

    form: Literal["analytic"] = Field(default="analytic", kw_only=True)
    standard: Annotated[Voltage, Sourced()]
    polarons: YesNo = True
    slope: Annotated[Voltage, Sourced()] | None = None
    redlich_kister: Annotated[tuple[MolarEnergy, ...], Sourced()] | None = None


@dataclass(frozen=True, config=RECORD)
class TabulatedOpenCircuit(Record):
    """U(x) through points of a measured curve; x ascending inside (0, 1), U in V against M/Mz+."""

    form: Literal["table"] = Field(default="table", kw_only=True)
    x: tuple[Fraction, ...]
    potential: tuple[Voltage, ...]
    source: Text = Field(kw_only=True)

    @field_validator("potential")
    @classmethod
    def _one_for_each_x(cls, values: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        return one_for_each(values, info, "x")


@dataclass(frozen=True, config=RECORD)
class PercolationConductivity(Record):
    """sigma(gamma) = background + slope * gamma u^n / (1 + u^n), u = gamma/threshold.

    background, slope in S/m; gamma = z x electrons per metal atom. activation_energy in J/mol scales the whole curve.
    """

    form: Literal["percolation"] = Field(default="percolation", kw_only=True)
    background: Annotated[Conductivity, Sourced()]
    slope: Annotated[Conductivity, Sourced()]
    threshold: Annotated[Positive, Sourced()]
    exponent: Annotated[Positive, Sourced()]
    activation_energy: Energy | None = None


@dataclass(frozen=True, config=RECORD)
class TabulatedConductivity(Record):
    """sigma(gamma) through points, gamma ascending, sigma in S/m, interpolated monotonically in ln sigma."""

    form: Literal["table"] = Field(default="table", kw_only=True)
    gamma: tuple[Annotated[float, Number(0.0, None, "0.01", closed=True)], ...]
    conductivity: tuple[Conductivity, ...]
    source: Text = Field(kw_only=True)
    activation_energy: Energy | None = Field(default=None, kw_only=True)

    @field_validator("conductivity")
    @classmethod
    def _one_for_each_gamma(cls, values: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        return one_for_each(values, info, "gamma")


OpenCircuit: TypeAlias = AnalyticOpenCircuit | TabulatedOpenCircuit
ConductivityCurve: TypeAlias = PercolationConductivity | TabulatedConductivity
AnyOpenCircuit = Annotated[OpenCircuit, Tagged("form")]
AnyConductivity = Annotated[ConductivityCurve, Tagged("form")]
