"""Numbers on logarithmic axes as they are read, 20 in place of 2 x 10^1, where all of them are short."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axis import Axis

SHORT = 1e-3, 1e4  # numbers that are written without a power of ten


def plain_ticks(axis: "Axis", values: np.ndarray) -> None:
    """Write the numbers of a logarithmic axis over values, in its unit, as they are where they are short."""
    from matplotlib.ticker import LogFormatter

    class Plain(LogFormatter):
        """Labels the ticks that matplotlib chooses, without exponents."""

        def __call__(self, x: float, pos: int | None = None) -> str:
            return f"{x:g}" if super().__call__(x, pos) else ""

    known = values[np.isfinite(values) & (values > 0.0)]
    if known.size and known.min() > SHORT[0] and known.max() < SHORT[1]:
        axis.set_major_formatter(Plain())
        axis.set_minor_formatter(Plain())
