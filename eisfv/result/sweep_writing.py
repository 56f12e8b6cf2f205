"""The table and the traces of a sweep while they are written, some rows at a time."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from eisfv.result.streams import Column
from eisfv.result.sweep_table import METADATA, SweepHead

CHUNK = 8192  # values of a chunk: a run's trace is read without many others
TIME = Column("time", "s", "time since the start of the run")


@dataclass(frozen=True)
class Row:
    """A point and its run. values by axis, outputs and their numerical errors by quantity (SI), arrays by name; what is
    not there is empty."""

    number: int
    key: str
    values: Mapping[str, float | str]
    outputs: Mapping[str, float]
    errors: Mapping[str, float]
    status: str
    reason: str
    wall: float
    host: str
    arrays: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class TracePlan:
    """The size of the traces: runs, samples of a run, pulses of the run that has most, columns of the terminals and of
    the pulses that are kept."""

    count: int
    samples: int
    pulses: int
    columns: tuple[Column, ...]
    pulse_columns: tuple[Column, ...]


class TableWriter:
    """runs.parquet; a context manager."""

    def __init__(self, path: Path, head: SweepHead) -> None:
        import pyarrow
        from pyarrow import parquet

        self.head = head
        number, text = pyarrow.float64(), pyarrow.string()
        fields = [pyarrow.field("number", pyarrow.int64())]
        for axis in head.axes:
            words = any(isinstance(value, str) for value in axis.values)
            fields.append(described(pyarrow.field(axis.column, text if words else number), axis.unit))
        for entry in head.quantities:
            names = entry.column, entry.error_column
            fields += [described(pyarrow.field(name, number), entry.unit) for name in names]
        fields += [pyarrow.field("status", text), pyarrow.field("reason", text)]
        fields += [described(pyarrow.field("wall_s", number), "s"), pyarrow.field("host", text)]
        fields += [pyarrow.field("key", text)]
        self.schema = pyarrow.schema(fields, metadata={METADATA: head.text().encode()})
        self.writer = parquet.ParquetWriter(path, self.schema, compression="zstd")

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows."""
        import pyarrow

        nan = float("nan")
        columns: dict[str, list[Any]] = {
            "number": [row.number for row in rows],
            "status": [row.status for row in rows],
            "reason": [row.reason for row in rows],
            "wall_s": [row.wall for row in rows],
            "host": [row.host for row in rows],
            "key": [row.key for row in rows],
        }
        columns |= {axis.column: [row.values[axis.name] for row in rows] for axis in self.head.axes}
        columns |= {q.column: [row.outputs.get(q.name, nan) for row in rows] for q in self.head.quantities}
        columns |= {q.error_column: [row.errors.get(q.name, nan) for row in rows] for q in self.head.quantities}
        self.writer.write_table(pyarrow.table(columns, schema=self.schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.writer.close()


def described(field: Any, unit: str) -> Any:
    """Return a field of the table with its unit."""
    return field.with_metadata({b"units": (unit or "1").encode()})


class TraceWriter:
    """traces.zarr. Rows come in batches of `rows`, and each batch is one file of every variable."""

    def __init__(self, path: Path, head: SweepHead, plan: TracePlan, rows: int) -> None:
        import zarr

        self.path, self.head, self.plan, self.rows, self.start = path, head, plan, rows, 0
        attributes: dict[str, Any] = {"title": head.title, "mark": head.mark}
        self.group: Any = zarr.open_group(path, mode="w", zarr_format=3, attributes=attributes)
        self.create(Column("run", "", "number of the point"), (), "i8")
        self.create(Column("n_pulses", "", "pulses of the run"), (), "i8")
        for axis in head.axes:
            words = [value for value in axis.values if isinstance(value, str)]
            self.create(Column(axis.column, axis.unit, axis.name), (), "f8", words)
        for column in (TIME, *plan.columns):
            self.create(column, ("sample",), "f8")
        for column in plan.pulse_columns if plan.pulses else ():
            self.create(Column(f"pulse_{column.name}", column.unit, column.long_name), ("pulse",), "f8")

    def create(self, column: Column, dimensions: tuple[str, ...], kind: str, words: Sequence[str] = ()) -> None:
        """Make an array over the runs."""
        inner = tuple({"sample": self.plan.samples, "pulse": self.plan.pulses}[name] for name in dimensions)
        attributes: dict[str, Any] = {"units": column.unit or "1", "long_name": column.long_name or column.name}
        if words:
            attributes |= {"flag_values": list(range(len(words))), "flag_meanings": " ".join(words)}
        size = int(np.prod(inner, dtype=int))
        chunk = max(1, min(self.rows, CHUNK // max(1, size)))
        while self.rows % chunk:  # a file holds whole chunks
            chunk -= 1
        self.group.create_array(
            column.name,
            shape=(self.plan.count, *inner),
            chunks=(chunk, *inner),
            shards=(self.rows, *inner),
            dtype=kind,
            fill_value=0 if kind == "i8" else float("nan"),
            dimension_names=("run", *dimensions),
            attributes=attributes,
        )

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows: a full batch, or the last one."""
        self.put("run", np.array([row.number for row in rows]))
        lengths = [len(row.arrays.get(f"pulse_{self.plan.pulse_columns[0].name}", ())) for row in rows]
        self.put("n_pulses", np.array(lengths))
        for axis in self.head.axes:
            codes: dict[float | str, float] = {v: float(n) for n, v in enumerate(axis.values) if isinstance(v, str)}
            values = [row.values[axis.name] for row in rows]
            self.put(axis.column, np.array([codes.get(value, value) for value in values]))
        for name, width in self.widths():
            block = np.full((len(rows), width), np.nan)
            for line, row in zip(block, rows, strict=True):
                known = row.arrays.get(name, ())
                line[: len(known)] = known
            self.put(name, block)
        self.start += len(rows)

    def end(self) -> None:
        """Write what all arrays are once more in one place: a reader opens one file, and xarray looks there first."""
        import zarr

        with warnings.catch_warnings():
            # Zarr says that its format does not have it yet; a reader that does not know it reads the arrays' own.
            warnings.filterwarnings("ignore", "Consolidated metadata", UserWarning)
            zarr.consolidate_metadata(self.path)

    def widths(self) -> list[tuple[str, int]]:
        """Return the names of the arrays of two dimensions with their second length."""
        plan = self.plan
        pulses = [(f"pulse_{column.name}", plan.pulses) for column in (plan.pulse_columns if plan.pulses else ())]
        return [(column.name, plan.samples) for column in (TIME, *plan.columns)] + pulses

    def put(self, name: str, values: np.ndarray) -> None:
        """Write the values of the rows at hand."""
        self.group[name][self.start : self.start + len(values)] = values
