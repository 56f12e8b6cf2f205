"""What a region is made of, what a reactive contact exchanges its ion with: one record per kind of material file."""

from dataclasses import replace
from pathlib import PurePath
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Field, TypeAdapter, ValidationInfo
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from eisfv.constants import thermal_voltage
from eisfv.model.diffusion import AnyDiffusion
from eisfv.model.fields import (
    AnyText,
    Background,
    Charge,
    Fraction,
    Number,
    Positive,
    Reference,
    Sourced,
    Tagged,
    Text,
    Voltage,
    YesNo,
)
from eisfv.model.host_curves import AnalyticCurve, AnyConductivity, AnyOpenCircuit
from eisfv.model.miscibility import Gap, gaps, hull
from eisfv.model.monotone import Hermite
from eisfv.model.phase_separation import AnyPhaseSeparation, ConvexHull, GradientEnergy
from eisfv.model.record import RECORD, Checked, Reading, Record, refuse
from eisfv.model.shared_excess import E_MIN
from eisfv.model.species import AnySpecies, GapEnergy, Lattice, Stored

ELECTRON = "electron"
HOLE = "hole"
CARRIERS = (ELECTRON, HOLE)
# V per unit x by which the plateau of a common tangent falls, far below what a measurement tells: enough for the space
# charge at its interfaces to have a solution. Nearly empty sites ask for 0.1 mV per e-fold more, so that the electrons'
# least share of the excess leaves the ion some.
PLATEAU_SLOPE = 10e-3


@dataclass(frozen=True, config=RECORD)
class Phase(Record):
    """What every material has. reference: its name in the library, or its file as the case names it."""

    BESIDE: ClassVar[tuple[str, ...]] = ("reference",)

    reference: Annotated[str, Reference()] = Field(default="", kw_only=True, validate_default=True)
    kind: str = Field(default="", kw_only=True)
    title: AnyText = Field(default="", kw_only=True)

    @property
    def name(self) -> str:
        """Return the name of the material: its reference without folder and ending."""
        return PurePath(self.reference).stem

    def mentioned(self) -> str:
        """Return the reference: the file has its materials in tables of their own."""
        return self.reference


@dataclass(frozen=True, config=RECORD)
class Host(Phase):
    """A mixed conductor that takes the working ion: its measured curves replace the ion's excess potential.

    ion            name of the working ion among the species
    background     donors: electrons of the empty host, balanced by a fixed charge         mol/m3
    zero_charge_x  composition at which the host and an electrolyte touch without a double layer
    diffusion      how the ion's diffusivity depends on x; without it that of its species, a tracer's
    phase_separation  what becomes of it where U(x) rises (`eisfv.model.phase_separation`)
    """

    electroneutral: ClassVar[bool] = False

    kind: Literal["host"] = Field(default="host", kw_only=True)
    relative_permittivity: Annotated[Positive, Sourced()]
    ion: Text
    zero_charge_x: Annotated[Fraction, Sourced()]
    background: Annotated[Background, Sourced()] | None = Field(default=None, kw_only=True)
    species: dict[str, AnySpecies]
    open_circuit: AnyOpenCircuit
    conductivity: AnyConductivity
    diffusion: AnyDiffusion | None = Field(default=None, kw_only=True)
    phase_separation: AnyPhaseSeparation | None = Field(default=None, kw_only=True)

    @property
    def host(self) -> "Host":
        """Return the material itself: what `material.host` asks for."""
        return self

    @property
    def working_ion(self) -> Lattice:
        """Return the species of the working ion; ValueError where it is not on a lattice."""
        ion = self.species.get(self.ion)
        if not isinstance(ion, Lattice):
            raise ValueError(f"material {self.name}: the ion {self.ion} of a host lives on a lattice")
        return ion

    def curve(self, temperature: float) -> AnalyticCurve | Hermite:
        """Return zFU/RT against ln(x/(1-x)) as it is solved with, at a temperature (K)."""
        z = self.working_ion.charge
        curve = self.open_circuit.curve(z, temperature)
        if isinstance(self.phase_separation, ConvexHull):
            return hull(curve, z * PLATEAU_SLOPE / thermal_voltage(temperature), 2.0 * (1.0 + z) * E_MIN)
        return curve

    def gaps(self, temperature: float) -> tuple[Gap, ...]:
        """Return the gaps between the phases of the measured U(x) at a temperature (K), in the order of x."""
        return gaps(self.open_circuit.curve(self.working_ion.charge, temperature))

    def kappa(self, temperature: float) -> float:
        """Return the gradient coefficient (m2) at a temperature (K), 0 without one."""
        if not isinstance(self.phase_separation, GradientEnergy):
            return 0.0
        widest = max(self.gaps(temperature), key=lambda gap: gap.barrier, default=None)
        return 0.0 if widest is None else self.phase_separation.kappa(widest, self.working_ion.density, temperature)

    @property
    def fixed_charge(self) -> float:
        """Return the charge number density (mol/m3) that balances the electrons of the empty host."""
        return self.background or 0.0

    def denser(self, factor: float) -> "Host":
        """Return the host with so many times the sites, electrons and donors in a volume; its curves are of x."""
        species = {name: one.denser(factor) if isinstance(one, Stored) else one for name, one in self.species.items()}
        return replace(self, species=species, background=self.background and self.background * factor)


