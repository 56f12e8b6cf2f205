"""Metals that exchange the ion of their electrode; the one too fast to polarise."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.model.contact_kind import ContactKind, Face, OnFace
from eisfv.model.fields import Capacitance
from eisfv.model.materials import BehindContact, Electrode, Material
from eisfv.model.record import RECORD


class ExchangingContact(ContactKind):
    """Metal that exchanges the ion of its electrode; stern_capacitance: of its compact layer, None for none."""

    surface_node: ClassVar = "always"
    level: ClassVar = "ion"
    takes_electrons: ClassVar = True

    electrode: Electrode
    stern_capacitance: float | None

    def layered(self, material: Material) -> bool:
        return True

    def ends_field(self, material: Material) -> bool:
        return True

    def exchange(self, face: Face, passage: tuple[float, ...]) -> OnFace:
        """Return the metal on a face; passage: rate (mol/s) and row of the law by which the ion crosses."""
        ion, charge, potential = self.electrode.ion, self.electrode.charge, self.electrode.potential / face.volt
        stern = self.stern_capacitance
        capacitance = face.permittivity / face.film if stern is None else stern
        parameters = (float(face.species(ion)), *passage)
        return OnFace(face.layer(capacitance), potential, parameters, {ion: -charge * potential})


@dataclass(frozen=True, config=RECORD)
class ReversibleContact(ExchangingContact):
    """Metal whose ion is level with that of the region, and stops all others: a reactive contact too fast to polarise.

    It passes N = k [B(d) theta v_m - B(-d) theta_m v] with theta_m = v_m = 1 and k = D c_ref A/delta, delta far below
    the cells beside it, as an interface passes a continuous species (`eisfv.equations.interfaces`).
    """

    number: ClassVar = 6

    kind: Literal["reversible"] = Field(default="reversible", kw_only=True)
    electrode: Annotated[Electrode, BehindContact()]
    stern_capacitance: Capacitance | None = None

    def on(self, face: Face) -> OnFace:
        """Return the film that the ion crosses; parameters as of a reactive contact."""
        return self.exchange(face, face.passing(face.species(self.electrode.ion)))
