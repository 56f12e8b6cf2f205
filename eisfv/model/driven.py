"""A step as it is driven: from where the source stands, between its corners, to its end."""

from dataclasses import replace
from math import ulp

from eisfv.model.ramps import Ramp
from eisfv.model.steps import OpenCircuitStep, Step

CLOCK = 16.0  # ulp of a time that is a sum of some


def begun(step: Step, level: float) -> Step:
    """Return a step as it is driven from a level (V or A) where the source stands: a ramp may begin there."""
    if isinstance(step, OpenCircuitStep) or not isinstance(step.value, Ramp):
        return step
    return replace(step, value=step.value.begun(level))


def known_before(step: Step) -> bool:
    """Return whether a step alone says what is driven, and for how long."""
    waits = isinstance(step.waveform, Ramp) and step.waveform.from_ is None
    return not waits and step.until is None


def corners(step: Step) -> list[float]:
    """Return the times (s) within a step where its drive is not smooth, and its end."""
    end = float(step.duration)
    clock = CLOCK * ulp(end)  # a corner at the end is the end
    return [corner for corner in step.waveform.corners() if 0.0 < corner < end - clock] + [end]


def extreme(step: Step) -> float:
    """Return the value of a step's drive that is largest in magnitude, V or A."""
    return 0.0 if isinstance(step, OpenCircuitStep) else step.waveform.extreme(step.duration)
