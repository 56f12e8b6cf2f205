"""The `[device.section]` table: a shape with its sizes, or a mesh from a file."""

from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from eisfv.model.fields import Length, Span, Text
from eisfv.model.record import RECORD, Record

Shape = Literal["stack", "planar_self_gate", "boxes"]
Edge = Literal["top", "bottom", "left", "right"]


@dataclass(frozen=True, config=RECORD)
class ContactPlace(Record):
    """Where a contact lies; what is left out is as the shape has it."""

    region: Text | None = None
    edge: Edge | None = None
    span: Span | None = None


@dataclass(frozen=True, config=RECORD)
class ContactPlaces(Record):
    """Places by the name of the contact."""

    gate: ContactPlace | None = None
    source: ContactPlace | None = None
    drain: ContactPlace | None = None
    channel: ContactPlace | None = None

    def given(self) -> dict[str, ContactPlace]:
        """Return those that the file names."""
        named = {"gate": self.gate, "source": self.source, "drain": self.drain, "channel": self.channel}
        return {name: place for name, place in named.items() if place is not None}


@dataclass(frozen=True, config=RECORD)
class Section(Record):
    """A shape, or a mesh; which keys belong to which is for `eisfv.case.section_keys` to say."""

    shape: Shape | None = None
    mesh: Text | None = None
    depth: Length = Field(kw_only=True)
    width: Length | None = None
    source_drain: Literal["side", "bottom"] | None = None
    pad: Length | None = None
    unit: Length | None = None
    centres: Literal["centroids", "circumcentres"] | None = None
    mesh_sha256: Text | None = None
    contact: ContactPlaces | None = None
