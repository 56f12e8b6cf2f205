"""The two-phase regions of a device's hosts: what is told of them, and the cells that their boundaries need."""

from collections.abc import Iterator
from math import pi, sqrt
from typing import TYPE_CHECKING

import numpy as np

from eisfv.constants import thermal_voltage
from eisfv.model.materials import Host
from eisfv.model.miscibility import Gap, falls, gaps
from eisfv.model.phase_separation import ConvexHull, GradientEnergy, boundary_energy, boundary_width

if TYPE_CHECKING:  # else reading a case would load the linear algebra of a build
    from eisfv.device.build import Built

# Cells in the width of a boundary. With 5 and 2.5 of them the plateau of a regular solution ripples by 0.002 and
# 0.005 mV, with 1.7 by 2 mV, with 0.9 by 14 mV: the boundary sticks to the cells. Every second face leaves 2.5.
CELLS, FEWEST = 5.0, 2.5


def boundary_cell(host: Host | None, temperature: float) -> float:
    """Return the largest cell (m) of a host's mesh for the narrowest of its boundaries, inf without one."""
    if host is None or not isinstance(host.phase_separation, GradientEnergy):
        return float("inf")
    kappa = host.kappa(temperature)
    widths = [boundary_width(kappa, gap) for gap in host.gaps(temperature)]
    return min(widths, default=float("inf")) / CELLS


def coarse_boundaries(built: "Built") -> Iterator[str]:
    """Give a line for every host whose cells are too large for a boundary."""
    mesh, device = built.mesh, built.device
    for number, region in enumerate(device.regions):
        width = CELLS * boundary_cell(region.material.host, device.temperature)
        inside = (mesh.interface < 0) & (mesh.region[mesh.left] == number)
        largest = float(mesh.distance[inside].max()) if inside.any() else 0.0
        if FEWEST * largest > width:
            remedy = f"take cells of {width / CELLS * 1e9:.2g} nm where a boundary passes"
            told = f"the boundary between its phases is {width * 1e9:.3g} nm wide, its cells {largest * 1e9:.3g} nm"
            yield f"{region.name}: {told}; a boundary sticks to such cells, {remedy}"


def phase_lines(built: "Built") -> Iterator[str]:
    """Give a line for every two phases of every host: what the model of their separation means."""
    device = built.device
    for region in device.regions:
        host = region.material.host
        if host is None or host.phase_separation is None:
            continue
        volt = thermal_voltage(device.temperature) / host.working_ion.charge
        kappa, sites = host.kappa(device.temperature), host.working_ion.density
        curve = host.open_circuit.curve(host.working_ion.charge, device.temperature)
        for gap in host.gaps(device.temperature):
            told = f"{region.name}: two phases x = {gap.low:.4g} | {gap.high:.4g} at U = {-gap.level * volt:.5g} V"
            if isinstance(host.phase_separation, ConvexHull):
                yield f"{told}, everywhere side by side on the common tangent: no boundary, no overshoot"
                continue
            ends = np.array(gap.spinodal)
            y = np.log(np.concatenate([ends, np.linspace(*gap.spinodal, 101)]))
            x = np.exp(y)
            y -= np.log1p(-x)
            above = (gap.level + curve.value(y[:2])) * volt
            softest = float((-curve.slope(y[2:]) / (x[2:] * (1.0 - x[2:]))).min())
            width, energy = boundary_width(kappa, gap), boundary_energy(kappa, gap, sites, device.temperature)
            yield (
                f"{told}, a boundary of {width * 1e9:.3g} nm and {energy:.3g} J/m^2; a film is uniform up to the "
                f"spinodal, x = {ends[0]:.4g} | {ends[1]:.4g} with U {above[0] * 1e3:+.4g} | {above[1] * 1e3:+.4g} mV "
                f"off the plateau, and below {pi * sqrt(kappa / -softest) * 1e9:.3g} nm always"
            )


def unseparated(host: Host, temperature: float) -> str:
    """Return what is wrong with a host whose U(x) rises or is level and says nothing of phases, or the reverse; ""
    where nothing is."""
    curve = host.open_circuit.curve(host.working_ion.charge, temperature)
    if falls(curve):
        return "" if host.phase_separation is None else "falls everywhere: nothing separates; remove phase_separation"
    found = gaps(curve)
    level = " and ".join(_between(gap) for gap in found if gap.barrier == 0.0)
    rising = " and ".join(_between(gap) for gap in found if gap.barrier > 0.0)
    if isinstance(host.phase_separation, GradientEnergy) and level:
        return (
            f"is level from x = {level}: phases without a barrier have no boundary of a width; give the table its "
            'overshoots there, or take phase_separation = { model = "convex" }'
        )
    if host.phase_separation is not None:
        return ""
    if not rising:
        return (
            f"is level from x = {level}, where nothing drives an ion from full to empty; give its material "
            'phase_separation = { model = "convex" } (two phases side by side everywhere, no boundary)'
        )
    points = getattr(host.open_circuit, "x", ())
    if points and len(found) == 1 and np.allclose(found[0].spinodal, (points[0], points[-1]), rtol=1e-3):
        return (
            "rises everywhere, and that of a host falls as it takes ions; count x from the empty host, or turn U round"
        )
    return (
        f"rises from x = {rising}, where a uniform host is unstable; give its material "
        'phase_separation = { model = "convex" } (the plateau, no boundary) or { model = "gradient", width = ... } '
        "(a boundary of that width)"
    )


def _between(gap: Gap) -> str:
    return f"{gap.spinodal[0]:.4g} to {gap.spinodal[1]:.4g}"
