"""A stack of layers as a FiPy grid."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from eisfv.mesh.from_fipy import Contact, from_fipy
from eisfv.mesh.records import CHANNEL, GATE, Floats, Mesh

HIDDEN = ("mpi4py", "matplotlib")  # from FiPy while it is imported


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
    """Return `fipy.meshes`, imported without MPI and Matplotlib and with SciPy's solvers alone.

    FiPy otherwise probes every linear solver suite and starts MPI as soon as mpi4py is installed, 0.3 s; under mpirun
    it would hand every process a part of the mesh, where each process here knows the whole. Matplotlib it imports for
    the version number in a debugging line, 0.15 s; its viewers import it when they are made.
    """
    if "fipy" not in sys.modules:
        os.environ.setdefault("FIPY_SOLVERS", "scipy")
        present = {name: sys.modules.get(name) for name in HIDDEN}
        absent: Any = None  # in the place of a module: importing it fails
        sys.modules.update(dict.fromkeys(HIDDEN, absent))
        try:
            import fipy.meshes
        finally:
            for name, module in present.items():
                if module is None:
                    del sys.modules[name]
                else:
                    sys.modules[name] = module
    import fipy.meshes

    return fipy.meshes
