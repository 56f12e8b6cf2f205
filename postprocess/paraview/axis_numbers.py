"""Numbers on the axes and bars of `standard_views`: prefixes, round numbers, the digits that tell them apart."""

from itertools import pairwise
from math import ceil, floor, log10

TICKS = 5
NEAR = 1e-6  # of a step: an end that is a round number keeps its tick
PREFIXES = {-18: "a", -15: "f", -12: "p", -9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}


def prefix(size: float, unit: str) -> tuple[float, str]:
    """Return the factor from SI and the prefixed unit that suit a size."""
    power = min(max(3 * floor(log10(size * 1.000001) / 3), min(PREFIXES)), max(PREFIXES))
    return 10.0**-power, PREFIXES[power] + unit


def ticks(low: float, high: float, count: int = TICKS) -> list[float]:
    """Return round numbers between two ends, at most count + 1 of them."""
    rough = (high - low) / count
    step = next(m for m in (1.0, 2.0, 5.0, 10.0) if m * 10.0 ** floor(log10(rough)) >= 0.999 * rough)
    step *= 10.0 ** floor(log10(rough))
    first, last = ceil(low / step - NEAR), floor(high / step + NEAR)
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)]


def digits(numbers: list[float]) -> str:
    """Return the format that tells numbers apart, all with the same digits."""
    largest = max(map(abs, numbers), default=1.0) or 1.0
    step = min((after - before for before, after in pairwise(numbers)), default=largest)
    if 1e-3 <= largest < 1e5:
        return f"%.{max(0, -floor(log10(step * 1.001)))}f"
    return f"%.{max(0, floor(log10(largest)) - floor(log10(step * 1.001)))}e"


def decades(low: float, high: float) -> list[float]:
    """Return powers of ten between two ends, few enough to be read; the ends where there is none."""
    first, last = -floor(-log10(low)), floor(log10(high))
    found = [10.0**k for k in range(first, last + 1, max(1, (last - first) // TICKS))]
    return found if len(found) > 1 else [float(f"{low:.2g}"), float(f"{high:.2g}")]
