"""What a material is to the solver: frozen records in SI, no units, no files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp
from typing import Literal

from eisfv.constants import GAS_CONSTANT

REFERENCE_TEMPERATURE = 298.15  # K


@dataclass(frozen=True)
class Activated:
    """A coefficient with an Arrhenius temperature law.

    value              at the reference temperature, SI
    activation_energy  J/mol; positive: the coefficient grows with temperature
    """

    value: float
    activation_energy: float = 0.0
    reference: float = REFERENCE_TEMPERATURE

    def at(self, temperature: float) -> float:
        """Return value * exp[-(Ea/R)(1/T - 1/T_ref)]."""
        return self.value * exp(-self.activation_energy / GAS_CONSTANT * (1.0 / temperature - 1.0 / self.reference))


@dataclass(frozen=True)
class Species:
    """One mobile species inside one material.

    statistics     lattice: c = density * theta, theta = 1/(1 + e^-y); dilute: c = density * e^y;
                   ohmic: carries current by its conductivity, stores nothing, no space charge
    density        site density (lattice) or reference density (dilute)           mol/m3
    diffusivity    None for the electrons of a host, whose mobility follows sigma(gamma), and for ohmic
    conductivity   only ohmic                                                     S/m
    concentration  in the neutral bulk at the start; None where the case's x sets it   mol/m3
    hop_length     field-enhanced hopping; 0 switches it off                      m
    offset         standard potential; 0: an electrolyte's bulk is at the potential of M/Mz+ in it   J/mol
    frumkin        g of mu_ex = RT g (1 - 2 x); lattice only                      -
    sublattice     species of one material that name the same sublattice share its sites
    """

    name: str
    charge: int
    statistics: Literal["lattice", "dilute", "ohmic"]
    density: float = 1.0
    diffusivity: Activated | None = None
    conductivity: Activated | None = None
    concentration: float | None = None
    hop_length: float = 0.0
    offset: float = 0.0
    frumkin: float = 0.0
    sublattice: str | None = None


@dataclass(frozen=True)
class AnalyticOpenCircuit:
    """U(x) = standard - (RT/zF) [ln(x/(1-x)) + z p ln(gamma/(1-gamma))] - slope x
           - (1/zF) d/dx [x(1-x) sum A_k (2x-1)^k].

    gamma = z x; p = 1 with polarons on the metal sites, 0 without. Potentials in V against M/Mz+, A_k in J/mol.
    """

    standard: float
    polarons: bool = True
    slope: float = 0.0
    redlich_kister: tuple[float, ...] = ()


@dataclass(frozen=True)
class TabulatedOpenCircuit:
    """U(x) through points of a measured curve; x ascending inside (0, 1), U in V against M/Mz+."""

    x: tuple[float, ...]
    potential: tuple[float, ...]


@dataclass(frozen=True)
class PercolationConductivity:
    """sigma(gamma) = background + slope * gamma u^n / (1 + u^n), u = gamma/threshold.

    background, slope in S/m; gamma = z x electrons per metal atom. activation_energy in J/mol scales the whole curve.
    """

    background: float
    slope: float
    threshold: float
    exponent: float
    activation_energy: float = 0.0


@dataclass(frozen=True)
class TabulatedConductivity:
    """sigma(gamma) through points, gamma ascending, sigma in S/m, interpolated monotonically in ln sigma."""

    gamma: tuple[float, ...]
    conductivity: tuple[float, ...]
    activation_energy: float = 0.0


@dataclass(frozen=True)
class Host:
    """A mixed conductor that takes the working ion: its measured curves replace the ion's excess potential.

    ion            name of the working ion among the material's species
    background     donors: electrons of the empty host, balanced by a fixed charge         mol/m3
    zero_charge_x  composition at which the host and an electrolyte touch without a double layer
    """

    ion: str
    open_circuit: AnalyticOpenCircuit | TabulatedOpenCircuit
    conductivity: PercolationConductivity | TabulatedConductivity
    zero_charge_x: float
    background: float = 0.0


@dataclass(frozen=True)
class Material:
    """A phase a region is made of.

    fixed_charge     charge number density of the immobile background (positive: +1 charges)   mol/m3
    electroneutral   no space charge inside; its double layers sit in one layer of a Debye length at each end
    """

    name: str
    relative_permittivity: float
    species: tuple[Species, ...]
    fixed_charge: float = 0.0
    electroneutral: bool = False
    host: Host | None = None


@dataclass(frozen=True)
class Electrode:
    """A phase of fixed activity of the working ion (PdHx, Li metal, the LFP plateau): a reactive contact's material.

    potential  equilibrium potential against M/Mz+, the same reference as the hosts' U(x)   V
    """

    name: str
    ion: str
    charge: int
    potential: float
    sources: Mapping[str, str] = field(default_factory=dict)
