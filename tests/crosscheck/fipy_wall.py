"""Nernst-Planck-Poisson between two blocking walls in FiPy's own terms: an independent solution, no eisfv in it.

    dc_k/dt = div(D_k grad c_k + z_k D_k c_k grad phi)      phi in RT/F
    div(eps grad phi) + (F^2/RT) sum z_k c_k = 0
    second-order backward differences in time, central differences in space, coupled sweeps

A wall is closed by coefficients that vanish on the exterior faces: with a constrained phi, FiPy's DiffusionTerm in phi
would otherwise let ions migrate through it. The compact layer lies in series with the dielectric of the wall's half
cell, which is a smaller permittivity of the exterior face. FiPy's own tolerance can return the start value unsolved:
the linear solver is a direct one here, and a step ends when the ions no longer move, not when FiPy says so.
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

SWEEPS_MAX = 30


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
    """At the end of a run: potential (cells) RT/F, concentrations (ions, cells) mol/m3, charge of the driven wall's
    metal C/m2; moved: the largest change, relative to the bulk, in the last sweep of any step."""

    potential: Floats
    concentrations: Floats
    charge: float
    moved: float


def charge_between_walls(
    sizes: Floats,
    fluid: Electrolyte,
    drive: Callable[[float], float],
    duration: float,
    steps: int,
    tolerance: float = 1e-6,
) -> Answer:
    """Return the answer to drive(t) (RT/F) on the left wall; sizes (cells) m; tolerance relative to the bulk."""
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
    worst = 0.0
    before = values(ions)
    for k in range(steps):
        wall.setValue(drive((k + 1) * step))
        now = values(ions)
        for ion in ions:
            ion.updateOld()
        if k > 0:  # the first step is an implicit Euler step
            lead.setValue(1.5)
            for ion, past, new, old in zip(ions, history, now, before, strict=True):
                past.setValue(0.5 * (new - old) / step)
                ion.setValue(2.0 * new - old)
        before = now
        moved, sweeps = np.inf, 0
        while moved > tolerance and sweeps < SWEEPS_MAX:
            guess = values(ions)
            equation.sweep(dt=step, solver=solver)
            change = np.abs(values(ions) - guess).max(axis=1)
            moved, sweeps = float((change / fluid.concentrations).max()), sweeps + 1
        worst = max(worst, moved)
    drop = drive(duration) - float(phi.value[0])
    return Answer(np.array(phi.value), values(ions), wall_charge(fluid, float(sizes[0]), drop), worst)


def values(ions: Sequence[Any]) -> Floats:
    """Return the concentrations (ions, cells) as they stand."""
    return np.array([ion.value for ion in ions])


def coupled_equation(
    mesh: Any, fluid: Electrolyte, phi: Any, ions: Sequence[Any], history: Sequence[Any], lead: Any
) -> Any:
    """Return FiPy's coupled equation of phi and the ions.

    lead, history  turn FiPy's implicit Euler step into backward differences: lead (c - c_old)/dt = fluxes + history,
                   3/2 and (c_old - c_older)/(2 dt) for the second order
    """
    from fipy import DiffusionTerm, FaceVariable, ImplicitSourceTerm, TransientTerm

    inside = np.asarray(~mesh.exteriorFaces.value, float)
    half = 0.5 * np.asarray(mesh.cellVolumes)[np.ma.getdata(mesh.faceCellIDs)[0]]
    factor = np.where(inside > 0.0, 1.0, half / (half + compact_thickness(fluid)))
    # Over F^2/RT, so that charge counts in mol/m3.
    scale = GAS_CONSTANT * fluid.temperature / FARADAY**2
    dielectric = FaceVariable(mesh=mesh, value=fluid.permittivity * scale * factor)
    closed = FaceVariable(mesh=mesh, value=inside)
    migrating = FaceVariable(mesh=mesh, value=1.0) if fluid.open_wall else closed
    poisson = DiffusionTerm(coeff=dielectric, var=phi)
    for ion, z in zip(ions, fluid.charges, strict=True):
        poisson = poisson + ImplicitSourceTerm(coeff=float(z), var=ion)
    coupled = poisson == 0.0
    for ion, z, D, past in zip(ions, fluid.charges, fluid.diffusivities, history, strict=True):
        diffusion = DiffusionTerm(coeff=D * closed, var=ion)
        migration = DiffusionTerm(coeff=z * D * ion.arithmeticFaceValue * migrating, var=phi)
        coupled = coupled & (TransientTerm(coeff=lead, var=ion) == diffusion + migration + past)
    return coupled


def compact_thickness(fluid: Electrolyte) -> float:
    """Return the thickness (m) of the compact layer as if it had the electrolyte's permittivity."""
    return 0.0 if fluid.compact is None else fluid.permittivity / fluid.compact


def wall_charge(fluid: Electrolyte, first: float, drop: float) -> float:
    """Return the metal's charge (C/m2) for a drop (RT/F) from the wall to the centre of the first cell (size in m)."""
    volts = drop * GAS_CONSTANT * fluid.temperature / FARADAY
    return fluid.permittivity * volts / (0.5 * first + compact_thickness(fluid))
