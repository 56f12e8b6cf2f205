"""The tables of a material file. Every value is { value = ..., source = "..." }."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from eisfv.case.fields import (
    Background,
    Concentration,
    Conductivity,
    Diffusivity,
    Fraction,
    HopLength,
    MolarEnergy,
    Number,
    Positive,
    Real,
    Sourced,
    Table,
    Text,
    Voltage,
    Whole,
    refuse,
)

Charge = Annotated[int, Whole(-9, "2")]
Energy = Sourced[MolarEnergy]


class Ohmic(Table):
    """Carries current, stores nothing: electronic leakage."""

    charge: Charge
    statistics: Literal["ohmic"]
    conductivity: Sourced[Conductivity]
    activation_energy: Energy | None = None


class Dilute(Table):
    """c = density e^y. The density of an electrolyte's species is its bulk concentration unless it is given."""

    charge: Charge
    statistics: Literal["dilute"]
    density: Sourced[Concentration] | None = None
    concentration: Sourced[Concentration] | None = None
    diffusivity: Sourced[Diffusivity] | None = None
    activation_energy: Energy | None = None
    hop_length: Sourced[HopLength] | None = None
    offset: Energy | None = None


class Lattice(Table):
    """c = density / (1 + e^-y)."""

    charge: Charge
    statistics: Literal["lattice"]
    density: Sourced[Concentration]
    concentration: Sourced[Concentration] | None = None
    diffusivity: Sourced[Diffusivity]
    activation_energy: Energy | None = None
    hop_length: Sourced[HopLength] | None = None
    offset: Energy | None = None
    frumkin: Sourced[Real] | None = None
    sublattice: Text | None = None


Species = Annotated[Ohmic | Dilute | Lattice, Field(discriminator="statistics")]


class AnalyticPotential(Table):
    form: Literal["analytic"]
    standard: Sourced[Voltage]
    polarons: bool = True
    slope: Sourced[Voltage] | None = None
    redlich_kister: Sourced[list[MolarEnergy]] | None = None


def _pairs(values: list[object], info: ValidationInfo, abscissa: str) -> None:
    points = info.data.get(abscissa)
    if points is None:
        return
    if len(points) != len(values):
        refuse(f"has {len(values)} entries and {abscissa} has {len(points)}; give one for each")
    if len(points) < 3 or any(late <= early for early, late in pairwise(points)):
        refuse(f"belongs to an {abscissa} that does not ascend over at least three points")


class PotentialTable(Table):
    """Points of a measured U(x)."""

    form: Literal["table"]
    x: list[Fraction]
    potential: list[Voltage]
    source: Text

    @field_validator("potential")
    @classmethod
    def _one_for_each_x(cls, values: list[object], info: ValidationInfo) -> list[object]:
        _pairs(values, info, "x")
        return values


class PercolationCurve(Table):
    form: Literal["percolation"]
    background: Sourced[Conductivity]
    slope: Sourced[Conductivity]
    threshold: Sourced[Positive]
    exponent: Sourced[Positive]
    activation_energy: Energy | None = None


class ConductivityTable(Table):
    """Points of a measured sigma(gamma)."""

    form: Literal["table"]
    gamma: list[Annotated[float, Number(0.0, None, "0.01", closed=True)]]
    conductivity: list[Conductivity]
    source: Text
    activation_energy: Energy | None = None

    @field_validator("conductivity")
    @classmethod
    def _one_for_each_gamma(cls, values: list[object], info: ValidationInfo) -> list[object]:
        _pairs(values, info, "gamma")
        return values


class Host(Table):
    """A mixed conductor: reservoir and channel."""

    kind: Literal["host"]
    title: str = ""
    relative_permittivity: Sourced[Positive]
    ion: Text
    zero_charge_x: Sourced[Fraction]
    background: Sourced[Background] | None = None
    species: dict[str, Species]
    open_circuit: Annotated[AnalyticPotential | PotentialTable, Field(discriminator="form")]
    conductivity: Annotated[PercolationCurve | ConductivityTable, Field(discriminator="form")]


class Electrolyte(Table):
    kind: Literal["electrolyte"]
    title: str = ""
    relative_permittivity: Sourced[Positive]
    fixed_charge: Sourced[Background] | None = None
    electroneutral: bool = False
    species: dict[str, Species]


class Electrode(Table):
    """A phase of fixed activity: the material of a reactive contact."""

    kind: Literal["electrode"]
    title: str = ""
    ion: Text
    charge: Charge
    potential: Sourced[Voltage]


KINDS: dict[str, type[Host] | type[Electrolyte] | type[Electrode]] = {
    "host": Host,
    "electrolyte": Electrolyte,
    "electrode": Electrode,
}
