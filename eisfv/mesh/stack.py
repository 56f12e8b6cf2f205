"""A stack of layers as a FiPy grid, and any FiPy grid as the mesh of the equations."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from eisfv.mesh.records import CHANNEL, Floats, Ints, Mesh


def stack_mesh(regions: Sequence[str], sizes: Sequence[Floats], area: float, nodes: tuple[bool, bool]) -> Mesh:
    """Return the mesh of a stack.

    sizes  cell sizes of each region (m), gate to channel; area of the device (m2)
    nodes  whether the gate and the channel contact get a surface node
    """
    grid = fipy_meshes().Grid1D(dx=np.concatenate(sizes))
    region = np.repeat(np.arange(len(sizes)), [len(s) for s in sizes])
    ends = [np.flatnonzero(grid.facesLeft.value), np.flatnonzero(grid.facesRight.value)]
    return from_fipy(grid, regions, region, ends, area, nodes)


def fipy_meshes() -> Any:
    """Return `fipy.meshes`, imported without what a serial run of a stack does not need.

    FiPy probes every linear solver suite and starts MPI as soon as mpi4py is installed, 0.3 s; under mpirun it gets
    both.
    """
    parallel = any(name in os.environ for name in ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE"))
    if "fipy" in sys.modules or parallel:
        import fipy.meshes

        return fipy.meshes
    os.environ.setdefault("FIPY_SOLVERS", "scipy")
    hidden = "mpi4py" not in sys.modules
    if hidden:
        sys.modules["mpi4py"] = None  # type: ignore[assignment]
    try:
        import fipy.meshes
    finally:
        if hidden:
            del sys.modules["mpi4py"]
    return fipy.meshes


def from_fipy(
    grid: Any, regions: Sequence[str], region: Ints, contacts: Sequence[Ints], scale: float, nodes: Sequence[bool]
) -> Mesh:
    """Return the mesh of a FiPy grid in any dimension.

    region    (cells,) index of each FiPy cell
    contacts  FiPy face numbers of the gate and of the channel contact
    scale     what a FiPy volume and area lack to m3 and m2 (the area of a 1D device, the depth of a section)
    nodes     whether each contact gets a surface node
    """
    volume = np.asarray(grid.cellVolumes, float) * scale
    centre = np.asarray(grid.cellCenters.value, float).T
    face_area = np.asarray(grid._faceAreas, float) * scale
    face_centre = np.asarray(grid.faceCenters.value, float).T
    first, second = np.ma.getdata(grid.faceCellIDs)
    to_face = np.linalg.norm(face_centre[None] - centre[np.stack([first, second])], axis=2)
    inner = np.flatnonzero(~np.ma.getmaskarray(grid.faceCellIDs)[1])
    bulk = inner[region[first[inner]] == region[second[inner]]]
    joint = inner[region[first[inner]] != region[second[inner]]]
    pairs = [tuple(sorted((region[first[f]], region[second[f]]))) for f in joint]
    names = sorted(set(pairs))

    cells = _Growing(volume, centre, region)
    faces: list[tuple[int, int, float, float, int]] = [
        (first[f], second[f], face_area[f], to_face[0, f] + to_face[1, f], -1) for f in bulk
    ]
    for f, pair in zip(joint, pairs, strict=True):
        a, b = (0, 1) if region[first[f]] <= region[second[f]] else (1, 0)
        cell = (first[f], second[f])
        near = cells.surface(face_centre[f], region[cell[a]])
        far = cells.surface(face_centre[f], region[cell[b]])
        faces.append((cell[a], near, face_area[f], to_face[a, f], -1))
        faces.append((near, far, face_area[f], 0.0, names.index(pair)))
        faces.append((far, cell[b], face_area[f], to_face[b, f], -1))
    ends: list[tuple[int, float, float, int]] = []
    for terminal, (where, node) in enumerate(zip(contacts, nodes, strict=True)):
        for f in where:
            cell_f, distance = int(first[f]), float(to_face[0, f])
            if node:
                at = cells.surface(face_centre[f], region[cell_f])
                pair_f = (cell_f, at) if terminal == CHANNEL else (at, cell_f)
                faces.append((*pair_f, face_area[f], distance, -1))
                cell_f, distance = at, 0.0
            ends.append((cell_f, face_area[f], distance, terminal))
    return _ordered(tuple(regions), cells, faces, ends)


class _Growing:
    """Cells of the grid, to which surface nodes are added."""

    def __init__(self, volume: Floats, position: Floats, region: Ints) -> None:
        self.volume, self.position, self.region = list(volume), list(position), list(region)

    def surface(self, position: Floats, region: int) -> int:
        self.volume.append(0.0)
        self.position.append(position)
        self.region.append(region)
        return len(self.volume) - 1


def _ordered(
    regions: tuple[str, ...],
    cells: _Growing,
    faces: list[tuple[int, int, float, float, int]],
    ends: list[tuple[int, float, float, int]],
) -> Mesh:
    """Return the mesh with cells numbered along the first axis, so that a stack gives a banded matrix."""
    position, region = np.array(cells.position), np.array(cells.region)
    volume = np.array(cells.volume)
    order = np.lexsort((region, *position.T[::-1]))
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    left, right, area, distance, interface = (np.array(column) for column in zip(*faces, strict=True))
    cell, contact_area, contact_distance, terminal = (np.array(column) for column in zip(*ends, strict=True))
    along = np.argsort(number[left], kind="stable")
    return Mesh(
        regions,
        position[order],
        volume[order],
        region[order].astype(np.int64),
        number[left][along].astype(np.int64),
        number[right][along].astype(np.int64),
        area[along].astype(float),
        distance[along].astype(float),
        interface[along].astype(np.int64),
        number[cell].astype(np.int64),
        contact_area.astype(float),
        contact_distance.astype(float),
        terminal.astype(np.int64),
    )
