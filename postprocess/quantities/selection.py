"""Which rows of a table a quantity is made of: the `select` of expected.toml, parts joined with commas.

all              every row
rows A to B      of the whole table, from 1, both included; several of them add up
potentiating     rows of pulses or measures with an amplitude above zero
depressing       rows of pulses or measures with an amplitude below zero
step N           rows of terminals in a step of the protocol, counted from 1 as they are driven
spectrum N       rows of impedance in a spectrum, counted from 1 as they are taken
from T1 to T2    rows of terminals in a stretch of time, both ends included: "from 10 s to 1 h"
first N, last N  of the rows that the other parts leave
at T             of terminals, alone: the value at a time, between rows on a straight line: "at 3600 s"
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.errors import EisfvError
from eisfv.units import UnitError, parse

EXAMPLES = (
    'write all, "first 10", "last 10", "rows 11 to 20", potentiating, depressing, "step 2", "spectrum 1", '
    '"at 3600 s" or "from 10 s to 1 h"'
)
COUNTED = re.compile(r"(first|last) ([1-9]\d*)")
ROWS = re.compile(r"rows ([1-9]\d*) to ([1-9]\d*)")
STEP = re.compile(r"step ([1-9]\d*)")
SPECTRUM = re.compile(r"spectrum ([1-9]\d*)")
SPAN = re.compile(r"from (.+) to (.+)")
SIGNS = {"potentiating": 1.0, "depressing": -1.0}


class SelectionError(EisfvError):
    """A selection that cannot be read or that leaves nothing; the message reads on after the quoted text."""


@dataclass(frozen=True)
class Selection:
    """rows: stretches [start, stop) from 0; span and at: s; sign: of the amplitude, 0 for both; step, spectrum: 0 for
    all; count: first and last of what is left."""

    text: str
    rows: tuple[tuple[int, int], ...] = ()
    sign: float = 0.0
    span: tuple[float, float] | None = None
    counts: tuple[tuple[str, int], ...] = ()
    at: float | None = None
    step: int = 0
    spectrum: int = 0


LONGEST = 200  # characters


def parse_selection(text: str, table: str) -> Selection:
    """Return the selection of a text for one of pulses, terminals, profiles. Raises SelectionError."""
    if len(text) > LONGEST:
        raise SelectionError(f"has {len(text)} characters; {EXAMPLES}")
    parts = [part.strip() for part in text.split(",")]
    rows, counts, sign, span, at, step, spectrum = [], [], 0.0, None, None, 0, 0
    for part in parts:
        if match := COUNTED.fullmatch(part):
            counts.append((match[1], int(match[2])))
        elif match := ROWS.fullmatch(part):
            start, stop = int(match[1]) - 1, int(match[2])
            if stop <= start:
                raise SelectionError(f'has "{part}", which is no row; write the smaller number first')
            rows.append((start, stop))
        elif part in SIGNS:
            _only(part, table, "pulses", "measures")
            if sign:
                raise SelectionError("asks for the sign of the amplitude twice; write one of them")
            sign = SIGNS[part]
        elif match := SPAN.fullmatch(part):
            _only(part, table, "terminals")
            span = (_time(part, match[1]), _time(part, match[2]))
            if span[1] <= span[0]:
                raise SelectionError(f'has "{part}", which is no stretch of time; write the earlier time first')
        elif match := STEP.fullmatch(part):
            _only(part, table, "terminals")
            step = int(match[1])
        elif match := SPECTRUM.fullmatch(part):
            _only(part, table, "impedance")
            spectrum = int(match[1])
        elif part.startswith("at "):
            _only(part, table, "terminals")
            if len(parts) > 1:
                raise SelectionError(f'has "{part}" and more; a single time stands alone')
            at = _time(part, part.removeprefix("at "))
        elif part != "all":
            raise SelectionError(f'has "{part}"; {EXAMPLES}')
    return Selection(text, tuple(rows), sign, span, tuple(counts), at, step, spectrum)


def _only(part: str, table: str, *wanted: str) -> None:
    if table not in wanted:
        raise SelectionError(f'has "{part}", which is for {" and ".join(wanted)}; this quantity is from {table}')


def _time(part: str, text: str) -> float:
    try:
        return parse(text.strip(), "time")
    except UnitError as error:
        raise SelectionError(f'has "{part}": "{text.strip()}" {error.reason}') from None


def chosen(selection: Selection, table: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """Return the indices of the selected rows of `count`, ascending. Raises SelectionError."""
    keep = np.ones(count, bool)
    if selection.rows:
        keep[:] = False
        for start, stop in selection.rows:
            if stop > count:
                raise SelectionError(f"asks for more: the run has {count} rows")
            keep[start:stop] = True
    if selection.sign:
        keep &= selection.sign * table["amplitude"] > 0.0
    if selection.span:
        keep &= (table["time_s"] >= selection.span[0]) & (table["time_s"] <= selection.span[1])
    if selection.step:
        keep &= table.get("step", np.zeros(count)) == selection.step
    if selection.spectrum:
        keep &= table["spectrum"] == selection.spectrum
    left = np.flatnonzero(keep)
    for side, wanted in selection.counts:
        if left.size < wanted:
            raise SelectionError(f"asks for more: the run has {left.size} rows of that kind")
        left = left[:wanted] if side == "first" else left[-wanted:]
    if not left.size:
        raise SelectionError("leaves no rows" if count else "finds no rows at all")
    return left


def at_time(time: float, times: Sequence[float] | np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the value (1) at a time (s), between rows on a straight line. Raises SelectionError."""
    if not len(times) or not times[0] <= time <= times[-1] * (1.0 + 1e-12):
        reached = f"from {times[0]:g} to {times[-1]:g} s" if len(times) else "nowhere"
        raise SelectionError(f"is a time that the run does not reach; it goes {reached}")
    return np.array([np.interp(time, times, values)])
