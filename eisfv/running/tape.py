"""The accepted steps of a run, kept so that its observers may look at them again with another read-out.

Under a given current the conductivity of a host changes no trajectory that the terminals see: the conductance is read
from what the cells hold. What a tape was recorded with must differ from what it is played to in the read-out alone.
"""

from collections.abc import Callable, Iterator

from eisfv.model.steps import Step
from eisfv.simulation import Simulation
from eisfv.stepping.accepted import Accepted

Drive = Callable[[Step, bool], Iterator[Accepted]]
MOST = 20_000  # accepted steps: of a stack some hundred megabytes


class Tape:
    """steps: of each protocol step the accepted ones, and whether what it waits for was reached; full: they are too
    many to keep."""

    def __init__(self) -> None:
        self.steps: list[list[tuple[Accepted, bool]]] = []
        self.count, self.full, self.recorded = 0, False, False

    def of(self, simulation: Simulation) -> Drive:
        """Return what drives a simulation: it plays what is recorded, else it records."""
        played = iter(self.steps)

        def play(step: Step, resume: bool = False) -> Iterator[Accepted]:
            simulation.state = simulation.state.begun()
            for accepted, reached in next(played):
                simulation.state, simulation.reached = accepted.end, reached
                yield accepted

        def record(step: Step, resume: bool = False) -> Iterator[Accepted]:
            kept: list[tuple[Accepted, bool]] = []
            self.steps.append(kept)
            for accepted in simulation.drive(step, resume):
                if not self.full:
                    kept.append((accepted, simulation.reached))
                    self.count += 1
                    self.full = self.count > MOST
                yield accepted

        return play if self.recorded else record
