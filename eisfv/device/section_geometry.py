"""Where the regions of a section lie and where its contacts are.

x runs from source to drain, y from the gate to the channel, both in m; "top" is the edge of small y, "bottom" that of
large y. A section is `depth` deep and the same at every depth.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eisfv.mesh.box import Box
from eisfv.model.contact_edges import ContactEdge

EDGES = ("top", "bottom", "left", "right")


@dataclass(frozen=True)
class BoxSection:
    """A section of rectangles.

    boxes     by the name of the region
    contacts  by name: "gate", and "channel" or "source" and "drain", the last two at one potential
    """

    depth: float
    boxes: Mapping[str, Box]
    contacts: Mapping[str, ContactEdge]

    @property
    def gate_region(self) -> str:
        """Return the region under the gate contact."""
        return self.contacts["gate"].region

    @property
    def channel_region(self) -> str:
        """Return the region under the channel's contacts."""
        return next(place.region for name, place in self.contacts.items() if name != "gate")


@dataclass(frozen=True)
class GmshSection:
    """A section drawn with Gmsh: its physical surfaces are the regions, its physical lines the contacts.

    file           a .msh file, coordinates times `unit` in m; two files are the same where their `sha256` are
    circumcentres  a triangle's unknowns sit there, not at its centroid
    """

    depth: float
    file: Path = field(compare=False)
    gate_region: str
    channel_region: str
    unit: float = 1.0
    circumcentres: bool = False
    sha256: str = ""


SectionGeometry = BoxSection | GmshSection
