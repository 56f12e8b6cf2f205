"""A stack of layers as a FiPy grid."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from eisfv.mesh.from_fipy import Contact, from_fipy
from eisfv.mesh.records import CHANNEL, GATE, Floats, Mesh


def stack_mesh(regions: Sequence[str], sizes: Sequence[Floats], area: float, nodes: tuple[bool, bool]) -> Mesh:
    """Return the mesh of a stack.

    sizes  cell sizes of each region (m), gate to channel; area of the device (m2)
    nodes  whether the gate and the channel contact get a surface node
    """
    grid = fipy_meshes().Grid1D(dx=np.concatenate(sizes))
    region = np.repeat(np.arange(len(sizes)), [len(s) for s in sizes])
    contacts = [
        Contact("gate", GATE, np.flatnonzero(grid.facesLeft.value), nodes[0]),
        Contact("channel", CHANNEL, np.flatnonzero(grid.facesRight.value), nodes[1]),
    ]
    return from_fipy(grid, regions, region, contacts, area)


def fipy_meshes() -> Any:
    """Return `fipy.meshes`, imported without MPI and with SciPy's solvers alone.

    FiPy otherwise probes every linear solver suite and starts MPI as soon as mpi4py is installed, 0.3 s; under mpirun
    it would hand every process a part of the mesh, where each process here knows the whole.
    """
    if "fipy" not in sys.modules:
        os.environ.setdefault("FIPY_SOLVERS", "scipy")
        present = sys.modules.get("mpi4py")
        sys.modules["mpi4py"] = None  # type: ignore[assignment]
        try:
            import fipy.meshes
        finally:
            if present is None:
                del sys.modules["mpi4py"]
            else:
                sys.modules["mpi4py"] = present
    import fipy.meshes

    return fipy.meshes
