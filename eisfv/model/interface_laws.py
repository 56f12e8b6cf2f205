"""How a species passes from one phase to another: one record per law, shared by interfaces and reactive contacts.

To add a kinetic law: a record derived from `Kinetic` with its own keys and their `parameters`, and a place in the union
`KineticLaws`; its compiled form is a line of `eisfv.physics.transfer`.
"""

from abc import ABC, abstractmethod
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, field_validator
from pydantic.dataclasses import dataclass

from eisfv.constants import GAS_CONSTANT
from eisfv.model.along_x import CurrentDensityAlong, factor, largest
from eisfv.model.arrhenius import arrhenius
from eisfv.model.fields import NO_ENERGY, Fraction, MolarEnergy, Tagged, Transfer, Unit
from eisfv.model.record import RECORD, Record, refuse


@dataclass(frozen=True, config=RECORD)
class Kinetic(Record, ABC):
    """What every law with a rate has.

    exchange_current   at 298.15 K, at `at_x` or else the initial x of a host, and as the material of an
                       electrolyte gives it  A/m2
    activation_energy  of the exchange current                                                                   J/mol
    """

    LAST: ClassVar[tuple[str, ...]] = ("at_x",)

    law: str = Field(default="", kw_only=True)
    exchange_current: CurrentDensityAlong
    activation_energy: MolarEnergy = Field(default=NO_ENERGY, kw_only=True)
    at_x: Fraction | None = Field(default=None, kw_only=True)

    @property
    def energy(self) -> float:
        """Return the activation energy (J/mol) of the exchange current."""
        return float(self.activation_energy)

    def exchange(self, temperature: float, x: float = 0.0) -> float:
        """Return the exchange current density (A/m2) at a temperature (K) and, along a section, at x (m)."""
        return self.largest_exchange(temperature) * factor(self.exchange_current, x)

    def largest_exchange(self, temperature: float) -> float:
        """Return the exchange current density (A/m2) where it is largest along a section."""
        return largest(self.exchange_current) * arrhenius(self.energy, temperature)

    @abstractmethod
    def parameters(self, temperature: float) -> tuple[float, ...]:
        """Return the numbers that the compiled law reads behind its kind."""


@dataclass(frozen=True, config=RECORD)
class ButlerVolmer(Kinetic):
    """Butler-Volmer on a lattice; see `eisfv.physics.butler_volmer`. alpha: transfer coefficient."""

    law: Literal["butler_volmer"] = Field(default="butler_volmer", kw_only=True)
    alpha: Transfer = 0.5

    def parameters(self, temperature: float) -> tuple[float, ...]:
        return (float(self.alpha),)


@dataclass(frozen=True, config=RECORD)
class Reorganising(Kinetic):
    """What every law has whose rate saturates where the reorganisation of an electron limits it.

    reorganisation_energy  lambda, J/mol
    """

    reorganisation_energy: Annotated[float, Unit("molar energy")]

    def parameters(self, temperature: float) -> tuple[float, ...]:
        return (float(self.reorganisation_energy) / (GAS_CONSTANT * temperature),)


@dataclass(frozen=True, config=RECORD)
class MarcusHushChidsey(Reorganising):
    """Marcus-Hush-Chidsey; see `eisfv.physics.marcus_hush_chidsey`."""

    law: Literal["marcus_hush_chidsey"] = Field(default="marcus_hush_chidsey", kw_only=True)


@dataclass(frozen=True, config=RECORD)
class CoupledTransfer(Reorganising):
    """Coupled ion-electron transfer; see `eisfv.physics.coupled_transfer`."""

    law: Literal["coupled_ion_electron"] = Field(default="coupled_ion_electron", kw_only=True)


@dataclass(frozen=True, config=RECORD)
class BarrierTransfer(Kinetic):
    """Ions that hop over a barrier (J/mol), at most at every attempt; see `eisfv.physics.barrier_transfer`.

    alpha: share of the affinity that lowers it. The barrier is the activation energy of the exchange current too.
    """

    law: Literal["over_barrier"] = Field(default="over_barrier", kw_only=True)
    barrier: Annotated[float, Unit("molar energy")]
    alpha: Transfer = 0.5

    @field_validator("activation_energy")
    @classmethod
    def _is_the_barrier(cls, value: float) -> float:
        if value != 0.0:
            refuse("stands beside a barrier, which is the activation energy itself; remove it")
        return value

    @property
    def energy(self) -> float:
        return float(self.barrier)

    def parameters(self, temperature: float) -> tuple[float, ...]:
        return (float(self.alpha), float(self.barrier) / (GAS_CONSTANT * temperature))


@dataclass(frozen=True, config=RECORD)
class Continuous(Record):
    """The species passes freely: its electrochemical potential is the same on both sides."""

    law: Literal["continuous"] = Field(default="continuous", kw_only=True)


@dataclass(frozen=True, config=RECORD)
class Blocking(Record):
    """The species does not pass."""

    law: Literal["blocking"] = Field(default="blocking", kw_only=True)


KineticLaws: TypeAlias = ButlerVolmer | MarcusHushChidsey | CoupledTransfer | BarrierTransfer
InterfaceLaw: TypeAlias = KineticLaws | Continuous | Blocking

AnyKineticLaw = Annotated[KineticLaws, Tagged("law")]
AnyLaw = Annotated[InterfaceLaw, Tagged("law")]
