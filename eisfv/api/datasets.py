"""Tables and profiles of a run as xarray and pandas have them, with their units."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.result import Cells, Column, Run

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

STEP_NAMES = ("step", "step_time")  # coordinates beside the time: they hold their digits late in a run


def attributes(unit: str, long_name: str) -> dict[str, str]:
    """Return the attributes of a variable, as xarray labels its pictures with."""
    return {"units": unit or "1", **({"long_name": long_name} if long_name else {})}


def terminals_of(run: Run) -> "xr.Dataset":
    """Return the terminals: dimension time (s), a variable a column, `step` and `step_time` beside the time."""
    import xarray as xr

    table, columns = run.table("terminals"), run.columns("terminals")
    found = {column.name: ("time", values(column, table), described(column)) for column in columns}
    coordinates = {name: found.pop(name) for name in ("time", *STEP_NAMES) if name in found}
    return xr.Dataset(found, coordinates)


def values(column: Column, table: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the values of a column, a count as whole numbers."""
    array = table[column.header]
    return array.astype(int) if column.name == "step" else array


def described(column: Column) -> dict[str, str]:
    """Return the attributes of a column."""
    return attributes(column.unit, column.long_name)


def pulses_of(run: Run) -> "pd.DataFrame":
    """Return the pulses, a row each under its number; columns carry their unit, as "dG_S" and "energy_J"."""
    import pandas as pd

    table = pd.DataFrame(run.pulses)
    if "index" in table:
        table = table.astype({"index": int}).set_index("index").rename_axis("pulse")
    return table


def measures_of(run: Run) -> "pd.DataFrame":
    """Return the pulses of the measures, a row each."""
    import pandas as pd

    return pd.DataFrame(run.measures)


def spectra_of(run: Run) -> "pd.DataFrame":
    """Return the spectra, a row a frequency."""
    import pandas as pd

    return pd.DataFrame(run.table("impedance"))


def profiles_of(run: Run) -> "xr.Dataset":
    """Return the profiles: dimensions profile_time (s) and cell, with the place and the region of every cell.

    region is a name; y (m) runs from the gate to the channel, x (m) in a section from source to drain.
    """
    import xarray as xr

    if not run.has_profiles:
        return xr.Dataset()
    coordinates = cell_coordinates(run.cells)
    coordinates["profile_time"] = ("profile_time", run.profile_times, attributes("s", "time of the profile"))
    for name, unit, found in zip(STEP_NAMES, ("1", "s"), (run.profile_steps, run.profile_step_times), strict=True):
        if found is not None:
            coordinates[f"profile_{name}"] = ("profile_time", found, attributes(unit, ""))
    variables = {
        v.name: (("profile_time", "cell"), run.profiles(v.name), attributes(v.unit, v.long_name))
        for v in run.profile_variables
    }
    return xr.Dataset(variables, coordinates)


def cell_coordinates(cells: Cells) -> dict[str, Any]:
    """Return the place, the size and the region of every cell as coordinates."""
    found: dict[str, Any] = {
        "region": ("cell", np.array(cells.regions)[cells.region]),
        "y": ("cell", cells.y, attributes("m", "distance of the cell centre from the gate")),
    }
    if cells.x is None:
        return found | {"width": ("cell", cells.size, attributes("m", "width of the cell, 0 for a surface cell"))}
    return found | {
        "x": ("cell", cells.x, attributes("m", "position of the cell centre from source to drain")),
        "cell_area": ("cell", cells.size, attributes("m2", "area of the cell, 0 for a surface cell")),
    }


def numerical_error_of(run: Run) -> "pd.DataFrame":
    """Return the numerical errors, a row for each reported quantity: by the mesh and by the time steps, relative to the
    quantity's change in the protocol step where the error is largest; unresolved: the figures mean little. Without an
    estimate no rows, and the reason in `attrs`.
    """
    import pandas as pd

    found = run.numerical_error
    table = pd.DataFrame(
        {kind: {name: figure["relative"] for name, figure in found.get(kind, {}).items()} for kind in ("mesh", "time")},
        columns=["mesh", "time"],
        dtype=float,
    ).rename_axis("quantity")
    doubtful = {name for kind in ("mesh", "time") for name, one in found.get(kind, {}).items() if one["unresolved"]}
    table["unresolved"] = table.index.isin(list(doubtful))
    if not len(table):
        table.attrs["reason"] = found.get("reason", "no companion was run, or nothing that is reported changes")
    return table
