"""Is what a finished device tells right? Three checks of a run, none of which the solver imposes on itself.

kept   the ions that no contact lets pass are still there (`eisfv.observers.ion_balance`)
flat   every region carries the same current (`eisfv.observers.flatness`)
same   with an eighth of the tolerance of a time step and a hundredth of Newton's, the changes of all that a run
       reports (charge, voltage, conductance, contents of the regions) within a protocol step differ by

           |f_T - f_(T/8)| / scale < 1e-2

       and the states at the end by

           sum over the cells |n_T - n_(T/8)|  <  1e-2 sum over the cells |n_(T/8)(t) - n_(T/8)(0)|

       for every ion. scale as in `eisfv.observers.reported`, where a change beside larger ones counts as a tenth of
       them; 1e-2 is where `eisfv run` calls a figure not resolved (`eisfv.running.numerical_error`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from eisfv.case import Case
from eisfv.device.tables import Floats
from eisfv.equations.enclosed import enclosed
from eisfv.model.solver_options import SolverOptions
from eisfv.observers.flatness import Flatness
from eisfv.observers.ion_balance import IonBalance
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import NOISE_VALUE, ONE, Reported
from eisfv.running.numerical_error import TIGHTER, difference
from eisfv.simulation import Simulation
from eisfv.stepping.state import amounts

TIGHTER_NEWTON = 100.0


@dataclass(frozen=True)
class Told:
    """What a run has told: `Reported`, and what its cells hold (cells, species) at its start and at its end in mol."""

    reported: Reported
    begun: Floats
    ended: Floats
    ions: list[int]


class Watched:
    """A simulation whose run is looked at."""

    def __init__(self, case: Case, options: SolverOptions) -> None:
        self.protocol = case.protocol
        self.simulation = simulation = Simulation(case.device, options)
        built = simulation.built
        self.reported = Reported(built, ChannelReadout(built), simulation.state)
        self.laws = (IonBalance(built), Flatness(built))
        self.begun = amounts(built.tables, simulation.state)

    def run(self) -> None:
        """Drive the protocol; SolverError where it stops short."""
        for step in self.protocol:
            driven = self.simulation.begun(step)
            for observer in (self.reported, *self.laws):
                observer.begin(driven, self.simulation.state.begun())
            for accepted in self.simulation.drive(driven):
                for observer in (self.reported, *self.laws):
                    observer.accept(accepted)
            self.reported.end(driven, self.simulation.state)

    def reached(self) -> str:
        """Return how far the run has come, and what its steps are of."""
        simulation, mesh = self.simulation, self.simulation.built.mesh
        step, steps = simulation.driven, simulation.integrator.counts.accepted
        counts = np.bincount(mesh.region[: mesh.cells], minlength=len(mesh.regions))[: len(mesh.regions)]
        finest = int(counts.argmax())
        where = f"{steps} steps to {simulation.state.offset:.3g} of {step.duration:.3g} s" if step else "no step"
        row = len(self.reported.endings) + 1
        return f"{where} of protocol step {row}; {mesh.cells} cells, {counts[finest]} of them in {mesh.regions[finest]}"

    def broken(self) -> Iterator[str]:
        """Give a line for every law that the run has broken."""
        for law in self.laws:
            yield from law.warnings()

    def told(self) -> Told:
        """Return what the run has told."""
        tables = self.simulation.built.tables
        return Told(self.reported, self.begun, amounts(tables, self.simulation.state), enclosed(tables))


def tighter(options: SolverOptions) -> SolverOptions:
    """Return the options of the second run."""
    whole = options.completed()
    return replace(whole, tolerance=whole.step_tolerance / TIGHTER, newton=whole.newton_tolerance / TIGHTER_NEWTON)


def apart(one: Told, tight: Told) -> tuple[float, str]:
    """Return the largest relative difference of two runs and what it is of."""
    reported = tight.reported
    scale = np.maximum(reported.scale, one.reported.scale)
    counts = scale.max(axis=0) > np.maximum(reported.noise, one.reported.noise)
    found = difference(one.reported.rows, reported.rows, scale)[:, counts]
    names = [name for name, counted in zip(reported.names, counts, strict=True) if counted]
    worst = [
        (float(found[:, q].max()), f"{name}, step {int(found[:, q].argmax()) + 1}") for q, name in enumerate(names)
    ]
    moved = np.abs(tight.ended - tight.begun).sum(axis=0)
    between = np.abs(one.ended - tight.ended).sum(axis=0)
    still = np.maximum(NOISE_VALUE * np.abs(tight.begun).sum(axis=0), ONE)
    worst += [
        (float(between[s] / moved[s]), f"{reported.built.species[s]} at the end")
        for s in tight.ions
        if moved[s] > still[s]
    ]
    return max(worst, default=(0.0, "nothing changes"))
