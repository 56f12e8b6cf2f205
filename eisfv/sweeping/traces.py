"""What is kept of the course of a run: columns of its terminals on a given number of times, and its pulses."""

import numpy as np

from eisfv.observers.pulses import PULSE_COLUMNS
from eisfv.observers.terminals import TERMINAL_COLUMNS
from eisfv.result import ResultError, Run
from eisfv.sweeping.plan import Traces

TIME = "time"
DIMENSIONS = ("run", "sample", "pulse")
TERMINALS = {column.header: column for column in TERMINAL_COLUMNS}
PULSES = tuple(column for column in PULSE_COLUMNS if column.kind == "number")


def trace_names(traces: Traces) -> tuple[str, ...]:
    """Return the names that traces.zarr has of its own: variables and dimensions."""
    columns = (TERMINALS[header].name for header in traces.columns if header in TERMINALS)
    return (*DIMENSIONS, "n_pulses", TIME, *columns, *(f"pulse_{column.name}" for column in PULSES))


def arrays_of(run: Run, traces: Traces) -> dict[str, np.ndarray]:
    """Return the traces of a finished run by name, (samples) each, and its pulses as pulse_<name>, (pulses) each.

    Between two rows of the terminals a value lies on a straight line. Raises ResultError.
    """
    table = run.terminals
    times = sample_times(table["time_s"], traces)
    found = {TIME: times}
    for header in traces.columns:
        if header not in table:
            raise ResultError(f'traces.columns: no column "{header}" in the terminals; there are {", ".join(table)}')
        found[TERMINALS[header].name] = np.interp(times, table["time_s"], table[header])
    for column in PULSES:
        found[f"pulse_{column.name}"] = run.pulses.get(column.header, np.empty(0))
    return found


def sample_times(times: np.ndarray, traces: Traces) -> np.ndarray:
    """Return the times (s) on which a run is sampled, its first and its last time among them."""
    first, last = float(times[0]), float(times[-1])
    if traces.scale == "linear":
        return np.linspace(first, last, traces.samples)
    after = times[times > first]
    if not after.size or traces.samples < 2:
        return np.full(traces.samples, first)
    return np.append(first, first + np.geomspace(after[0] - first, last - first, traces.samples - 1))
