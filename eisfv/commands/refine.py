"""`eisfv check --refine`: the mesh error of a case, by running its beginning on a mesh twice as fine."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eisfv.case.case import Case


def mesh_error(case: "Case") -> Iterator[str]:
    """Give the lines: filling of the channel after the first pulse on the case's mesh and on one of halved cells.

    The error is the difference times 4/3, what a second-order scheme leaves; the time steps' error is kept below it.
    """
    from eisfv.device.meshing import mesh_of
    from eisfv.device.section_geometry import GmshSection
    from eisfv.observers.readout import ChannelReadout
    from eisfv.simulation import Simulation, SolverError

    device = case.device
    if isinstance(device.section, GmshSection):
        yield "warning: --refine splits cells of rectangles; refine a drawn mesh where it was drawn"
        return
    options = replace(case.solver, tolerance=min(case.solver.tolerance, 1e-4))

    def change(split: int) -> tuple[int, float]:
        mesh = mesh_of(device, split)
        simulation = Simulation(device, options, mesh)
        channel = ChannelReadout(simulation.built)
        before = channel.filling(simulation.state)
        for step in case.protocol:
            before = channel.filling(simulation.state)
            simulation.run(step)
            if step.pulse:
                break
        return mesh.cells, channel.filling(simulation.state) - before

    try:
        (cells, coarse), (more, fine) = change(1), change(2)
    except SolverError as failure:
        yield f"warning: --refine stopped: {failure}"
        return
    yield ""
    yield f"first pulse, change of the channel's filling: {coarse:.6e} on {cells} cells, {fine:.6e} on {more}"
    if fine != 0.0:
        yield f"mesh error of the case: {abs(4.0 / 3.0 * (coarse / fine - 1.0)):.1e} of it"
