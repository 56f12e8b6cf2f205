"""What ends a device at the gate and at the channel: one record per kind, which says what others ask of it.

surface_node  whether the region ends in a cell of no volume at the metal: "always", "never", or "neutral": where
              the region is electroneutral, whose double layer then sits in that cell
layer         whether the region has a layer at the contact that a mesh must resolve
level         what is level with the metal in the bulk at rest: the "electron", the electrode's "ion", the uncharged
              "wall" at its zero-charge voltage, or "none": the bulk is at the metal's potential
needs         the species that the region must have, beside the ion of the contact's electrode
"""

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Capacitance, Concentration, Tagged, Voltage
from eisfv.model.interface_laws import AnyKineticLaw
from eisfv.model.materials import ELECTRON, BehindContact, Electrode
from eisfv.model.quantity import Quantity
from eisfv.model.record import RECORD, Record


class ContactKind(Record):
    """What every contact declares; a contact that does not is refused by `tests/model`."""

    surface_node: ClassVar[Literal["always", "neutral", "never"]]
    layer: ClassVar[bool]
    level: ClassVar[Literal["electron", "ion", "wall", "none"]]

    needs: ClassVar[str | None] = None


@dataclass(frozen=True, config=RECORD)
class OhmicContact(ContactKind):
    """Metal on a mixed conductor: electrons at the metal's Fermi level, ions blocked, no field."""

    surface_node: ClassVar = "never"
    layer: ClassVar = False
    level: ClassVar = "electron"
    needs: ClassVar = ELECTRON

    kind: Literal["ohmic"] = Field(default="ohmic", kw_only=True)


@dataclass(frozen=True, config=RECORD)
class BlockingContact(ContactKind):
    """Polarisable metal: no species passes; capacitance of the compact layer, None for none.

    zero_charge_voltage: metal minus adjacent bulk at which the wall is uncharged (V)."""

    surface_node: ClassVar = "neutral"
    layer: ClassVar = True
    level: ClassVar = "wall"

    kind: Literal["blocking"] = Field(default="blocking", kw_only=True)
    stern_capacitance: Capacitance | None = None
    zero_charge_voltage: Voltage = Quantity(0.0, "0 V")


@dataclass(frozen=True, config=RECORD)
class ReactiveContact(ContactKind):
    """Metal that exchanges the working ion of its electrode at fixed activity, by one of the kinetic laws.

    In a file the keys of the law stand beside the contact's own; without `law` it is Butler-Volmer.
    """

    FLAT: ClassVar[str | None] = "law"
    surface_node: ClassVar = "always"
    layer: ClassVar = True
    level: ClassVar = "ion"

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

    def written(self) -> Any:
        table = super().written()
        if self.law.law == "butler_volmer":
            del table["law"]
        return table


@dataclass(frozen=True, config=RECORD)
class BathContact(ContactKind):
    """Fixed composition and potential: a reservoir of the adjacent phase. Concentrations in mol/m3 per species;
    a species that is not named keeps the initial bulk value."""

    surface_node: ClassVar = "never"
    layer: ClassVar = True
    level: ClassVar = "none"

    kind: Literal["bath"] = Field(default="bath", kw_only=True)
    concentration: dict[str, Concentration] = Field(default_factory=dict)


@dataclass(frozen=True, config=RECORD)
class InsulatingContact(ContactKind):
    """Nothing passes and no field leaves."""

    surface_node: ClassVar = "never"
    layer: ClassVar = False
    level: ClassVar = "none"

    kind: Literal["insulating"] = Field(default="insulating", kw_only=True)


Contact: TypeAlias = OhmicContact | BlockingContact | ReactiveContact | BathContact | InsulatingContact
AnyContact = Annotated[Contact, Tagged("kind")]
