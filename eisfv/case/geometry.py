"""Who touches whom in a device, and where its contacts are: the geometry of a case as far as it can be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eisfv.case.box_geometry import Pair
from eisfv.device.section_geometry import SectionGeometry
from eisfv.mesh.box import Span


@dataclass(frozen=True)
class Geometry:
    """pairs      numbers of the regions that touch, the lower first; None where they cannot be told
    gate, channel  numbers of the regions under the contacts, None where they cannot be told
    section    None for a stack
    sizes      by region of a section: width and thickness (m)
    along      by pair of a section: the stretch of x along which the two touch, None where they touch side by side
    """

    pairs: Sequence[Pair] | None = None
    gate: int | None = None
    channel: int | None = None
    section: SectionGeometry | None = None
    sizes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    along: Mapping[Pair, Span | None] = field(default_factory=dict)
