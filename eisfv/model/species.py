"""The mobile species of a material, by the statistics they follow."""

from dataclasses import replace
from math import exp
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.constants import thermal_voltage
from eisfv.model.arrhenius import exponent
from eisfv.model.band_filling import Filling
from eisfv.model.fields import (
    Charge,
    Concentration,
    Conductivity,
    Diffusivity,
    Frequency,
    HopLength,
    Mobility,
    MolarEnergy,
    Number,
    Real,
    Sourced,
    Tagged,
    Text,
    Unit,
)
from eisfv.model.record import RECORD, Record
from eisfv.model.vtf import Vtf

Energy = Annotated[MolarEnergy, Sourced()]
GapEnergy = Annotated[float, Unit("molar energy", "not negative")]


@dataclass(frozen=True, config=RECORD)
class Ohmic(Record):
    """Carries current by its conductivity (S/m), stores nothing, no space charge: electronic leakage."""

    charge: Charge
    statistics: Literal["ohmic"] = Field(default="ohmic", kw_only=True)
    conductivity: Annotated[Conductivity, Sourced()]
    activation_energy: Energy | None = Field(default=None, kw_only=True)
    vtf: Vtf | None = Field(default=None, kw_only=True)

    def logarithm(self, temperature: float) -> float:
        """Return ln sigma(T)/sigma(298.15 K)."""
        return (
            exponent(self.activation_energy, temperature) if self.vtf is None else self.vtf.of_conductivity(temperature)
        )

    def conductivity_at(self, temperature: float) -> float:
        """Return the conductivity (S/m) at a temperature (K)."""
        return self.conductivity * exp(self.logarithm(temperature))


@dataclass(frozen=True, config=RECORD)
class Stored(Record):
    """What every species that stores charge has.

    density        sites (lattice), or reference (dilute): without it the bulk concentration               mol/m3
    concentration  in the neutral bulk at the start; a host's follows from its x                           mol/m3
    diffusivity    the electrons of a host have none, their mobility follows sigma(gamma); nor has its ion where
                   `diffusion` gives a table                                                               m2/s
    activation_energy, vtf  how it follows the temperature, by Arrhenius or by `eisfv.model.vtf`: one of them
    hop_length     field-enhanced hopping; 0 switches it off                                               m
    hop_threshold  field from which on the hopping is enhanced; without it from none                       V/m
    offset         standard potential; 0: an electrolyte's bulk is at the potential of M/Mz+ in it         J/mol
    """

    charge: Charge
    statistics: str = Field(default="", kw_only=True)
    density: Annotated[Concentration, Sourced()] | None = Field(default=None, kw_only=True)
    concentration: Annotated[Concentration, Sourced()] | None = Field(default=None, kw_only=True)
    diffusivity: Annotated[Diffusivity, Sourced()] | None = Field(default=None, kw_only=True)
    activation_energy: Energy | None = Field(default=None, kw_only=True)
    vtf: Vtf | None = Field(default=None, kw_only=True)
    hop_length: Annotated[HopLength, Sourced()] | None = Field(default=None, kw_only=True)
    hop_threshold: Annotated[float, Unit("electric field"), Sourced()] | None = Field(default=None, kw_only=True)
    offset: Energy | None = Field(default=None, kw_only=True)

    def denser(self, factor: float) -> Self:
        """Return the species with so many times the sites and the amount in a volume."""
        more = {name: getattr(self, name) for name in ("density", "concentration")}
        return replace(self, **{name: value and value * factor for name, value in more.items()})

    @property
    def reference_density(self) -> float:
        """Return the density (mol/m3) that c/density is meant against."""
        found = self.density or self.concentration
        return 1.0 if found is None else float(found)

    def logarithm(self, temperature: float) -> float:
        """Return ln D(T)/D(298.15 K)."""
        return (
            exponent(self.activation_energy, temperature) if self.vtf is None else self.vtf.of_diffusivity(temperature)
        )

    def diffusivity_at(self, temperature: float) -> float | None:
        """Return the diffusivity (m2/s) at a temperature (K)."""
        return None if self.diffusivity is None else self.diffusivity * exp(self.logarithm(temperature))


@dataclass(frozen=True, config=RECORD)
class Dilute(Stored):
    """c = density e^y."""

    statistics: Literal["dilute"] = Field(default="dilute", kw_only=True)


@dataclass(frozen=True, config=RECORD)
class Sites(Stored):
    """A species on a finite number of sites, which it has to itself where it names no sublattice."""

    density: Annotated[Concentration, Sourced()] = Field(kw_only=True)

    @property
    def group(self) -> str | None:
        """Return the sublattice that it shares, None without one."""
        return None