@dataclass(frozen=True, config=RECORD)
class Electrolyte(Phase):
    """A phase without a curve U(x): an electrolyte, or a semiconductor, whose electrons and holes are those of bands
    (`eisfv.model.species.Band`).

    fixed_charge    charge number density of the immobile background (positive: +1 charges)   mol/m3
    electroneutral  no space charge inside; its double layers sit in one layer of a Debye length at each end
    gap             E_C - E_V of a semiconductor with both carriers: their bulk concentrations follow from it and
                    from the other charges (`eisfv.device.carriers`)                          J/mol
    recombination   of electrons with holes, over Langevin's rate; 1 without it (`eisfv.equations.recombination`)
    """

    host: ClassVar[None] = None

    kind: Literal["electrolyte", "semiconductor"] = Field(default="electrolyte", kw_only=True)
    relative_permittivity: Annotated[Positive, Sourced()]
    fixed_charge: Annotated[Background, Sourced()] | None = Field(default=None, kw_only=True)
    electroneutral: YesNo = Field(default=False, kw_only=True)
    gap: Annotated[GapEnergy, Sourced()] | None = Field(default=None, kw_only=True)
    recombination: Annotated[float, Number(0.0, None, "1.0", closed=True), Sourced()] | None = Field(
        default=None, kw_only=True
    )
    species: dict[str, AnySpecies]


@dataclass(frozen=True, config=RECORD)
class Electrode(Phase):
    """A phase of fixed activity of the working ion (PdHx, Li metal, the LFP plateau): a reactive contact's material.

    potential  equilibrium potential against M/Mz+, the same reference as the hosts' U(x)   V
    """

    kind: Literal["electrode"] = Field(default="electrode", kw_only=True)
    ion: Text
    charge: Charge
    potential: Annotated[Voltage, Sourced()]


Material: TypeAlias = Host | Electrolyte
AnyMaterial = Annotated[Material | Electrode, Tagged("kind")]
MATERIAL: TypeAdapter[Material | Electrode] = TypeAdapter(AnyMaterial)


def read_material(reference: str, tree: Any) -> Material | Electrode:
    """Return the material of a file's table. Raises pydantic's ValidationError."""
    return MATERIAL.validate_python(tree, context=Reading(reference=reference))


class Mention(Checked):
    """Marks a material that a file mentions by its reference."""

    def find(self, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(info.context, Reading):
            return value
        if not isinstance(value, str):
            refuse("must be text in quotes")
        if not value:
            refuse("must not be empty")
        if value not in info.context.materials:
            raise PydanticCustomError("unknown_material", "is not among the materials")
        return info.context.materials[value]


class InsideOfRegion(Mention):
    """Marks the material of a region."""

    def check(self, value: Any, info: ValidationInfo) -> Any:
        found = self.find(value, info)
        if isinstance(found, Electrode):
            refuse('is an electrode, which has no inside; use it in a contact of kind = "reactive"')
        if not isinstance(found, Material):
            refuse("must be a Host or an Electrolyte")
        return found


class BehindContact(Mention):
    """Marks the electrode of a reactive contact."""

    def check(self, value: Any, info: ValidationInfo) -> Any:
        found = self.find(value, info)
        if not isinstance(found, Electrode):
            refuse('is not an electrode; its file must say kind = "electrode"')
        return found
