"""The mobile species of a material, by the statistics they follow."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.constants import thermal_voltage
from eisfv.model.arrhenius import arrhenius
from eisfv.model.fields import (
    Charge,
    Concentration,
    Conductivity,
    Diffusivity,
    HopLength,
    Mobility,
    MolarEnergy,
    Real,
    Sourced,
    Tagged,
    Text,
)
from eisfv.model.record import RECORD, Record

Energy = Annotated[MolarEnergy, Sourced()]


@dataclass(frozen=True, config=RECORD)
class Ohmic(Record):
    """Carries current by its conductivity (S/m), stores nothing, no space charge: electronic leakage."""

    charge: Charge
    statistics: Literal["ohmic"] = Field(default="ohmic", kw_only=True)
    conductivity: Annotated[Conductivity, Sourced()]
    activation_energy: Energy | None = Field(default=None, kw_only=True)

    def conductivity_at(self, temperature: float) -> float:
        """Return the conductivity (S/m) at a temperature (K)."""
        return self.conductivity * arrhenius(self.activation_energy, temperature)


@dataclass(frozen=True, config=RECORD)
class Stored(Record):
    """What every species that stores charge has.

    density        sites (lattice), or reference (dilute): without it the bulk concentration               mol/m3
    concentration  in the neutral bulk at the start; a host's follows from its x                           mol/m3
    diffusivity    without it the electrons of a host, whose mobility follows sigma(gamma)                 m2/s
    hop_length     field-enhanced hopping; 0 switches it off                                               m
    offset         standard potential; 0: an electrolyte's bulk is at the potential of M/Mz+ in it         J/mol
    """

    charge: Charge
    statistics: str = Field(default="", kw_only=True)
    density: Annotated[Concentration, Sourced()] | None = Field(default=None, kw_only=True)
    concentration: Annotated[Concentration, Sourced()] | None = Field(default=None, kw_only=True)
    diffusivity: Annotated[Diffusivity, Sourced()] | None = Field(default=None, kw_only=True)
    activation_energy: Energy | None = Field(default=None, kw_only=True)
    hop_length: Annotated[HopLength, Sourced()] | None = Field(default=None, kw_only=True)
    offset: Energy | None = Field(default=None, kw_only=True)

    @property
    def reference_density(self) -> float:
        """Return the density (mol/m3) that c/density is meant against."""
        found = self.density or self.concentration
        return 1.0 if found is None else float(found)

    def diffusivity_at(self, temperature: float) -> float | None:
        """Return the diffusivity (m2/s) at a temperature (K)."""
        return None if self.diffusivity is None else self.diffusivity * arrhenius(self.activation_energy, temperature)


@dataclass(frozen=True, config=RECORD)
class Dilute(Stored):
    """c = density e^y."""

    statistics: Literal["dilute"] = Field(default="dilute", kw_only=True)


@dataclass(frozen=True, config=RECORD)
class Lattice(Stored):
    """c = density / (1 + e^-y).

    frumkin    g of mu_ex = RT g (1 - 2 x)                                                                 -
    sublattice  species of one material that name the same one share its sites
    """

    statistics: Literal["lattice"] = Field(default="lattice", kw_only=True)
    density: Annotated[Concentration, Sourced()] = Field(kw_only=True)
    diffusivity: Annotated[Diffusivity, Sourced()] = Field(kw_only=True)
    frumkin: Annotated[Real, Sourced()] | None = Field(default=None, kw_only=True)
    sublattice: Text | None = Field(default=None, kw_only=True)


@dataclass(frozen=True, config=RECORD)
class Band(Stored):
    """Electrons of a band (`eisfv.model.band_filling`): c = N F(eta), mobile at a constant mobility.

    density   effective density of states N                                                                mol/m3
    mobility  of the carriers                                                                              m2/(V s)
    filling   F: "boltzmann" e^eta; "fermi_dirac" of a band in space; "fermi_dirac_2d" of a sheet, ln(1 + e^eta), N its
              states per area over its thickness
    """

    statistics: Literal["band"] = Field(default="band", kw_only=True)
    density: Annotated[Concentration, Sourced()] = Field(kw_only=True)
    mobility: Annotated[Mobility, Sourced()] = Field(kw_only=True)
    filling: Literal["boltzmann", "fermi_dirac", "fermi_dirac_2d"] = Field(default="boltzmann", kw_only=True)

    def diffusivity_at(self, temperature: float) -> float:
        """Return D = mobility RT/F (m2/s) at a temperature (K): of the dilute band, whose flux is D c grad(mu/RT)."""
        return self.mobility * thermal_voltage(temperature) * arrhenius(self.activation_energy, temperature)


Species: TypeAlias = Ohmic | Dilute | Lattice | Band
AnySpecies = Annotated[Species, Tagged("statistics")]
