"""result.nc: the run's tables and profiles as one labelled netCDF-4 file, `xarray.open_dataset(path)`.

    time          terminal quantities, one per row of terminals.csv
    pulse         pulse table; its columns are called pulse_<name>
    profile_time  x cell: profiles; coordinates of the records are `profile_step` and `profile_step_time`, which hold
                  their digits late in a run; of the cells `region`, of a stack `y` and `width`, of a section `x`, `y`,
                  `cell_area`, and their corners as `corner_x`, `corner_y`, `corner_point` (cell, corner)

Every variable carries `units` and `long_name`; a table's variable also its `column` in the csv file.
Written piece by piece, so that the memory does not grow with the run.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.result.atomic import replacing
from eisfv.result.cells import CORNERS, Cells
from eisfv.result.journal import Profiles, ProfileVariable, Records
from eisfv.result.streams import Column, column_of
from eisfv.result.table_reading import count_rows, table_chunks

CONVENTIONS = "CF-1.11"
PACKED = {"compression": "zlib", "complevel": 1, "shuffle": True}
# Of a stack, of a section; of records of a version that tells their steps.
COORDINATES = ("y width region", "x y cell_area region corner_x corner_y corner_point")
STEPS = " profile_step profile_step_time"
CHUNK_VALUES = 1 << 16  # values of one chunk of a table: half a megabyte, HDF5's cache holds two
PROFILE_VALUES = 1 << 13  # of one chunk of profiles: what is read to have one of them


def write_netcdf(
    path: Path,
    tables: Mapping[str, tuple[Path, Sequence[Column]]],
    profiles: Profiles | None,
    attributes: Mapping[str, str],
) -> None:
    """Build result.nc from the csv tables (dimension "time" or "pulse": file and columns) and the journal.

    Raises ResultError.
    """
    from netCDF4 import Dataset

    with replacing(path) as draft:
        try:
            with Dataset(draft, "w") as file:
                file.setncatts({"Conventions": CONVENTIONS, **attributes})
                for dimension, (table, columns) in tables.items():
                    _write_table(file, dimension, table, columns)
                if profiles is not None:
                    _write_cells(file, profiles.cells)
                    _write_profiles(file, profiles)
        except RuntimeError as error:  # how netCDF reports a write that fails
            raise OSError(str(error)) from error


def variable_name(dimension: str, column: Column) -> str:
    """Return a column's name in result.nc, where tables share one name space."""
    if dimension == "time":
        return column.name
    return dimension if column.name == "index" else f"{dimension}_{column.name}"


def _write_table(file: Any, dimension: str, table: Path, columns: Sequence[Column]) -> None:
    names = [variable_name(dimension, column) for column in columns]
    file.createDimension(dimension, count_rows(table))
    made = [
        _packed(file, name, (dimension,), _dtype(column), {**_described(column), "column": column.header})
        for name, column in zip(names, columns, strict=True)
    ]
    start = 0
    for chunk in table_chunks(table):
        stop = start + len(next(iter(chunk.values())))
        for variable, column in zip(made, columns, strict=True):
            values = chunk[column.header]
            variable[start:stop] = values.astype(object if column.kind == "text" else _dtype(column))
        start = stop


def _dtype(column: Column) -> Any:
    if column.kind == "text":
        return str
    return np.dtype("i8") if column.kind == "count" else np.dtype("f8")


def _write_cells(file: Any, cells: Cells) -> None:
    file.createDimension("cell", cells.y.size)
    entries: list[tuple[str, np.ndarray, str, str]] = [
        ("y", cells.y, "m", "distance of the cell centre from the gate"),
        ("region", cells.region, "1", "region the cell belongs to"),
    ]
    if cells.x is None or cells.points is None or cells.corners is None:
        entries.append(("width", cells.size, "m", "width of the cell, 0 for a surface cell"))
    else:
        file.createDimension("corner", CORNERS)
        around = np.append(cells.points, [[np.nan, np.nan]], axis=0)[cells.corners]
        entries += [
            ("x", cells.x, "m", "position of the cell centre from source to drain"),
            ("cell_area", cells.size, "m2", "area of the cell, 0 for a surface cell"),
            ("corner_x", around[..., 0], "m", "x of the corners in order around the cell, NaN where there is none"),
            ("corner_y", around[..., 1], "m", "y of the corners in order around the cell, NaN where there is none"),
            (
                "corner_point",
                cells.corners,
                "1",
                "number of the corner, shared by neighbours, -1 where there is none",
            ),
        ]
    for name, values, unit, long_name in entries:
        words: dict[str, Any] = {"units": unit, "long_name": long_name}
        if name == "region":
            words["flag_values"] = np.arange(len(cells.regions), dtype=np.int32)
            words["flag_meanings"] = " ".join(region.replace(" ", "_") for region in cells.regions)
            words["region_names"] = json.dumps(cells.regions)  # as the case writes them, blanks included
        _packed(file, name, ("cell", "corner")[: values.ndim], values.dtype, words)[...] = values


