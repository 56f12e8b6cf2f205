"""Runs of sections made up without a solver, every value known beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from eisfv.observers.pulses import PULSE_COLUMNS
from eisfv.result import Cells, ProfileVariable, RunDirectory
from support.synthetic_run import CASE, COLUMNS, terminal_row, up

Box = tuple[float, float, float, float]  # x from, to, y from, to, m

VARIABLES = (
    ProfileVariable("potential", "V", "electric potential"),
    ProfileVariable("concentration_electron", "mol/m3", "concentration of electrons"),
    ProfileVariable("concentration_Mg", "mol/m3", "concentration of Mg"),
    ProfileVariable("current_density_x", "A/m2", "current density along x"),
    ProfileVariable("current_density_y", "A/m2", "current density along y"),
    ProfileVariable("current_density_Mg_x", "A/m2", "current density of Mg along x"),
    ProfileVariable("current_density_Mg_y", "A/m2", "current density of Mg along y"),
    ProfileVariable("site_fraction_Mg", "1", "filled share of the sites of Mg"),
    ProfileVariable("conductivity", "S/m", "electronic conductivity of a host"),
)


@dataclass(frozen=True)
class Shape:
    """Boxes by the name of the region, cells of each interval between their edges along x and y, the hosts among them.

    triangle  the cell of lowest x and y loses a corner
    """

    boxes: Mapping[str, Box]
    nx: int = 4
    ny: int = 3
    hosts: Sequence[str] = ("reservoir", "channel")
    triangle: bool = True


# A channel film under the middle of an electrolyte: two regions and a step on either side.
STEP = Shape({"electrolyte": (0.0, 10e-6, 0.0, 1e-6), "channel": (2e-6, 8e-6, 1e-6, 1.05e-6)}, hosts=("channel",))
# Films of 80 and 50 nm on either side of a thick electrolyte, the channel shorter than the gate.
STACK = Shape(
    {
        "reservoir": (0.0, 40e-6, 0.0, 80e-9),
        "electrolyte": (0.0, 40e-6, 80e-9, 20.08e-6),
        "channel": (8e-6, 32e-6, 20.08e-6, 20.13e-6),
    },
    nx=20,
    ny=16,
    triangle=False,
)
# Gate and channel film side by side under one electrolyte.
PLANAR = Shape(
    {
        "electrolyte": (0.0, 120e-6, 0.0, 1e-6),
        "reservoir": (0.0, 50e-6, 1e-6, 1.1e-6),
        "channel": (60e-6, 120e-6, 1e-6, 1.1e-6),
    },
    nx=30,
    ny=16,
    triangle=False,
)


def section_cells(shape: Shape) -> Cells:
    """Return the cells of a section, two surface cells on every face between regions last."""
    boxes = list(shape.boxes.values())
    xs, ys = (_edges([end for box in boxes for end in box[k : k + 2]], n) for k, n in ((0, shape.nx), (2, shape.ny)))
    x, y = np.meshgrid(0.5 * (xs[1:] + xs[:-1]), 0.5 * (ys[1:] + ys[:-1]), indexing="ij")
    owner = np.full(x.shape, -1)
    for number, (x0, x1, y0, y1) in enumerate(boxes):
        owner[(x > x0) & (x < x1) & (y > y0) & (y < y1)] = number
    i, j = np.nonzero(owner >= 0)
    row = ys.size
    corners = np.stack([i * row + j, (i + 1) * row + j, (i + 1) * row + j + 1, i * row + j + 1], axis=1)
    points = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1).reshape(-1, 2)
    size = np.outer(np.diff(xs), np.diff(ys))[i, j]
    if shape.triangle:
        corners[0] = [*corners[0, 1:], -1]
        size[0] /= 2.0
    above, below = owner[:, :-1], owner[:, 1:]
    fi, fj = np.nonzero((above != below) & (above >= 0) & (below >= 0))
    surface_region = np.stack([above[fi, fj], below[fi, fj]], axis=1).ravel()
    return Cells(
        np.append(y[i, j], np.repeat(ys[fj + 1], 2)),
        np.append(size, np.zeros(2 * fi.size)),
        np.append(owner[i, j], surface_region),
        tuple(shape.boxes),
        np.append(x[i, j], np.repeat(0.5 * (xs[fi] + xs[fi + 1]), 2)),
        points,
        np.append(corners, np.full((2 * fi.size, 4), -1), axis=0),
    )


def _edges(ends: Sequence[float], count: int) -> np.ndarray:
    """Return edges that are finer toward every end, `count` cells between two."""
    ends = sorted(set(ends))
    grading = 0.5 * (1.0 - np.cos(np.pi * np.arange(count) / count))
    inner = [a + (b - a) * grading for a, b in pairwise(ends)]
    return np.append(np.concatenate(inner), ends[-1])


def section_profile(shape: Shape, cells: Cells, name: str, time: float) -> np.ndarray:
    """Return a variable over the cells at a time; hosts alone have sites and a conductivity."""
    assert cells.x is not None
    along, down = cells.x / cells.x.max(), cells.y / cells.y.max()
    host = np.isin(cells.region, [cells.regions.index(host) for host in shape.hosts])
    fraction = np.where(cells.region == cells.regions.index("channel"), 0.05, 0.3) + 0.1 * np.cos(7.0 * along) ** 2
    fraction += 0.002 * time * (1.0 + along) + 0.02 * down
    patterns = {
        "potential": (1.0 - down) * (0.1 + 0.01 * time) * (1.0 + 0.3 * along),
        "concentration_electron": np.where(host, 2000.0 * fraction, np.nan),
        "concentration_Mg": np.where(host, 2000.0 * fraction, 100.0 * (1.0 + 0.2 * along * down + 0.01 * time)),
        "current_density_x": 0.3 * np.sin(6.0 * along) + time,
        "current_density_y": 1.0 + along,
        "current_density_Mg_x": 0.2 * np.sin(6.0 * along),
        "current_density_Mg_y": 0.5 + along + 0.1 * time,
        "site_fraction_Mg": np.where(host, fraction, np.nan),
        "conductivity": np.where(host, 1e3 * fraction**2, np.nan),
    }
    return patterns[name]


def section_run(
    path: Path, shape: Shape, fields: Sequence[float] = (10.0, 20.0), extra: Sequence[float] = (0.0,), end: bool = True
) -> Path:
    """Return the directory of a run with profiles at the times of fields and at extra ones."""
    cells = section_cells(shape)
    with RunDirectory.open_new(path) as directory:
        directory.write_case(CASE)
        terminals, table = directory.table("terminals", COLUMNS), directory.table("pulses", PULSE_COLUMNS)
        journal = directory.profiles(cells, VARIABLES)
        for time in range(30):
            terminals.append(terminal_row(float(time)))
        for row in up(2):
            table.append(row)
        for time in sorted({*fields, *extra}):
            values = {v.name: section_profile(shape, cells, v.name, time) for v in VARIABLES}
            journal.append(time, 1, time, values, field=time in fields)
        directory.checkpoint({"time": 29.0}, 29.0)
        if end:
            directory.end("finished", 29.0, title="Made up", source="nowhere")
    return path
