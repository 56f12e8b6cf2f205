"""`eisfv.check(case, refine=True)`: the mesh error of a case, by running its beginning on a mesh twice as fine."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from eisfv.case.case import Case
    from eisfv.device.tables import Floats
    from eisfv.observers.reported import Reported


def mesh_error(case: "Case", sizes: "Sequence[Floats] | None") -> Iterator[str]:
    """Give the lines: what is reported at the end of the first pulse, without one of what no block repeats, on the
    case's mesh and on one of halved cells.

    The error is the difference times 4/3, what a second-order scheme leaves; the time steps' error is kept below it.
    sizes  of the cells (m), `eisfv.running.choice.Choice.sizes`; None: by the case's lengths
    """
    from eisfv.device.section_geometry import GmshSection
    from eisfv.running.numerical_error import GIVEN, SAME, difference
    from eisfv.simulation import SolverError

    if isinstance(case.device.section, GmshSection):
        yield "warning: --refine splits cells of rectangles; refine a drawn mesh where it was drawn"
        return
    try:
        (cells, own), (more, fine) = (followed(case, sizes, split) for split in (1, 2))
    except SolverError as failure:
        yield f"warning: --refine stopped: {failure}"
        return
    yield ""
    yield f"mesh error of the first {len(own.rows) - 1} protocol steps: {cells} cells against {more}"
    scale = own.scale
    apart = 4.0 / 3.0 * difference(own.rows, fine.rows, scale)
    counts = [q for q in range(len(own.names)) if scale[:, q].max() > own.noise[q] and apart[:, q].max() > GIVEN]
    for q in counts:
        k = int(np.argmax(apart[:, q]))
        changes = [f"{np.diff(rows[:, q])[k]:.6e}" for rows in (own.rows, fine.rows)]
        error = max(float(apart[k, q]), SAME)
        yield f"  {own.names[q]:34}{changes[0]:>14} {own.units[q]:4}{changes[1]:>14} {own.units[q]:4} error {error:.1e}"
    if not counts:
        yield "  nothing to measure: nothing that is reported changes; see a longer protocol or a larger drive"


def followed(case: "Case", sizes: "Sequence[Floats] | None", split: int) -> "tuple[int, Reported]":
    """Return the number of cells of a mesh and what the beginning of the protocol reports on it. Raises SolverError."""
    from itertools import islice

    from eisfv.device.meshing import split_mesh
    from eisfv.observers.readout import ChannelReadout
    from eisfv.observers.reported import Reported
    from eisfv.running.extents import beginning
    from eisfv.simulation import Simulation

    options = replace(case.solver, tolerance=min(case.solver.tolerance or 1.0, 1e-4))
    mesh = split_mesh(case.device, sizes, split)
    simulation = Simulation(case.device, options, mesh)
    reported = Reported(simulation.built, ChannelReadout(simulation.built), simulation.state)
    for step in islice(case.protocol, beginning(case.protocol)):
        for accepted in simulation.drive(step):
            reported.accept(accepted)
        reported.end(step, simulation.state)
        if step.pulse:
            break
    return mesh.cells, reported