def _write_profiles(file: Any, profiles: Profiles) -> None:
    count, cells = profiles.time.size, profiles.cells.y.size
    file.createDimension("profile_time", count)
    entries = [
        ("profile_time", profiles.time, "s", "time of the profile"),
        ("profile_field", profiles.field.astype("i1"), "1", "1 where the profile is also written as VTU"),
    ]
    coordinates = COORDINATES[profiles.cells.x is not None]
    if profiles.step is not None and profiles.step_time is not None:
        since = "since the protocol step began: holds its digits however late that is"
        entries += [
            ("profile_step", profiles.step.astype("i8"), "1", "protocol step, counted from 1 as they are driven"),
            ("profile_step_time", profiles.step_time, "s", since),
        ]
        coordinates += STEPS
    for name, values, unit, long_name in entries:
        made = file.createVariable(name, values.dtype, ("profile_time",))
        made.setncatts({"units": unit, "long_name": long_name})
        made[:] = values
    extra = {"coordinates": coordinates}
    packed = [
        _packed(file, variable.name, ("profile_time", "cell"), "f8", _described(variable) | extra)
        for variable in profiles.variables
    ]
    rows = 8 * max(1, PROFILE_VALUES // max(1, cells))
    for start in range(0, count, rows):
        block = np.array(profiles.read(slice(start, start + rows), slice(None)))
        for k, variable in enumerate(packed):
            variable[start : start + rows] = block[:, k]


def _packed(file: Any, name: str, dimensions: tuple[str, ...], dtype: Any, attributes: Mapping[str, Any]) -> Any:
    shape = [len(file.dimensions[dimension]) for dimension in dimensions]
    rows = min(shape[0], CHUNK_VALUES if len(shape) == 1 else max(1, PROFILE_VALUES // max(1, shape[1])))
    storage = {} if 0 in shape else {"chunksizes": (rows, *shape[1:]), **PACKED}
    made = file.createVariable(name, dtype, dimensions, **storage)
    made.setncatts(attributes)
    return made


def _described(what: Column | ProfileVariable) -> dict[str, str]:
    return {"units": what.unit or "1", "long_name": what.long_name or what.name}


def read_tables(path: Path, dimension: str) -> dict[str, np.ndarray]:
    """Return the table of one dimension of result.nc, by the columns of its csv file. Raises OSError."""
    with _opened(path) as file:
        return {found.column: found[:].astype(_plain(found.dtype)) for found in _columns(file, dimension)}


def read_columns(path: Path, dimension: str) -> tuple[Column, ...]:
    """Return the columns of the table of one dimension of result.nc. Raises OSError."""
    with _opened(path) as file:
        return tuple(replace(column_of(found.column), long_name=found.long_name) for found in _columns(file, dimension))


def _opened(path: Path) -> Any:
    from netCDF4 import Dataset

    file = Dataset(path)
    file.set_auto_mask(False)
    return file


def _columns(file: Any, dimension: str) -> list[Any]:
    """Return the variables of a table."""
    return [
        found for found in file.variables.values() if found.dimensions == (dimension,) and "column" in found.ncattrs()
    ]


def _plain(dtype: Any) -> Any:
    return np.dtype(float) if dtype in (np.dtype("f8"), np.dtype("i8")) else np.dtype(str)


def read_profiles(path: Path) -> Profiles | None:
    """Return the profiles of result.nc, their values still in the file; None when it holds none. Raises OSError."""
    with _opened(path) as file:
        if "cell" not in file.dimensions:
            return None
        there = file.variables
        found = [variable for variable in there.values() if variable.dimensions == ("profile_time", "cell")]
        variables = tuple(ProfileVariable(one.name, one.units, one.long_name) for one in found)
        time, field = there["profile_time"][:], there["profile_field"][:] != 0
        step, step_time = (there[name][:] if name in there else None for name in ("profile_step", "profile_step_time"))
        cells = _read_cells(there)

    def values(records: Records, chosen: slice) -> np.ndarray:
        with _opened(path) as file:
            held = [file.variables[variable.name] for variable in variables[chosen]]
            if isinstance(records, slice):
                rows = [one[records] for one in held]
            else:
                rows = [np.array([one[record] for record in records]) for one in held]
        return np.stack(rows, axis=1) if rows else np.empty((time[records].size, 0, cells.y.size))

    return Profiles(cells, variables, time, field, step, step_time, values)


def _read_cells(there: Mapping[str, Any]) -> Cells:
    regions = tuple(json.loads(there["region"].region_names))
    y, region = there["y"][:], there["region"][:]
    if "corner_point" not in there:
        return Cells(y, there["width"][:], region, regions)
    corners = there["corner_point"][:]
    points = np.full((corners.max(initial=-1) + 1, 2), np.nan)
    drawn = corners >= 0
    for axis, name in enumerate(("corner_x", "corner_y")):
        points[corners[drawn], axis] = there[name][:][drawn]
    return Cells(y, there["cell_area"][:], region, regions, there["x"][:], points, corners)
