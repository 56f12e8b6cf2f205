"""What ends a device at the gate and at the channel: one record per kind, with what `ContactKind` asks of it."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from eisfv.model.adsorption import Adsorption
from eisfv.model.arrhenius import arrhenius
from eisfv.model.back_gate import BackGate
from eisfv.model.contact_kind import ContactKind, Face, OnFace
from eisfv.model.exchanging_contact import ExchangingContact, ReversibleContact
from eisfv.model.fields import Capacitance, Concentration, MolarEnergy, SpecificResistance, Tagged, Voltage
from eisfv.model.injecting_contact import InjectingContact
from eisfv.model.interface_laws import AnyKineticLaw
from eisfv.model.materials import ELECTRON, BehindContact, Electrode, Material
from eisfv.model.quantity import Quantity
from eisfv.model.record import RECORD, Record
from eisfv.model.species import Ohmic
from eisfv.model.surface_loss import SurfaceLoss


def polarisable(material: Material) -> bool:
    """Return whether a metal of electrons is on an ionic conductor, whose electrons store nothing."""
    return isinstance(material.species.get(ELECTRON), Ohmic)


def in_series(face: Face, compact: float | None) -> float:
    """Return half a cell of dielectric in series with a compact layer, None for none, F/m2."""
    across = 1.0 / compact if compact is not None else 0.0
    # A bare surface node: the potential is continuous.
    half = face.film if face.half == 0.0 and compact is None else face.half
    return 1.0 / (half / face.permittivity + across)


@dataclass(frozen=True, config=RECORD)
class OhmicContact(ContactKind):
    """Metal on a mixed conductor: electrons at the metal's Fermi level, ions blocked.

    Electrons that a region stores are at hand and screen the field: none ends at the metal, but where the electrons of
    a host are out of level with it, what its half cell needs (`eisfv.equations.electrons_at_metals`).
    Electrons that store nothing screen nothing: a metal on an ionic conductor is polarisable. There it ends the field
    as a blocking contact does, with the capacitance of the half cell in series with that of a compact layer (F/m2),
    None for none, uncharged at the potential where the neutral bulk has the electrons' level of the metal,
    V - phi = -(y_e + mu_e). An electroneutral conductor keeps that double layer in a surface node, as before a blocking
    contact.

    It is selective for electrons. loss: what the surface of a host beside the metal loses to the surroundings.
    back_gate: of a semiconductor, where the field of its far face ends (`eisfv.model.back_gate`).
    """

    number: ClassVar = 0
    surface_node: ClassVar = "neutral"
    level: ClassVar = "electron"
    takes_electrons: ClassVar = True
    needs: ClassVar = ELECTRON

    kind: Literal["ohmic"] = Field(default="ohmic", kw_only=True)
    stern_capacitance: Capacitance | None = None
    loss: SurfaceLoss | None = None
    back_gate: BackGate | None = None

    def layered(self, material: Material) -> bool:
        return self.loss is not None or self.ends_field(material)

    def ends_field(self, material: Material) -> bool:
        return self.back_gate is not None or polarisable(material)

    def on(self, face: Face) -> OnFace:
        """Return half a cell of dielectric in series with the compact layer where the electrons screen nothing, or with
        the insulator of a back gate.

        Parameters of a loss: ion, k A (m3/s).
        """
        if (gate := self.back_gate) is not None:
            # Carriers of the film as its material gives it are level with the metal at phi = V: mu0 is counted so.
            capacitance = 1.0 / (face.half / face.permittivity + 1.0 / gate.capacitance)
            return OnFace(face.layer(capacitance), -gate.voltage / face.volt)
        if not polarisable(face.region.material):
            host = face.region.material.host
            if self.loss is None or host is None:
                return OnFace()
            return OnFace(parameters=(float(face.species(host.ion)), self.loss.rate_at(face.temperature) * face.area))
        return OnFace(face.layer(in_series(face, self.stern_capacitance)), -face.chemical(ELECTRON))


@dataclass(frozen=True, config=RECORD)
class BlockingContact(ContactKind):
    """Polarisable metal: no species passes; capacitance of the compact layer, None for none.

    zero_charge_voltage: metal minus adjacent bulk at which the wall is uncharged (V).
    adsorbed: by the name of the adsorbed species, sites of the wall for ions (`eisfv.model.adsorption`)."""

    number: ClassVar = 1
    surface_node: ClassVar = "neutral"
    level: ClassVar = "wall"
    takes_electrons: ClassVar = False

    kind: Literal["blocking"] = Field(default="blocking", kw_only=True)
    stern_capacitance: Capacitance | None = None
    zero_charge_voltage: Voltage = Quantity(0.0, "0 V")
    adsorbed: dict[str, Adsorption] = Field(default_factory=dict, kw_only=True)

    def sites(self) -> Mapping[str, Adsorption]:
        return self.adsorbed

    def layered(self, material: Material) -> bool:
        return True

    def ends_field(self, material: Material) -> bool:
        return True

    def on(self, face: Face) -> OnFace:
        """Return the compact layer in series with half a cell of dielectric."""
        return OnFace(face.layer(in_series(face, self.stern_capacitance)), self.zero_charge_voltage / face.volt)


@dataclass(frozen=True, config=RECORD)
class ReactiveContact(ExchangingContact):
    """Metal that exchanges the working ion of its electrode at fixed activity, by one of the kinetic laws.

    In a file the keys of the law stand beside the contact's own; without `law` it is Butler-Volmer.
    """

    FLAT: ClassVar[str | None] = "law"
    number: ClassVar = 2

    kind: Literal["reactive"] = Field(default="reactive", kw_only=True)
    electrode: Annotated[Electrode, BehindContact()]
    law: AnyKineticLaw
    stern_capacitance: Capacitance | None = None

    @model_validator(mode="before")
    @classmethod
    def _with_its_law(cls, table: Any) -> Any:
        if not isinstance(table, dict) or isinstance(table.get("law"), Record):
            return table
        own = {key: value for key, value in table.items() if key in ("kind", "electrode", "stern_capacitance")}
        rest = {key: value for key, value in table.items() if key not in own}
        return own | {"law": {"law": "butler_volmer"} | rest}

    def on(self, face: Face) -> OnFace:
        """Return the exchange with the metal; parameters: ion, k0 A, row of the law."""
        law = face.transfer(self.law, face.species(self.electrode.ion), self.electrode.charge)
        return self.exchange(face, law)

    def written(self) -> Any:
        table = super().written()
        if self.law.law == "butler_volmer":
            del table["law"]
        return table


@dataclass(frozen=True, config=RECORD)
class BathContact(ContactKind):
    """Fixed composition and potential: a reservoir of the adjacent phase. Concentrations in mol/m3 per species;
    a species that is not named keeps the initial bulk value."""

    number: ClassVar = 3
    surface_node: ClassVar = "never"
    level: ClassVar = "none"
    takes_electrons: ClassVar = False

    kind: Literal["bath"] = Field(default="bath", kw_only=True)
    concentration: dict[str, Concentration] = Field(default_factory=dict)

    def layered(self, material: Material) -> bool:
        return True

    def ends_field(self, material: Material) -> bool:
        return not material.electroneutral

    def on(self, face: Face) -> OnFace:
        """Return half a cell of the region's own phase."""
        space_charge = not face.region.material.electroneutral
        layer = face.layer(face.permittivity / face.half) if space_charge else 0.0
        return OnFace(layer, levels=face.levels(self.concentration))


