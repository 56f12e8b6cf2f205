"""The mesh of a device: a stack, a section of rectangles, or a drawn one."""

from eisfv.device.device import Device
from eisfv.device.section_geometry import BoxSection, GmshSection
from eisfv.device.stack import contact_nodes, sizes_of, stack_of
from eisfv.mesh.records import Mesh


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