@dataclass(frozen=True, config=RECORD)
class Lattice(Sites):
    """c = density / (1 + e^-y).

    frumkin    g of mu_ex = RT g (1 - 2 x)                                                                 -
    sublattice  species of one material that name the same one share its sites
    """

    statistics: Literal["lattice"] = Field(default="lattice", kw_only=True)
    frumkin: Annotated[Real, Sourced()] | None = Field(default=None, kw_only=True)
    sublattice: Text | None = Field(default=None, kw_only=True)

    @property
    def group(self) -> str | None:
        return self.sublattice


@dataclass(frozen=True, config=RECORD)
class Band(Stored):
    """Electrons or holes of a band (`eisfv.model.band_filling`): c = N F(eta), mobile at a constant mobility.

    density   effective density of states N at the temperature of the device                               mol/m3
    mobility  of the carriers                                                                              m2/(V s)
    filling   F: "boltzmann" e^eta; "fermi_dirac" of a band in space; "fermi_dirac_2d" of a sheet, ln(1 + e^eta);
              "graphene" of a cone; N of the last two is their states per area over their thickness
    concentration  in the neutral bulk; of an undoped film of one kind of carrier none, which begins empty: its offset
              is then that of the edge of the band. In a material with a gap it follows from the gap

    A hole is a carrier of charge +1, its eta = (E_V - E_F)/kT.
    """

    statistics: Literal["band"] = Field(default="band", kw_only=True)
    density: Annotated[Concentration, Sourced()] = Field(kw_only=True)
    mobility: Annotated[Mobility, Sourced()] = Field(kw_only=True)
    filling: Filling = Field(default="boltzmann", kw_only=True)

    def diffusivity_at(self, temperature: float) -> float:
        """Return D = mobility RT/F (m2/s) at a temperature (K): of the dilute band, whose flux is D c grad(mu/RT)."""
        return self.mobility * thermal_voltage(temperature) * exp(self.logarithm(temperature))


@dataclass(frozen=True, config=RECORD)
class Bound(Sites):
    """Ions of a species of the material that are bound at traps and do not move; see `eisfv.physics.trapping`.

    of               the species that is bound: its charge is theirs
    density          traps                                                                         mol/m3
    concentration    bound at the start, none without it                                           mol/m3
    capture          rate at which free ions find a trap where all are empty, at 298.15 K          1/s
    release          rate at which a bound one leaves, at 298.15 K                                 1/s
    release_length   length of the hop out of a trap, which a field eases; none without it         m
    capture_energy, release_energy  their activation energies                                      J/mol

    sigma(gamma) and U(x) of a host go by the free ions alone.
    """

    statistics: Literal["bound"] = Field(default="bound", kw_only=True)
    of: Text = Field(kw_only=True)
    capture: Annotated[Frequency, Sourced()] = Field(kw_only=True)
    release: Annotated[Frequency, Sourced()] = Field(kw_only=True)
    release_length: Annotated[HopLength, Sourced()] | None = Field(default=None, kw_only=True)
    capture_energy: Energy | None = Field(default=None, kw_only=True)
    release_energy: Energy | None = Field(default=None, kw_only=True)

    def rates(self, temperature: float) -> tuple[float, float]:
        """Return capture and release (1/s) at a temperature (K)."""
        return (
            self.capture * exp(exponent(self.capture_energy, temperature)),
            self.release * exp(exponent(self.release_energy, temperature)),
        )


@dataclass(frozen=True, config=RECORD)
class Solvated(Stored):
    """An ion of a solution whose solvent takes room, and is bound by its ions; see `eisfv.physics.solvation`.

    solvent           concentration of the pure solvent, the same for all solvated ions of a material   mol/m3
    solvation_number  molecules of the solvent that one ion binds                                       -
    """

    statistics: Literal["solvated"] = Field(default="solvated", kw_only=True)
    solvent: Annotated[Concentration, Sourced()] = Field(kw_only=True)
    solvation_number: Annotated[float, Number(0.0, None, "4.0", closed=True), Sourced()] = Field(kw_only=True)

    @property
    def reference_density(self) -> float:
        return float(self.solvent)

    @property
    def size(self) -> float:
        """Return the molecules of the solvent that the ion and its shell take the room of, 1 + kappa."""
        return 1.0 + float(self.solvation_number)


Species: TypeAlias = Ohmic | Dilute | Lattice | Bound | Solvated | Band
AnySpecies = Annotated[Species, Tagged("statistics")]
