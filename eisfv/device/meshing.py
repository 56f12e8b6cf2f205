"""The mesh of a device: a stack, a section of rectangles, or a drawn one."""

from collections.abc import Sequence

from eisfv.device.device import Device
from eisfv.device.section_geometry import BoxSection, GmshSection
from eisfv.device.stack import contact_nodes, sizes_of, stack_of
from eisfv.mesh.grading import joined
from eisfv.mesh.records import Floats, Mesh


def coarser_mesh(device: Device, sizes: Sequence[Floats] | None, times: int) -> Mesh:
    """Return the mesh of a device on every second face, taken so many times; sizes: the cells (m) of a stack's regions.

    ValueError where there is none.
    """
    match device.section:
        case None:
            cells = sizes_of(device) if sizes is None else sizes
            for _ in range(times):
                cells = [joined(size) for size in cells]
            return stack_of(device, cells)
        case BoxSection() as boxes:
            from eisfv.device.section import mesh_of_boxes

            return mesh_of_boxes(device, boxes, joins=times)
        case GmshSection():
            raise ValueError("a drawn mesh has no coarser one")


def mesh_of(device: Device, split: int = 1) -> Mesh:
    """Return the mesh of a device, every cell split into `split` equal ones along each axis.

    ValueError where a drawn mesh cannot be used or split.
    """
    match device.section:
        case None:
            return stack_of(device, sizes_of(device, split))
        case BoxSection() as boxes:
            from eisfv.device.section import mesh_of_boxes

            return mesh_of_boxes(device, boxes, split)
        case GmshSection() as drawn:
            from eisfv.mesh.drawn import drawn_mesh

            if split > 1:
                raise ValueError("a drawn mesh is refined where it was drawn")
            names = [region.name for region in device.regions]
            return drawn_mesh(drawn.file, drawn.unit, names, drawn.depth, contact_nodes(device), drawn.circumcentres)
