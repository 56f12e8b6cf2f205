"""A run in FiPy's terms: its mesh, and a `CellVariable` for every profile.

The cells are those of the run that have a volume, in its order. The surface cells at interfaces, which have none, are
left out: they are in `run.profiles`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from eisfv.mesh.polygons import fipy_mesh
from eisfv.mesh.stack import fipy_meshes
from eisfv.result import Cells, ResultError, Run
from eisfv.units import parse

SAME = 1e-6  # of the time between the first and the last: two times that differ by less are one


@dataclass(frozen=True)
class FipyFields(Mapping[str, Any]):
    """The fields at one time, by name.

    time     s, that was recorded
    mesh     FiPy's: of a stack a Grid1D along y, from the gate to the channel, volumes per area in m; of a section a
             Mesh2D in x, y, areas in m2. Lengths in m
    fields   a CellVariable each, plain numbers in SI; NaN where a quantity means nothing
    units    of the fields, by name
    region   (cells) name of the region of every cell
    """

    time: float
    mesh: Any
    fields: Mapping[str, Any]
    units: Mapping[str, str]
    region: np.ndarray

    def __getitem__(self, name: str) -> Any:
        if name not in self.fields:
            raise ResultError(f'no field "{name}"; there are {", ".join(self.fields)}')
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


def fipy_fields(run: Run, time: float | str | None) -> FipyFields:
    """Return the profiles of a run at a recorded time; None: at the last. Raises ResultError, UnitError."""
    if not run.has_profiles:
        raise ResultError(f'{run.path}: the run recorded no profiles; ask for some, as output.profiles.every = "1 s"')
    times = run.profile_times
    asked = times[-1] if time is None else parse(time, "time") if isinstance(time, str) else time
    try:
        wanted = float(asked)
    except (TypeError, ValueError):
        raise ResultError(f'{asked!r} is no time; give seconds, or a text as "10 s"') from None
    record = int(np.abs(times - wanted).argmin())
    if not abs(times[record] - wanted) <= SAME * np.ptp(times):
        near = ", ".join(f"{t:.6g} s" for t in times[max(0, record - 1) : record + 2])
        remedy = 'take one of them, or ask for more, as output.profiles.every = "1 ms"'
        raise ResultError(f"{run.path}: no profile at t = {wanted:.6g} s; recorded are {near}: {remedy}")
    cells = run.cells
    there = np.flatnonzero(cells.size > 0.0)
    mesh = mesh_of(cells, there)
    from fipy.variables.cellVariable import CellVariable

    values = run.profiles_at(record)
    fields = {v.name: CellVariable(mesh=mesh, name=v.name, value=values[v.name][there]) for v in run.profile_variables}
    units = {v.name: v.unit for v in run.profile_variables}
    regions = np.array(cells.regions)[cells.region[there]]
    return FipyFields(float(times[record]), mesh, fields, units, regions)


def mesh_of(cells: Cells, there: np.ndarray) -> Any:
    """Return the FiPy mesh of those cells of a run that are there."""
    if cells.x is None or cells.points is None or cells.corners is None:
        first = float(cells.y[there[0]] - 0.5 * cells.size[there[0]])
        return fipy_meshes().Grid1D(dx=cells.size[there]) + ((first,),)
    return fipy_mesh(cells.points, cells.corners[there].astype(np.int64))
