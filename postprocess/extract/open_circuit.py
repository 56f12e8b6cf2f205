"""The open-circuit voltage against the conductance, from the ends of the rests at open circuit.

V is gate minus channel. In a device with leakage or unequal hosts it still moves at the end of a rest; the window says
how long the rests were.
"""

from collections.abc import Sequence

import numpy as np

from eisfv.postprocess.protocol import OPEN_CIRCUIT
from eisfv.postprocess.quantities.prefixes import duration_text, quantity
from eisfv.postprocess.regression import straight_line
from eisfv.postprocess.step_rows import bounds, completed

from .means import slope_of
from .measured import Measured, Topic
from .reading import Source
from .wording import counted

END = 0.1  # of a rest: its last row must lie in this last part
SHOWN = 64  # rows of the table; of more rests means over equal parts of their number, sorted by G
APART = 1.01  # largest over smallest conductance, at least, for a slope


def measure_open_circuit(sources: Sequence[Source]) -> Topic:
    """Return ocv_slope (V per decade of G) and ocv_middle (V at the geometric middle of G), and the table."""
    parts = [ends_of(source) for source in sources]
    g, v, length = (np.concatenate([part[k] for part in parts]) for k in range(3))
    if not g.size:
        there = any((source.steps.drive == OPEN_CIRCUIT).any() for source in sources)
        why = "no rest at open circuit has a row of terminals.csv at its end"
        return missing(why if there else "the gate is never at open circuit")
    order = np.argsort(g, kind="stable")
    g, v = g[order], v[order]
    table = {"open_circuit": dict(zip(("conductance_S", "voltage_V"), gathered(g, v), strict=True))}
    spans = " to ".join(dict.fromkeys(duration_text(float(end)) for end in (length.min(), length.max())))
    window = f"ends of {counted(g.size, 'rest')} of {spans}, {quantity(g[0], 'S')} to {quantity(g[-1], 'S')}"
    if g.size < 3 or g[-1] < APART * g[0]:
        why = f"a slope needs three rests at conductances {APART - 1.0:.0%} apart: {window}"
        return Topic(missing(why).quantities, table)
    decades = np.log10(g)
    middle = 0.5 * (decades[0] + decades[-1])
    line = straight_line(decades, v)
    assert line is not None
    at_middle = float(np.interp(middle, decades, v))
    quantities = {
        "ocv_slope": slope_of(line, "V/decade", window),
        "ocv_middle": Measured(
            at_middle, "V", points=g.size, window=f"at {quantity(10.0**middle, 'S')} between {window}"
        ),
    }
    return Topic(quantities, table)


def ends_of(source: Source) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return conductance (S), voltage (V) and length (s) of a run's rests at open circuit, at their ends."""
    steps, table = source.steps, source.run.terminals
    if not table.get("step", np.empty(0)).size or not (table["conductance_S"] > 0.0).any():
        return np.empty(0), np.empty(0), np.empty(0)
    rests = (steps.drive == OPEN_CIRCUIT) & ~steps.pulse
    rests &= np.arange(rests.size) < completed(table, steps.duration)
    first, last = (row[rests] for row in bounds(table, rests.size))
    length = steps.duration[rests]
    there = (last > first) & (table["step_time_s"][last - 1] >= (1.0 - END) * length)
    row = last[there] - 1
    return table["conductance_S"][row], table["voltage_V"][row], length[there]


def gathered(g: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows, of many the means of parts of equal number."""
    if g.size <= SHOWN:
        return g, v
    edges = np.linspace(0, g.size, SHOWN + 1).round().astype(int)
    count = np.diff(edges)
    return np.add.reduceat(g, edges[:-1]) / count, np.add.reduceat(v, edges[:-1]) / count


def missing(why: str) -> Topic:
    """Return the quantities as null with the reason."""
    return Topic({"ocv_slope": Measured(None, "V/decade", reason=why), "ocv_middle": Measured(None, "V", reason=why)})
