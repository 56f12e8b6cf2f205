"""Runs made up without a solver: every file of a run directory, every value known beforehand."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eisfv.observers.pulses import PULSE_COLUMNS
from eisfv.result import Cells, Column, ProfileVariable, RunDirectory
from eisfv.result.streams import Value

CASE = '[case]\ntitle = "Made up"\n'
REGIONS = ("reservoir", "solid electrolyte", "channel")
THICKNESS = (80e-9, 1e-6, 50e-9)  # m
COUNTS = (3, 5, 4)  # cells with a volume in each region
COLUMNS = (
    Column("time", "s", "time"),
    Column("step", "", "step of the protocol", "count"),
    Column("step_time", "s", "since the step began"),
    Column("voltage", "V", "gate minus channel"),
    Column("current", "A", "from gate to channel"),
    Column("conductance", "S", "of the channel"),
    Column("x_channel", "", "site fraction of the ion in the channel"),
)
VARIABLES = (
    ProfileVariable("potential", "V", "electric potential"),
    ProfileVariable("concentration_Mg", "mol/m3", "concentration of Mg"),
    ProfileVariable("current_density_Mg", "A/m2", "current density of Mg, from gate to channel"),
    ProfileVariable("site_fraction_Mg", "1", "filled share of the sites of Mg"),
)
START, CHANGE = 5e-6, 3e-7  # S


def stack_cells() -> Cells:
    """Return three layers of equal cells, each between two surface cells that have no volume."""
    y, width, region = [], [], []
    bottom = 0.0
    for number, (thickness, count) in enumerate(zip(THICKNESS, COUNTS, strict=True)):
        edges = bottom + np.linspace(0.0, thickness, count + 1)
        y += [bottom, *(0.5 * (edges[1:] + edges[:-1])), bottom + thickness]
        width += [0.0, *np.diff(edges), 0.0]
        region += [number] * (count + 2)
        bottom += thickness
    return Cells(np.array(y), np.array(width), np.array(region), REGIONS)


def profile(name: str, time: float) -> np.ndarray:
    """Return a variable over the cells at a time; hosts alone have sites."""
    cells = stack_cells()
    share = cells.y / cells.y[-1]
    if name == "potential":
        return (1.0 - share) * (0.1 + 0.01 * time)
    if name == "concentration_Mg":
        return np.where(cells.region == 1, 100.0, 2000.0) * (1.0 + share + 0.001 * time)
    if name == "current_density_Mg":
        return np.full(cells.y.size, 0.5 + time)
    return np.where(cells.region == 1, np.nan, 0.1 + 0.2 * share + 0.001 * time)


def pulse_rows(amplitudes: Sequence[float], unit: str = "A") -> list[tuple[Value, ...]]:
    """Return rows of pulses of these heights, a second each, ten seconds apart; each moves the conductance its way."""
    rows: list[tuple[Value, ...]] = []
    before = START
    for number, amplitude in enumerate(amplitudes, start=1):
        start, change = 10.0 * number, float(np.sign(amplitude)) * CHANGE
        after = before + change
        energy = 0.1 * abs(amplitude)
        head = (number, start, start + 1.0, amplitude, unit, before, after, change)
        rows.append((*head, amplitude, energy, 0.004, 1.0, 0.0))
        before = after
    return rows


def terminal_row(time: float, durations: Sequence[float] = ()) -> tuple[Value, ...]:
    """Return the row of terminals.csv at a time in s, under steps of these durations in s; a last one has no end."""
    ends = np.cumsum(durations)
    step = int(np.searchsorted(ends, time))
    since = time - (float(ends[step - 1]) if step else 0.0)
    return (time, step + 1, since, 0.1 * np.sin(time), 1e-5 * np.cos(time), START + 1e-8 * time, 0.004 + 1e-5 * time)


def fill(
    directory: RunDirectory,
    pulses: Sequence[tuple[Value, ...]] = (),
    times: Sequence[float] = tuple(range(30)),
    profiles: Sequence[float] = (0.0, 10.0, 20.0),
    fields: Sequence[float] = (10.0, 20.0),
    case: str = CASE,
    durations: Sequence[float] = (),
) -> None:
    """Write a run's case, streams, log and one checkpoint; it is still to be ended."""
    directory.write_case(case)
    terminals, table = directory.table("terminals", COLUMNS), directory.table("pulses", PULSE_COLUMNS)
    journal = directory.profiles(stack_cells(), VARIABLES)
    for time in times:
        terminals.append(terminal_row(float(time), durations))
    for row in pulses:
        table.append(row)
    for time in profiles:
        journal.append(time, 1, time, {v.name: profile(v.name, time) for v in VARIABLES}, field=time in fields)
    directory.log("filled")
    directory.checkpoint({"time": 29.0, "unknowns": np.arange(4.0)}, 29.0)


def finished(
    path: Path,
    pulses: Sequence[tuple[Value, ...]] = (),
    times: Sequence[float] = tuple(range(30)),
    profiles: Sequence[float] = (0.0, 10.0, 20.0),
    fields: Sequence[float] = (10.0, 20.0),
    durations: Sequence[float] = (),
) -> Path:
    """Return the directory of a finished run."""
    with RunDirectory.open_new(path) as directory:
        fill(directory, pulses, times, profiles, fields, durations=durations)
        directory.write_provenance(["eisfv", "run", "case"], {"steps": 30}, 1.5)
        directory.end("finished", 29.0, title="Made up", source="nowhere")
    return path


def up(count: int) -> list[tuple[Value, ...]]:
    """Return rows of potentiating pulses."""
    return pulse_rows([1e-5] * count)


def up_and_down(count: int) -> list[tuple[Value, ...]]:
    """Return rows of pulses, the first half potentiating, the second depressing."""
    return pulse_rows([1e-5] * (count // 2) + [-1e-5] * (count - count // 2))
