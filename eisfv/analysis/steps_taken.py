"""The stages of a run by TR-BDF2 as it took them, for the sweep backward of `eisfv.analysis.sensitivity`."""

from collections.abc import Callable
from typing import NamedTuple

from eisfv.solve.stage_records import Iterate, Source
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.tr_bdf2 import GAMMA, WEIGHT

MOST = 20_000  # accepted steps that are kept, as by `eisfv.running.tape`


class TakenStage(NamedTuple):
    """An implicit stage: where it ended, weight of its new flows (s), total current into the gate (mol/s), source."""

    at: Iterate
    dh: float
    current: float
    source: Source


class TakenStep(NamedTuple):
    """An accepted step (s): one stage of implicit Euler, or the two of TR-BDF2; the state at its end."""

    h: float
    stages: tuple[TakenStage, ...]


def taken(accepted: Accepted, source_at: Callable[[float], Source]) -> TakenStep:
    """Return an accepted step of TR-BDF2, or the implicit Euler step that left a corner; source_at: the drive at a time
    since its protocol step began (s)."""
    begin, h = accepted.start.offset, accepted.h
    if accepted.middle is None:
        ends = [(accepted.end, h, begin + h)]
    else:
        ends = [(accepted.middle, WEIGHT * h, begin + GAMMA * h), (accepted.end, WEIGHT * h, begin + h)]
    return TakenStep(h, tuple(TakenStage(s.at, dh, s.current, source_at(time)) for s, dh, time in ends))
