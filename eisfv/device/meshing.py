"""The mesh of a device: a stack, a section of rectangles, or a drawn one."""

from collections.abc import Collection, Sequence

import numpy as np

from eisfv.device.carriers import bands
from eisfv.device.device import Device
from eisfv.device.section_geometry import BoxSection, GmshSection
from eisfv.device.stack import contact_nodes, sizes_of, stack_of
from eisfv.mesh.grading import joined, paired
from eisfv.mesh.records import Floats, Mesh

FLAT = ("fermi_dirac_2d", "graphene")  # fillings of carriers that move in a plane


def sheets(device: Device) -> Collection[int]:
    """Return the regions whose carriers move in a plane: one cell is all that there is across them."""
    kinds = [{band.filling for band in bands(region.material).values()} for region in device.regions]
    return [number for number, fillings in enumerate(kinds) if fillings and fillings <= {*FLAT}]


def coarser_mesh(device: Device, sizes: Sequence[Floats] | None, times: int) -> Mesh:
    """Return the mesh of a device on every second face, taken so many times; sizes: the cells (m) of a stack's regions,
    or along x and y of a section, where they are not by the case's lengths.

    A sheet of one cell keeps it. ValueError where there is none.
    """
    match device.section:
        case None:
            cells = sizes_of(device) if sizes is None else sizes
            whole = sheets(device)
            for _ in range(times):
                cells = [size if k in whole and len(size) == 1 else joined(size) for k, size in enumerate(cells)]
            return stack_of(device, cells)
        case BoxSection() as boxes:
            from eisfv.device.section import mesh_of_boxes, mesh_on_gaps

            if sizes is None:
                return mesh_of_boxes(device, boxes, joins=times)
            for _ in range(times):
                sizes = [paired(size) for size in sizes]
            return mesh_on_gaps(device, boxes, sizes)
        case GmshSection():
            raise ValueError("a drawn mesh has no coarser one")


def mesh_on(device: Device, sizes: Sequence[Floats] | None) -> Mesh:
    """Return the mesh of a device on these cells (m), of the regions of a stack or along x and y of a section; None: by
    the case's lengths, or as it was drawn."""
    if sizes is None:
        return mesh_of(device)
    if isinstance(device.section, BoxSection):
        from eisfv.device.section import mesh_on_gaps

        return mesh_on_gaps(device, device.section, sizes)
    return stack_of(device, sizes)


def split_mesh(device: Device, sizes: Sequence[Floats] | None, split: int) -> Mesh:
    """Return `mesh_on` with every cell split into `split` equal ones along each axis."""
    return mesh_of(device, split) if sizes is None else mesh_on(device, [np.repeat(s / split, split) for s in sizes])


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
