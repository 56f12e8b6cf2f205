"""A small run directory written through the public interface, without a solver."""

from pathlib import Path

import numpy as np

from eisfv.observers.pulses import PULSE_COLUMNS
from eisfv.result import Cells, Column, ProfileVariable, RunDirectory

CASE = '[case]\ntitle = "a written run"\n'
# 3 cells | 2 cells, with the two surface nodes of the interface between them
CELLS = Cells(
    np.array([1.0, 3.0, 5.0, 6.0, 6.0, 7.0, 9.0]) * 1e-9,
    np.array([2.0, 2.0, 2.0, 0.0, 0.0, 2.0, 2.0]) * 1e-9,
    np.array([0, 0, 0, 0, 1, 1, 1]),
    ("electrolyte", "channel"),
)
VARIABLES = (
    ProfileVariable("potential", "V", "electric potential"),
    ProfileVariable("site_fraction_H", "1", "filling"),
)
TERMINALS = (
    Column("time", "s"),
    Column("voltage", "V"),
    Column("current", "A"),
    Column("conductance", "S"),
    Column("x_channel", "1"),
)


def profile(time: float) -> dict[str, np.ndarray]:
    """Return profiles at a time; the electrolyte has no filling."""
    filling = np.where(CELLS.region == 1, 0.1 + 0.01 * time + 1e6 * CELLS.y, np.nan)
    return {"potential": np.linspace(0.0, 1.0, 7) + time, "site_fraction_H": filling}


def pulse_row(index: int, amplitude: float = 1e-5) -> tuple[float | int | str, ...]:
    """Return a row of pulses.csv; each pulse moves 1 uS by its sign."""
    change = 1e-6 * np.sign(amplitude)
    start = 10.0 * index
    return (index, start, start + 0.5, amplitude, "A", 5e-6, 5e-6 + change, change, 5e-6, 6e-7, 0.01, 0.5, 0.0)


def open_streams(directory: RunDirectory) -> tuple:
    """Return the terminals, pulses and profiles of a directory."""
    directory.write_case(CASE)
    return (
        directory.table("terminals", TERMINALS),
        directory.table("pulses", PULSE_COLUMNS),
        directory.profiles(CELLS, VARIABLES),
    )


def written(path: Path, pulses: int = 4, end: bool = True) -> Path:
    """Write a run: one terminal row and one profile a second, pulses of alternating sign; finished unless told."""
    with RunDirectory.open_new(path) as directory:
        terminals, table, profiles = open_streams(directory)
        for k in range(max(4, pulses)):
            terminals.append((float(k), 0.1 * k, 1e-6 * k, 5e-6 + 1e-8 * k, 0.01))
            if k < pulses:
                table.append(pulse_row(k + 1, 1e-5 * (-1) ** k))
            if k < 4:
                profiles.append(float(k), 1, float(k), profile(float(k)), field=k in (0, 3))
        directory.checkpoint({"time": 3.0, "u": np.arange(6.0).reshape(2, 3), "name": "x", "count": 7}, 3.0)
        if end:
            directory.write_provenance(["eisfv"], {"steps": 4}, 1.0)
            directory.end("finished", 3.0, title="a written run", source="nowhere")
    return path
