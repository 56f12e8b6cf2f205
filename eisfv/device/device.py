"""What the solver is given: regions, interfaces, contacts and read-out, all in their places.

y runs from the gate (y = 0) to the channel, x in a section from source to drain. V = gate minus channel. V above the
open-circuit voltage inserts cations into the channel; a positive current flows from gate to channel inside the device.
"""

from dataclasses import dataclass, field

from eisfv.device.section_geometry import SectionGeometry
from eisfv.model.case_file import Readout
from eisfv.model.contacts import Contact
from eisfv.model.interfaces import Interface
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Region


@dataclass(frozen=True)
class Device:
    """A stack from gate to channel, or a section, ready for the mesh.

    area (m2) of the stack; of a section: its depth times the width of the region at the channel contact.
    interfaces name their laws by species and have their patches in place (`Interface.settled`), every region has its
    thickness (`Region.settled`).
    """

    temperature: float
    area: float
    regions: tuple[Region, ...]
    interfaces: tuple[Interface, ...]
    gate: Contact
    channel: Contact
    series_resistance: float = 0.0
    readout: Readout | None = None
    mesh: MeshOptions = field(default_factory=MeshOptions)
    section: SectionGeometry | None = None

    @property
    def ends(self) -> tuple[int, int]:
        """Return the numbers of the regions at the gate and at the channel contact."""
        if self.section is None:
            return 0, len(self.regions) - 1
        names = [region.name for region in self.regions]
        return names.index(self.section.gate_region), names.index(self.section.channel_region)
