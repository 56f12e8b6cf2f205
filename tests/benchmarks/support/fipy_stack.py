"""A FiPy coupled system of a stack's size: the same cells, one potential and as many species as the stack.

The stack itself cannot be posed to FiPy without its interface laws; what a sweep costs depends on the cells, the number
of variables and which of them couple, and these are the same: every species to itself and to the potential, the
potential to every species.
"""

import os
from time import perf_counter

import numpy as np

from eisfv.device.tables import Floats

os.environ.setdefault("FIPY_SOLVERS", "scipy")


def sweep_seconds(sizes: Floats, charges: tuple[int, ...], repeats: int) -> float:
    """Return the median time of one coupled sweep; sizes (cells) m, one species for each charge."""
    from fipy import CellVariable, DiffusionTerm, Grid1D, ImplicitSourceTerm, TransientTerm
    from fipy.solvers.scipy import LinearLUSolver

    mesh = Grid1D(dx=sizes)
    phi = CellVariable(mesh=mesh, value=0.0)
    phi.constrain(1.0, mesh.facesLeft)
    phi.constrain(0.0, mesh.facesRight)
    species = [CellVariable(mesh=mesh, value=1.0, hasOld=True) for _ in charges]
    length = float(sizes.sum())
    poisson = DiffusionTerm(coeff=1e-4 * length**2, var=phi)
    for z, c in zip(charges, species, strict=True):
        poisson = poisson + ImplicitSourceTerm(coeff=float(z), var=c)
    coupled = poisson == sum(charges)
    for z, c in zip(charges, species, strict=True):
        inside = (~mesh.exteriorFaces) * length**2
        migration = DiffusionTerm(coeff=z * c.arithmeticFaceValue * inside, var=phi)
        coupled = coupled & (TransientTerm(var=c) == DiffusionTerm(coeff=length**2, var=c) + migration)
    solver = LinearLUSolver(tolerance=1e-13, iterations=5)
    for c in species:
        c.updateOld()
    times = []
    for _ in range(repeats + 1):
        start = perf_counter()
        coupled.sweep(dt=1e-6, solver=solver)
        times.append(perf_counter() - start)
    return float(np.median(times[1:]))
