"""Nernst-Planck-Poisson between two blocking walls in FiPy's own terms: an independent solution, no eisfv in it.

    dc_k/dt = div(D_k grad c_k + z_k D_k c_k grad phi)      phi in RT/F
    div(eps grad phi) + (F^2/RT) sum z_k c_k = 0
    second-order backward differences in time, central differences in space, coupled sweeps

A wall is closed by coefficients that vanish on the exterior faces: with a constrained phi, FiPy's DiffusionTerm in phi
would otherwise let ions migrate through it. The compact layer lies in series with the dielectric of the wall's half cell,
which is a smaller permittivity of the exterior face. FiPy reports the residual before a sweep solves, so that a sweep more
shows what the last one reached; FiPy's own tolerance would accept the start value.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY

os.environ.setdefault("FIPY_SOLVERS", "scipy")

Floats = NDArray[np.float64]

SWEEPS_MAX = 12


@dataclass(frozen=True)
class Electrolyte:
    """relative_permittivity; charges, diffusivities (m2/s), concentrations (mol/m3) of two ions; temperature (K);
    compact (F/m2) capacitance of the compact layer at both walls, None without; open_wall: leave the trap open."""

    relative_permittivity: float
    charges: tuple[int, int]
    diffusivities: tuple[float, float]
    concentrations: tuple[float, float]
    temperature: float
    compact: float | None = None
    open_wall: bool = False

    @property
    def permittivity(self) -> float:
        """Return eps in F/m."""
        return self.relative_permittivity * VACUUM_PERMITTIVITY


@dataclass(frozen=True)
class Answer:
    """At the end of a run: potential (cells) RT/F, concentrations (ions, cells) mol/m3; and after every step the time (s)
    and the charge (C/m2) of the driven wall's metal; largest residual left by a step, relative to the first sweep's."""

    potential: Floats
    concentrations: Floats
    times: Floats
    charge: Floats
    residual: float


def charge_between_walls(
    sizes: Floats,
    fluid: Electrolyte,
    drive: Callable[[float], float],
    duration: float,
    steps: int,
    tolerance: float = 1e-6,
) -> Answer:
    """Return the answer to drive(t) (RT/F) on the left wall; sizes (cells) m; tolerance of each step's residual."""
    from fipy import CellVariable, Grid1D, Variable
    from fipy.solvers.scipy import LinearLUSolver

    mesh = Grid1D(dx=sizes)
    phi = CellVariable(mesh=mesh, value=0.0)
    ions = [CellVariable(mesh=mesh, value=c, hasOld=True) for c in fluid.concentrations]
    history = [CellVariable(mesh=mesh, value=0.0) for _ in ions]
    wall, lead = Variable(0.0), Variable(1.0)
    phi.constrain(wall, mesh.facesLeft)
    phi.constrain(0.0, mesh.facesRight)
    equation = coupled_equation(mesh, fluid, phi, ions, history, lead)
    solver = LinearLUSolver(tolerance=1e-13, iterations=5)

    step = duration / steps
    times = step * np.arange(1, steps + 1)
    charge = np.zeros(steps)
    worst = 0.0
    sweeps=0
    before = [ion.value.copy() for ion in ions]
    for k, time in enumerate(times):
        wall.setValue(drive(time))
        now = [ion.value.copy() for ion in ions]
        if k > 0:
            lead.setValue(1.5)
            for past, new, old in zip(history, now, before, strict=True):
                past.setValue(0.5 * (new - old) / step)
        for ion in ions:
            ion.updateOld()
        if k > 0:
            for ion, new, old in zip(ions, now, before, strict=True):
                ion.setValue(2.0 * new - old)
        before = now
        for _ in range(SWEEPS_MAX):
            old_guess = [ion.value.copy() for ion in ions]
            equation.sweep(dt=step, solver=solver)
            sweeps += 1
            moved = max(float(np.abs(i.value - o).max()) / c for i, o, c in zip(ions, old_guess, fluid.concentrations))
            if moved < tolerance: break
        worst = max(worst, moved)
        charge[k] = wall_charge(fluid, sizes[0], float(wall.value) - float(phi.value[0]))
    print('sweeps',sweeps)
    return Answer(phi.value.copy(), np.array([ion.value for ion in ions]), times, charge, worst)


def coupled_equation(mesh: Any, fluid: Electrolyte, phi: Any, ions: Sequence[Any], history: Sequence[Any], lead: Any) -> Any:
    """Return FiPy's coupled equation of phi and the ions; `lead` and `history` make backward differences of its step."""
    from fipy import DiffusionTerm, FaceVariable, ImplicitSourceTerm, TransientTerm

    inside = np.asarray(~mesh.exteriorFaces.value, float)
    half = 0.5 * np.asarray(mesh.cellVolumes)[np.ma.getdata(mesh.faceCellIDs)[0]]
    layer = 0.0 if fluid.compact is None else fluid.permittivity / fluid.compact
    factor = np.where(inside > 0.0, 1.0, half / (half + layer))
    # Over F^2/RT, so that charge counts in mol/m3.
    scale = GAS_CONSTANT * fluid.temperature / FARADAY**2
    dielectric = FaceVariable(mesh=mesh, value=fluid.permittivity * scale * factor)
    closed = FaceVariable(mesh=mesh, value=inside)
    migrating = FaceVariable(mesh=mesh, value=1.0) if fluid.open_wall else closed
    equation = DiffusionTerm(coeff=dielectric, var=phi)
    for ion, z in zip(ions, fluid.charges, strict=True):
        equation = equation + ImplicitSourceTerm(coeff=float(z), var=ion)
    coupled = equation == 0.0
    for ion, z, D, past in zip(ions, fluid.charges, fluid.diffusivities, history, strict=True):
        migration = DiffusionTerm(coeff=z * D * ion.arithmeticFaceValue * migrating, var=phi)
        coupled = coupled & (TransientTerm(coeff=lead, var=ion) == DiffusionTerm(coeff=D * closed, var=ion) + migration + past)
    return coupled


def wall_charge(fluid: Electrolyte, first: float, drop: float) -> float:
    """Return the metal's charge (C/m2) for a drop (RT/F) from the wall to the first cell's centre."""
    layer = 0.0 if fluid.compact is None else fluid.permittivity / fluid.compact
    volts = drop * GAS_CONSTANT * fluid.temperature / FARADAY
    return fluid.permittivity * volts / (0.5 * first + layer)
