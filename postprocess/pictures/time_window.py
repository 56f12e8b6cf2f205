"""A stretch of a run's time, as somebody writes it: "10 s", "2 h", or "pulse 3" for its start or its end."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np

from eisfv.result import ResultError, Run
from eisfv.units import UnitError, parse

PULSE = re.compile(r"pulse\s+([1-9]\d*)")
ROUNDING = 1e-12  # of a time: what an end may miss its row by


@dataclass(frozen=True)
class Window:
    """From start to end, s; origin: where the axis of time begins, s, and what it is called."""

    start: float = -inf
    end: float = inf
    origin: float = 0.0
    since: str = ""

    def rows(self, table: str, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the rows of a table within; pulses are within as a whole."""
        first, last = ("t_start_s", "t_end_s") if table == "pulses" else ("time_s", "time_s")
        size = next(iter(columns.values())).size
        if self.start == -inf and self.end == inf:
            return np.arange(size)
        slack = ROUNDING * max(abs(time) for time in (self.start, self.end) if abs(time) < inf)
        within = (columns[first] >= self.start - slack) & (columns[last] <= self.end + slack)
        return np.flatnonzero(within)


def window_of(run: Run, start: str | None, end: str | None) -> Window:
    """Return the window of two texts. Raises ResultError where one is no time or the window is empty."""
    pulse = start is not None and PULSE.fullmatch(start.strip()) is not None
    early = -inf if start is None else moment_of(run, "--from", start, "t_start_s")
    late = inf if end is None else moment_of(run, "--to", end, "t_end_s")
    if not early < late:
        raise ResultError(f'--to "{end}" is not after --from "{start}"; write the earlier time first')
    return Window(early, late, early, f"{start} began") if pulse else Window(early, late)


def moment_of(run: Run, option: str, text: str, of_pulse: str) -> float:
    """Return a time, s. Raises ResultError."""
    if match := PULSE.fullmatch(text.strip()):
        count = len(run.pulses.get("index", ()))
        if int(match[1]) > count:
            raise ResultError(f'{run.path}: {option} "{text}": the run has {count} pulses')
        return float(run.pulses[of_pulse][int(match[1]) - 1])
    try:
        return parse(text, "time")
    except UnitError as error:
        raise ResultError(f'{option} "{text}" {error.reason}, or "pulse 3"') from None