@dataclass(frozen=True, config=RECORD)
class ResistiveContact(ContactKind):
    """Metal on a mixed conductor behind a resistance: the electrons' current is their level above the metal's over the
    specific contact `resistance` (ohm m2); ions blocked. activation_energy: of the conductance, J/mol.

    The field ends there where it does at an ohmic contact: on an ionic conductor, whose electrons screen nothing."""

    number: ClassVar = 5
    surface_node: ClassVar = "always"
    level: ClassVar = "electron"
    takes_electrons: ClassVar = True
    needs: ClassVar = ELECTRON

    kind: Literal["resistive"] = Field(default="resistive", kw_only=True)
    resistance: SpecificResistance
    activation_energy: MolarEnergy | None = None

    def layered(self, material: Material) -> bool:
        return self.ends_field(material)

    def ends_field(self, material: Material) -> bool:
        return polarisable(material)

    def in_series(self, temperature: float) -> float:
        return self.resistance / arrhenius(self.activation_energy, temperature)

    def on(self, face: Face) -> OnFace:
        """Return the film; parameter: flow of electrons (mol/s) for a fall of their level by one RT."""
        passing = (face.ease(1.0 / self.in_series(face.temperature)),)
        if not polarisable(face.region.material):
            return OnFace(parameters=passing)
        return OnFace(face.layer(face.permittivity / face.film), -face.chemical(ELECTRON), passing)


@dataclass(frozen=True, config=RECORD)
class InsulatingContact(ContactKind):
    """Nothing passes and no field leaves."""

    number: ClassVar = 4
    surface_node: ClassVar = "never"
    level: ClassVar = "none"
    takes_electrons: ClassVar = False

    kind: Literal["insulating"] = Field(default="insulating", kw_only=True)


Contact: TypeAlias = (
    OhmicContact
    | BlockingContact
    | ReactiveContact
    | ReversibleContact
    | BathContact
    | ResistiveContact
    | InjectingContact
    | InsulatingContact
)
AnyContact = Annotated[Contact, Tagged("kind")]
