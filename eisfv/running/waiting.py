"""Protocol steps that wait for something: what is told when it comes, and when it does not."""

from collections.abc import Callable
from typing import Any

from eisfv.errors import FAILED, EisfvError
from eisfv.model.steps import Step
from eisfv.simulation import Simulation

UNITS = {"voltage": "V", "current": "A", "conductance": "S", "x": ""}
MOST_TOLD = 100  # steps of a run: the tables tell of the others


class UnreachedError(EisfvError):
    """A protocol step came to its time limit, and what it waits for did not come.

    run  what was reached, where a whole case was run: an `eisfv.Run`
    """

    exit_code = FAILED
    run: Any = None


class Waiting:
    """The steps of a run that have waited."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self.log, self.told = log, 0

    def over(self, number: int, step: Step, simulation: Simulation) -> None:
        """Take a step (counted from 0) that is over. Raises UnreachedError."""
        until, state = step.until, simulation.state
        if until is None:
            return
        if not simulation.reached:
            thresholds = simulation.thresholds
            values = (f"{name} is {thresholds.value(name, state):.6g} {UNITS[name]}" for name in until.thresholds)
            raise UnreachedError(
                f"step {number + 1} of the protocol ends after {state.offset:.6g} s without {until.text} "
                f"({', '.join(map(str.strip, values))}), and the run ends there: give it a longer duration or another "
                "threshold"
            )
        self.told += 1
        if self.told <= MOST_TOLD:
            more = "; later ones are in the tables alone" if self.told == MOST_TOLD else ""
            self.log(f"step {number + 1} ended after {state.offset:.9g} s: {until.text}{more}")
