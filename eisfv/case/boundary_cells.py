"""Hosts whose phase boundary asks for more cells than a mesh may have, or for so many that a run takes long.

A boundary passes anywhere in a film, so the cells of a stack are small everywhere in it: n = L/d of a thickness L, with
d as `eisfv.device.phases.boundary_cell` says. Those that the case sets itself are left to it.
"""

from collections.abc import Iterator

from eisfv.case.problems import Problem
from eisfv.device.device import Device
from eisfv.device.phases import CELLS, boundary_cell, unseparated
from eisfv.model.mesh_options import CELLS_SET_MAX

# A device of 3 052 cells took 184 Newton iterations to start and was not done in 30 s of processor time.
MANY = 1000


def faults(device: Device) -> Iterator[Problem]:
    """Yield hosts whose boundary asks for more cells than a case may set."""
    for number, text, cells in counted(device):
        if cells > CELLS_SET_MAX:
            yield Problem(
                ("device", "region", number, "thickness"), f"{text}, {CELLS_SET_MAX} are the most", whole=True
            )


def warnings(device: Device) -> Iterator[str]:
    """Give a line for every host whose boundary makes a run slow."""
    for _, text, cells in counted(device):
        if cells > MANY:
            yield f"{text}, and a run takes long"


def counted(device: Device) -> Iterator[tuple[int, str, float]]:
    """Give the regions of a stack whose boundary decides on their cells: number, what is told of it, cells."""
    for number, region in enumerate(device.regions if device.section is None else ()):
        host = region.material.host
        if host is None or region.name in device.mesh.cells or unseparated(host, device.temperature):
            continue
        cell = boundary_cell(host, device.temperature)
        cells = region.height / cell
        told = f"a boundary of {CELLS * cell * 1e9:.3g} nm between its phases takes {cells:.3g} cells"
        over = f'over {region.height * 1e6:.3g} µm; phase_separation = {{ model = "convex" }} needs none'
        yield number, f"region {region.name}: {told} {over}", cells
