"""The mesh of a stack, and the tolerance of its time steps, from cheap runs on coarse meshes.

1. Three pilots, each on every second face of what the one before asks for, at a loose tolerance.
2. Pilots on every second and every fourth face of the last: their difference over 12 is the error to expect on all
   faces, e ~ N^-2, and N follows from the error that is asked for. Where the driven front or wall has not reached its
   order the companions of the run tell.
3. The same on all and on every second of these faces; where the error is still larger than asked for, N grows once.
4. A pilot at the run's tolerance: where the error of its time steps is too large, T falls by e ~ T^(2/3).

Half of `mesh.error` is for the mesh, half for the time steps. The pilots follow the protocol, long blocks shortened.
"""

import time as clock
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eisfv.case.case import Case
from eisfv.device.device import Device
from eisfv.device.section_geometry import SectionGeometry
from eisfv.device.stack import sizes_of, stack_of
from eisfv.device.tables import Floats
from eisfv.errors import FAILED, EisfvError
from eisfv.mesh.equidistribution import Layer, equidistributed
from eisfv.mesh.grading import joined
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.protocol import Block, Protocol, Step
from eisfv.model.solver_options import SolverOptions
from eisfv.observers.indicator import Indicator
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import Reported
from eisfv.running.numerical_error import FOURFOLD, LOOSER, POWER, SECOND, difference, time_share
from eisfv.simulation import Simulation, SolverError
from eisfv.solve.equilibrium import EquilibriumError
from eisfv.solve.errors import SetupError

START = MeshOptions(first=0.5, growth=1.3, host_growth=1.3, largest=0.08)
CELLS, FEWEST_CELLS = 240, 64
PASSES = 3
MARGIN = 1.1
LOOSEST = 0.5
TIGHTEST = 1e-7
MOST_DRIVEN = 60  # protocol steps of a pilot
STEPS_EACH, STEPS_FREE = 400, 4000  # accepted or refused steps of a pilot before it is given up


@dataclass(frozen=True)
class Choice:
    """What the pilots have chosen. sizes: cells of every region, m; expected: error of the mesh; wall s."""

    sizes: tuple[Floats, ...]
    tolerance: float
    pilots: int
    expected: float
    wall: float

    @property
    def line(self) -> str:
        """Return the line for the log."""
        cells, smallest = sum(map(len, self.sizes)), min(float(size.min()) for size in self.sizes)
        return (
            f"mesh: {cells} cells from {self.pilots} pilots ({self.wall:.1f} s), smallest {smallest * 1e9:.3g} nm; "
            f"error to expect {self.expected:.1e}; tolerance of a time step {self.tolerance:.2g}"
        )

    def written(self) -> dict[str, object]:
        """Return what the provenance keeps."""
        return {"pilots": self.pilots, "wall_time_s": self.wall, "expected_error": self.expected}


class PilotError(EisfvError):
    """A pilot found no solution in reasonable time."""

    exit_code = FAILED


def shortened(entries: Sequence[Block | Step], most: int) -> tuple[Block | Step, ...]:
    """Return the entries of a protocol with every block repeated at most so often."""
    return tuple(
        replace(entry, repeat=min(entry.repeat, most), steps=shortened(entry.steps, most))
        if isinstance(entry, Block)
        else entry
        for entry in entries
    )


def pilot_protocol(protocol: Protocol) -> Protocol:
    """Return the protocol, its blocks repeated as often as `MOST_DRIVEN` steps allow, at least once."""
    most = max((entry.repeat for entry in protocol.entries if isinstance(entry, Block)), default=1)
    found = protocol
    while len(found) > MOST_DRIVEN and most > 1:
        most = (most + 1) // 2
        found = Protocol(shortened(protocol.entries, most))
    return found


