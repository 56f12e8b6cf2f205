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
from eisfv.result.journal import Profiles, ProfileVariable
from eisfv.result.streams import Column, column_of, count_rows, table_chunks

CONVENTIONS = "CF-1.11"
PACKED = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
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
    import h5netcdf

    with replacing(path) as draft:
        try:
            with h5netcdf.File(draft, "w") as file:
                file.attrs.update({"Conventions": CONVENTIONS, **attributes})
                for dimension, (table, columns) in tables.items():
                    _write_table(file, dimension, table, columns)
                if profiles is not None:
                    _write_cells(file, profiles.cells)
                    _write_profiles(file, profiles)
        except RuntimeError as error:  # how HDF5 reports a write that fails while closing
            raise OSError(str(error)) from error


def variable_name(dimension: str, column: Column) -> str:
    """Return a column's name in result.nc, where tables share one name space."""
    if dimension == "time":
        return column.name
    return dimension if column.name == "index" else f"{dimension}_{column.name}"


def _write_table(file: Any, dimension: str, table: Path, columns: Sequence[Column]) -> None:
    rows = count_rows(table)
    file.dimensions[dimension] = rows
    for column in columns:
        variable = _create(file, variable_name(dimension, column), (dimension,), (rows,), _dtype(column))
        _describe(variable, column.unit, column.long_name or column.name)
        variable.attrs["column"] = column.header
    start = 0
    for chunk in table_chunks(table):
        stop = start + len(next(iter(chunk.values())))
        for column in columns:
            values = chunk[column.header]
            file[variable_name(dimension, column)][start:stop] = values.astype(_dtype(column))
        start = stop


def _dtype(column: Column) -> Any:
    if column.kind == "text":
        import h5py

        return h5py.string_dtype()
    return np.dtype("i8") if column.kind == "count" else np.dtype("f8")


def _write_cells(file: Any, cells: Cells) -> None:
    file.dimensions["cell"] = cells.y.size
    entries: list[tuple[str, np.ndarray, str, str]] = [
        ("y", cells.y, "m", "distance of the cell centre from the gate"),
        ("region", cells.region, "1", "region the cell belongs to"),
    ]
    if cells.x is None or cells.points is None or cells.corners is None:
        entries.append(("width", cells.size, "m", "width of the cell, 0 for a surface cell"))
    else:
        file.dimensions["corner"] = CORNERS
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
        variable = _create(file, name, ("cell", "corner")[: values.ndim], values.shape, values.dtype)
        variable[...] = values
        _describe(variable, unit, long_name)
    region = file["region"]
    region.attrs["flag_values"] = np.arange(len(cells.regions), dtype=np.int32)
    region.attrs["flag_meanings"] = " ".join(name.replace(" ", "_") for name in cells.regions)
    region.attrs["region_names"] = json.dumps(cells.regions)  # as the case writes them, blanks included


