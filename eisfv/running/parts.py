"""What pilots cut: the regions of a stack, or the lines of a section of rectangles along x and along y.

The error of a mesh is that of its parts together, each falling as n^-2 with the cells of the part. A stack has as many
cells as its regions together, a section as many as the product of its two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfv.device.device import Device
from eisfv.device.section import gaps_of
from eisfv.device.section_geometry import BoxSection
from eisfv.device.stack import sizes_of
from eisfv.device.tables import Floats
from eisfv.mesh.equidistribution import Layer, equidistributed, largest
from eisfv.mesh.grading import joined, paired
from eisfv.model.mesh_options import MeshOptions
from eisfv.running.flown import fewest, size
from eisfv.running.following import Bends

START = MeshOptions(first=0.5, growth=1.3, host_growth=1.3, largest=0.08)
CELLS = 240  # of a stack whose every second face pilots take, and
LINES = np.array([64.0, 96.0])  # of a section, along x and y


@dataclass(frozen=True)
class Regions:
    """The regions of a stack that its case does not cut."""

    device: Device

    @property
    def free(self) -> list[int]:
        """Return the parts whose cells are chosen."""
        return [k for k, region in enumerate(self.device.regions) if region.name not in self.device.mesh.cells]

    def start(self) -> list[Floats]:
        """Return the cell sizes (m) of the first pilot."""
        return sizes_of(replace(self.device, mesh=replace(START, cells=self.device.mesh.cells)))

    def layers(self, found: Sequence[Bends]) -> list[Sequence[Layer]]:
        """Return what the cells of every part are chosen from."""
        return [[largest(layers)] for layers in zip(*(each.layers() for each in found), strict=True)]

    def even(self, layers: Sequence[Sequence[Layer]]) -> list[Floats]:
        """Return the cell sizes (m) for the next pilot: those that the case gives, `CELLS` in all others together."""
        given = sizes_of(self.device)
        found = iter(equidistributed([layers[k][0] for k in self.free], CELLS))
        return [next(found) if k in self.free else given[k] for k in range(len(layers))]

    def cut(self, layers: Sequence[Sequence[Layer]], cells: Floats) -> list[Floats]:
        """Return the cell sizes (m) of the parts, of those that are free to choose so many (free) each."""
        sizes = sizes_of(self.device)
        for k, count in zip(self.free, cells, strict=True):
            (sizes[k],) = equidistributed(layers[k], int(count))
        return sizes

    def half(self, sizes: Sequence[Floats], parts: Sequence[int]) -> list[Floats]:
        """Return the cells between every second face of some parts. ValueError where they are too few."""
        return [joined(each) if k in parts else each for k, each in enumerate(sizes)]

    def fewest(self, errors: Sequence[Floats], counts: Floats, target: float) -> Floats:
        """Return the fewest cells of the parts for an error; errors of all that is reported at so many cells."""
        return fewest(errors, counts, target)

    def least(self, pilot: Floats) -> Floats:
        """Return the fewest cells of the parts, from those of the pilots."""
        return pilot

    def total(self, cells: Floats) -> float:
        """Return the number of cells of a mesh."""
        return float(cells.sum())

    def within(self, cells: Floats) -> Floats:
        """Return numbers of cells that are no more together than the case allows."""
        return np.asarray(cells * min(1.0, self.device.mesh.most_cells(section=False) / cells.sum()))


@dataclass(frozen=True)
class Lines:
    """The lines of a section of rectangles along x and along y."""

    device: Device
    geometry: BoxSection

    @property
    def free(self) -> list[int]:
        return [0, 1]

    def start(self) -> list[Floats]:
        return gaps_of(replace(self.device, mesh=START), self.geometry, joins=1)

    def layers(self, found: Sequence[Bends]) -> list[Sequence[Layer]]:
        axes = zip(*(each.layers() for each in found), strict=True)
        return [[largest(gap) for gap in zip(*cases, strict=True)] for cases in axes]

    def even(self, layers: Sequence[Sequence[Layer]]) -> list[Floats]:
        return self.cut(layers, LINES)

    def cut(self, layers: Sequence[Sequence[Layer]], cells: Floats) -> list[Floats]:
        pairs = zip(layers, cells, strict=True)
        return [np.concatenate(equidistributed(gaps, int(count))) for gaps, count in pairs]

    def half(self, sizes: Sequence[Floats], parts: Sequence[int]) -> list[Floats]:
        return [paired(each) if k in parts else each for k, each in enumerate(sizes)]

    def fewest(self, errors: Sequence[Floats], counts: Floats, target: float) -> Floats:
        """The product is least where both directions leave the same."""
        return np.asarray(counts * np.sqrt(np.array([size(each) for each in errors]) * len(errors) / target))

    def least(self, pilot: Floats) -> Floats:
        """A direction in which nothing happens, as along x of a wide stack, needs none of them."""
        return np.asarray(pilot / 4.0)

    def total(self, cells: Floats) -> float:
        return float(cells.prod())

    def within(self, cells: Floats) -> Floats:
        most = self.device.mesh.most_cells(section=True)
        return np.asarray(cells * min(1.0, float(np.sqrt(most / cells.prod()))))


Parts = Regions | Lines


def parts_of(device: Device) -> Parts:
    """Return what of a device pilots cut."""
    return Lines(device, device.section) if isinstance(device.section, BoxSection) else Regions(device)
