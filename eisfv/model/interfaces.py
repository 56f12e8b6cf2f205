"""Interfaces: how the species of two regions that touch pass from one to the other."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.model.adsorption import Adsorption
from eisfv.model.along_x import CapacitanceAlong, factor, largest, placed
from eisfv.model.fields import Text, Two
from eisfv.model.interface_laws import AnyLaw, InterfaceLaw, Kinetic
from eisfv.model.materials import ELECTRON
from eisfv.model.record import RECORD, Record


@dataclass(frozen=True, config=RECORD)
class Interface(Record):
    """The interface of two regions. Electrons that both sides know pass unless a law says otherwise; an ion that both
    sides know needs a law.

    ion      law of the working ion of the host beside the interface
    species  laws by the name of the species
    adsorbed  by the name of the adsorbed species: sites of the plane for ions of one side (`eisfv.model.adsorption`)
    stern_capacitance  F/m2, may vary along a section; None: the potential is continuous
    """

    between: Annotated[tuple[Text, ...], Two]
    ion: AnyLaw | None = Field(default=None, kw_only=True)
    electron: AnyLaw | None = Field(default=None, kw_only=True)
    species: dict[str, AnyLaw] = Field(default_factory=dict)
    stern_capacitance: CapacitanceAlong | None = None
    adsorbed: dict[str, Adsorption] = Field(default_factory=dict, kw_only=True)

    @property
    def left(self) -> str:
        """Return the first of the two regions."""
        return self.between[0]

    @property
    def right(self) -> str:
        """Return the second of the two regions."""
        return self.between[1]

    @property
    def laws(self) -> dict[str, InterfaceLaw]:
        """Return the laws by the name of the species; that of `ion` once `settled` has named it."""
        return self.species if self.electron is None else {**self.species, ELECTRON: self.electron}

    def stern(self, x: float = 0.0) -> float | None:
        """Return the capacitance (F/m2) at x (m)."""
        if self.stern_capacitance is None:
            return None
        return largest(self.stern_capacitance) * factor(self.stern_capacitance, x)

    def settled(self, between: tuple[str, str], ion: str | None, stretch: tuple[float, float] | None) -> "Interface":
        """Return the interface as the solver takes it.

        between  its regions in the order of the device; ion: name of the working ion
        stretch  of x along which they touch (m), None in a stack
        """
        laws = self.laws if self.ion is None or ion is None else {**self.laws, ion: self.ion}
        stern = None if self.stern_capacitance is None else placed(self.stern_capacitance, stretch)
        return Interface(
            between,
            species={name: _placed(law, stretch) for name, law in laws.items()},
            stern_capacitance=stern,
            adsorbed=self.adsorbed,
        )


def _placed(law: InterfaceLaw, stretch: tuple[float, float] | None) -> InterfaceLaw:
    if isinstance(law, Kinetic):
        return replace(law, exchange_current=placed(law.exchange_current, stretch))
    return law