class Pilots:
    """The pilots of one case. stopped: raises KeyboardInterrupt when the user asks to stop."""

    def __init__(self, case: Case, stopped: Callable[[], None]) -> None:
        self.case, self.stopped = case, stopped
        self.protocol = pilot_protocol(case.protocol)
        self.count = 0

    def run(self, sizes: Sequence[Floats], tolerance: float) -> tuple[Reported, Indicator]:
        """Return what a pilot on these cells has seen. Raises PilotError."""
        self.count += 1
        # On one process, whatever solves the run.
        options = replace(self.case.solver, tolerance=min(tolerance, LOOSEST), linear="auto", petsc="")
        try:
            simulation = Simulation(self.case.device, options, stack_of(self.case.device, sizes))
            reported = Reported(simulation.built, ChannelReadout(simulation.built), simulation.state)
            indicator = Indicator(simulation.built, simulation.state)
            for step in self.protocol:
                for accepted in simulation.drive(step):
                    self.stopped()
                    counts = simulation.integrator.counts
                    if counts.accepted + counts.rejected + counts.cut > STEPS_EACH * len(self.protocol) + STEPS_FREE:
                        raise PilotError(f"more than {counts.accepted} steps on {simulation.built.mesh.cells} cells")
                    reported.accept(accepted)
                    indicator.accept(accepted)
                reported.end(step, simulation.state)
        except (SolverError, SetupError, EquilibriumError) as error:
            raise PilotError(str(error)) from error
        return reported, indicator

    def meshed(self, layers: Sequence[Layer], cells: int) -> list[Floats]:
        """Return the cell sizes (m) of the regions: those that the case gives, the others from their layers."""
        device = self.case.device
        own = [region.name in device.mesh.cells for region in device.regions]
        given = sizes_of(device)
        found = iter(equidistributed([layer for layer, by_hand in zip(layers, own, strict=True) if not by_hand], cells))
        return [size if by_hand else next(found) for size, by_hand in zip(given, own, strict=True)]

    def half(self, sizes: Sequence[Floats]) -> list[Floats]:
        """Return the cells between every second face; regions that the case cuts itself stay."""
        names = [region.name for region in self.case.device.regions]
        return [s if name in self.case.device.mesh.cells else joined(s) for name, s in zip(names, sizes, strict=True)]

    def choose(self) -> Choice:
        """Return the mesh and the tolerance. Raises PilotError."""
        start = clock.monotonic()
        case, target = self.case, 0.5 * self.case.device.mesh.error
        tolerance, loose = case.solver.tolerance, LOOSER * case.solver.tolerance
        sizes = sizes_of(replace(case.device, mesh=replace(START, cells=case.device.mesh.cells)))
        for _ in range(PASSES):
            layers = self.run(sizes, loose)[1].layers()
            sizes = self.half(self.meshed(layers, CELLS))
        half = self.run(sizes, loose)[0]
        quarter = self.run(self.half(sizes), loose)[0]
        expected = apart(half, quarter) / FOURFOLD
        wanted = CELLS * float(np.sqrt(max(expected, 1e-12) / target))
        cells = int(min(max(wanted, FEWEST_CELLS), case.device.mesh.cells_max))
        if tolerance == SolverOptions.tolerance:
            tight = self.run(sizes, tolerance)[0]
            off = time_share(LOOSER) * apart(tight, half)
            tolerance = max(tolerance * min(1.0, (target / max(off, 1e-12)) ** (1.0 / POWER)), TIGHTEST)
        final = self.meshed(layers, cells)
        found = apart(self.run(final, loose)[0], self.run(self.half(final), loose)[0]) / SECOND
        if found > case.device.mesh.error and cells < case.device.mesh.cells_max:
            before = sum(map(len, final))
            more = MARGIN * before * float(np.sqrt(found / target))
            final = self.meshed(layers, int(min(more, case.device.mesh.cells_max)))
            found *= (before / sum(map(len, final))) ** 2
        return Choice(tuple(final), tolerance, self.count, found, clock.monotonic() - start)


def apart(one: Reported, other: Reported) -> float:
    """Return the largest relative difference of what two pilots report, of what changes by more than rounding."""
    scale = one.scale
    counts = scale.max(axis=0) > one.noise
    return float(difference(one.rows, other.rows, scale)[:, counts].max(initial=0.0))


def by_solution(device: Device) -> bool:
    """Return whether the mesh of a device is chosen by pilots: a stack whose case does not cut all its regions."""
    section: SectionGeometry | None = device.section
    return section is None and device.mesh.by_solution and any(r.name not in device.mesh.cells for r in device.regions)
