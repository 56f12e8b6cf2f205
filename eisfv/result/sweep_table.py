"""A gathered sweep read back: `read_sweep(out)`.

    sweep = read_sweep(out)
    sweep.table["thickness_um"], sweep.table["dG_S"], sweep.table["status"]
    sweep.traces["conductance"].sel(run=3)

One row of the table and one `run` of the traces for every point of the plan, in its order.

Columns of runs.parquet
    number        of the point, from 0
    <axis>_<unit>         each input, in the unit of its axis; text where its values are words
    <quantity>_<unit>     each output, SI; NaN where there is none
    <quantity>_numerical_error_<unit>   its numerical error, by mesh and time steps; NaN where it is not known
    status        finished | failed | missing (not run yet)
    reason        why it failed, or which outputs it does not give
    wall_s, host  how long it took, and where
    key           what the run is known by; two points of one case share it
What plotting needs beside them, axes and quantities with their units, is in the file's metadata under `eisfv_sweep`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from eisfv.extras import require
from eisfv.result import sweep_file_names
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.streams import Column

if TYPE_CHECKING:
    import xarray

METADATA = b"eisfv_sweep"
FORMAT = 1
OWN_COLUMNS = ("number", "status", "reason", "wall_s", "host", "key")


@dataclass(frozen=True)
class SweepAxis:
    """What was varied: `column` of the table, in `unit` ("" for plain numbers and words).

    scale   list: values as given; linear, log: how they lie between low and high
    values  of a grid, in order; empty where they were drawn between low and high
    zipped  axes of one such name advance together; "" for none
    scatter in words how it scatters from device to device; "" where it does not
    """

    name: str
    unit: str
    column: str
    scale: Literal["linear", "log", "list"]
    values: tuple[float | str, ...]
    low: float | None
    high: float | None
    zipped: str
    scatter: str = ""


@dataclass(frozen=True)
class SweepQuantity:
    """What was gathered: `column` of the table, in `unit` (SI); label: what a plain number is called."""

    name: str
    unit: str
    label: str
    column: str

    @property
    def error_column(self) -> str:
        """Return the column of its numerical error."""
        return error_column(self.name, self.unit)


def error_column(name: str, unit: str) -> str:
    """Return the column of a quantity's numerical error."""
    return Column(f"{name}_numerical_error", unit).header


@dataclass(frozen=True)
class SweepHead:
    """What the table of a sweep is about.

    method   grid | random | latin_hypercube | sobol | saltelli
    size     draws of a sample, each of which makes axes + 2 points with saltelli; 0 of a grid
    seed     of a sample
    traces   whether there are any
    mark     the same in the table and in the traces that belong to it
    """

    title: str
    method: str
    size: int
    seed: int
    axes: tuple[SweepAxis, ...]
    quantities: tuple[SweepQuantity, ...]
    traces: bool
    mark: str

    def text(self) -> str:
        """Return it as JSON."""
        return json.dumps({"format": FORMAT, **asdict(self)})

    @classmethod
    def of(cls, text: str) -> "SweepHead":
        """Return what a text says. Raises ValueError, KeyError or TypeError."""
        entries: dict[str, Any] = json.loads(text)
        if entries.pop("format") != FORMAT:
            raise ValueError("another version")
        axes = tuple(SweepAxis(**{**axis, "values": tuple(axis["values"])}) for axis in entries.pop("axes"))
        quantities = tuple(SweepQuantity(**quantity) for quantity in entries.pop("quantities"))
        return cls(axes=axes, quantities=quantities, **entries)


@dataclass(frozen=True)
class Sweep:
    """A gathered sweep. table: columns of equal length by name; numbers are NaN where there is no value."""

    path: Path
    head: SweepHead
    table: Mapping[str, np.ndarray]

    @property
    def finished(self) -> np.ndarray:
        """Return for each row whether its run finished."""
        return np.asarray(self.table["status"] == "finished")

    @cached_property
    def blurred(self) -> Mapping[str, str]:
        """Return the quantities whose numerical error exceeds their spread over the sweep, with both in words.

        The error is the largest of a finished run, infinite where one is not resolved; a table of an earlier version
        has none, and a single value no spread.
        """
        found = {}
        for quantity in self.head.quantities:
            values = self.table[quantity.column][self.finished]
            errors = self.table.get(quantity.error_column, np.array([np.nan]))
            values, errors = values[np.isfinite(values)], errors[~np.isnan(errors)]
            spread = float(np.ptp(values)) if len(values) > 1 else 0.0
            if len(values) > 1 and len(errors) and errors.max() > spread:
                error = f"{errors.max():.2g} {quantity.unit}".rstrip() if np.isfinite(errors.max()) else "not resolved"
                found[quantity.name] = f"numerical error {error}, spread {spread:.2g} {quantity.unit}".rstrip()
        return found

    @cached_property
    def traces(self) -> "xarray.Dataset | None":
        """The traces, read when asked for; None where the sweep keeps none. Raises ResultError.

        Dimensions run, sample and pulse. time(run, sample) in s goes with every column of the terminals that is
        kept; the columns of pulses.csv are called pulse_<name>, NaN behind the n_pulses(run) that a run has.
        """
        if not self.head.traces:
            return None
        import xarray

        place = self.path / sweep_file_names.TRACES
        try:
            with clear_errors(place, "read"):
                found: xarray.Dataset = xarray.open_zarr(place, consolidated=False, chunks=None)
        except ValueError as error:
            raise ResultError(f"{place}: cannot be read ({error}); gather again") from error
        if found.attrs.get("mark") != self.head.mark:
            raise ResultError(f"{place}: is not of the same gathering as {sweep_file_names.TABLE}; gather again")
        return found


def read_sweep(out: Path) -> Sweep:
    """Return the gathered sweep in a directory. Raises ResultError, MissingPackageError."""
    require("sweep", "the table of a sweep")
    import pyarrow
    from pyarrow import parquet

    path = out / sweep_file_names.TABLE
    if not path.is_file():
        raise ResultError(f"{out}: holds no gathered sweep (it has no {path.name}); run or gather it first")
    try:
        with clear_errors(path, "read"):
            table = parquet.read_table(path, memory_map=False)
        head = SweepHead.of(table.schema.metadata[METADATA].decode())
    except (pyarrow.ArrowException, ValueError, KeyError, TypeError) as error:
        raise ResultError(f"{path}: is not the table of a sweep ({error}); gather again") from error
    return Sweep(out, head, {name: _column(table[name]) for name in table.column_names})


def gaps(path: Path) -> dict[str, int]:
    """Return by quantity in how many finished rows of a table it has no value; those with none are left out."""
    from pyarrow import compute, parquet

    file = parquet.ParquetFile(path)
    head = SweepHead.of(file.schema_arrow.metadata[METADATA].decode())
    found = dict.fromkeys((quantity.name for quantity in head.quantities), 0)
    columns = ["status", *(quantity.column for quantity in head.quantities)]
    for batch in file.iter_batches(columns=columns):
        finished = compute.equal(batch["status"], "finished")
        for quantity in head.quantities:
            empty = compute.and_(finished, compute.is_nan(batch[quantity.column]))
            found[quantity.name] += compute.sum(empty).as_py() or 0
    return {name: count for name, count in found.items() if count}


def _column(column: Any) -> np.ndarray:
    values = column.to_numpy()
    return np.asarray(values, dtype=str) if values.dtype == object else np.asarray(values)
