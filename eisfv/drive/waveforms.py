"""What the source does within one protocol step, as a function of the time since its start."""

from dataclasses import dataclass
from typing import Protocol


class Waveform(Protocol):
    """Value in V or A at a time from the start of the step, and the times where it is not smooth."""

    def value(self, t: float) -> float: ...

    def corners(self) -> tuple[float, ...]: ...


@dataclass(frozen=True)
class Constant:
    level: float

    def value(self, t: float) -> float:
        return self.level

    def corners(self) -> tuple[float, ...]:
        return ()


@dataclass(frozen=True)
class PiecewiseLinear:
    """Straight lines through (time, level); constant before the first and after the last point."""

    times: tuple[float, ...]
    levels: tuple[float, ...]

    def value(self, t: float) -> float:
        times, levels = self.times, self.levels
        if t <= times[0]:
            return levels[0]
        for k in range(1, len(times)):
            if t <= times[k]:
                share = (t - times[k - 1]) / (times[k] - times[k - 1])
                return levels[k - 1] + share * (levels[k] - levels[k - 1])
        return levels[-1]

    def corners(self) -> tuple[float, ...]:
        return self.times