def _write_profiles(file: Any, profiles: Profiles) -> None:
    count, cells = profiles.time.size, profiles.cells.y.size
    file.dimensions["profile_time"] = count
    time = file.create_variable("profile_time", ("profile_time",), data=profiles.time)
    _describe(time, "s", "time of the profile")
    field = file.create_variable("profile_field", ("profile_time",), data=profiles.field.astype("i1"))
    _describe(field, "1", "1 where the profile is also written as VTU")
    coordinates = COORDINATES[profiles.cells.x is not None]
    if profiles.step is not None and profiles.step_time is not None:
        step = file.create_variable("profile_step", ("profile_time",), data=profiles.step.astype("i8"))
        _describe(step, "1", "protocol step, counted from 1 as they are driven")
        since = file.create_variable("profile_step_time", ("profile_time",), data=profiles.step_time)
        _describe(since, "s", "since the protocol step began: holds its digits however late that is")
        coordinates += STEPS
    for variable in profiles.variables:
        _describe(
            _create(file, variable.name, ("profile_time", "cell"), (count, cells), np.dtype("f8")),
            variable.unit,
            variable.long_name or variable.name,
        )
        file[variable.name].attrs["coordinates"] = coordinates
    rows = 8 * max(1, PROFILE_VALUES // max(1, cells))
    for start in range(0, count, rows):
        block = np.array(profiles.read(slice(start, start + rows), slice(None)))
        for k, variable in enumerate(profiles.variables):
            file[variable.name][start : start + rows] = block[:, k]


def _create(file: Any, name: str, dimensions: tuple[str, ...], shape: tuple[int, ...], dtype: Any) -> Any:
    if 0 in shape:
        return file.create_variable(name, dimensions, dtype)
    rows = min(shape[0], CHUNK_VALUES if len(shape) == 1 else max(1, PROFILE_VALUES // shape[1]))
    return file.create_variable(name, dimensions, dtype, chunks=(rows, *shape[1:]), **PACKED)


def _describe(variable: Any, unit: str, long_name: str) -> None:
    variable.attrs["units"] = unit or "1"
    variable.attrs["long_name"] = long_name


def read_tables(path: Path, dimension: str) -> dict[str, np.ndarray]:
    """Return the table of one dimension of result.nc, by the columns of its csv file. Raises OSError."""
    with _opened(path) as file:
        return {
            str(found.attrs["column"]): np.asarray((found.asstr() if found.dtype.kind == "O" else found)[...]).astype(
                _plain(found.dtype)
            )
            for found in _columns(file, dimension)
        }


def read_columns(path: Path, dimension: str) -> tuple[Column, ...]:
    """Return the columns of the table of one dimension of result.nc. Raises OSError."""
    with _opened(path) as file:
        return tuple(
            replace(column_of(str(found.attrs["column"])), long_name=str(found.attrs["long_name"]))
            for found in _columns(file, dimension)
        )


def _opened(path: Path) -> Any:
    # Plain HDF5: h5netcdf takes the whole file's dimensions apart at every opening, five times as long.
    import h5py

    return h5py.File(path, "r", track_order=True)


def _columns(file: Any, dimension: str) -> list[Any]:
    """Return the variables of a table: what has the dimension for its scale, and the scale where that is a column."""
    scale = file.get(dimension)
    return [
        found
        for found in file.values()
        if "column" in found.attrs and (found == scale or scale in found.dims[0].values())
    ]


def _plain(dtype: Any) -> Any:
    return np.dtype(float) if dtype in (np.dtype("f8"), np.dtype("i8")) else np.dtype(str)


def read_profiles(path: Path) -> Profiles | None:
    """Return the profiles of result.nc, their values still in the file; None when it holds none. Raises OSError."""
    import h5netcdf

    with h5netcdf.File(path, "r") as file:
        if "cell" not in file.dimensions:
            return None
        found = [v for v in file.variables.values() if v.dimensions == ("profile_time", "cell")]
        variables = tuple(
            ProfileVariable(v.name.lstrip("/"), str(v.attrs["units"]), str(v.attrs["long_name"])) for v in found
        )
        time = np.asarray(file["profile_time"][...])
        field = np.asarray(file["profile_field"][...]) != 0
        step, step_time = (
            np.asarray(file[name][...]) if name in file.variables else None
            for name in ("profile_step", "profile_step_time")
        )
        cells = _read_cells(file)

    def values(records: slice, chosen: slice) -> np.ndarray:
        with _opened(path) as file:
            rows = [file[variable.name][records] for variable in variables[chosen]]
        return np.stack(rows, axis=1) if rows else np.empty((time[records].size, 0, cells.y.size))

    return Profiles(cells, variables, time, field, step, step_time, values)


def _read_cells(file: Any) -> Cells:
    regions = tuple(json.loads(file["region"].attrs["region_names"]))
    y, region = file["y"][...], file["region"][...]
    if "corner" not in file.dimensions:
        return Cells(y, file["width"][...], region, regions)
    corners = file["corner_point"][...]
    points = np.full((corners.max(initial=-1) + 1, 2), np.nan)
    there = corners >= 0
    for axis, name in enumerate(("corner_x", "corner_y")):
        points[corners[there], axis] = file[name][...][there]
    return Cells(y, file["cell_area"][...], region, regions, file["x"][...], points, corners)
