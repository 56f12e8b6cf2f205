"""Gathered sweeps made of formulas, written as a sweep's directory has them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from eisfv.result import Column
from eisfv.result.sweep_file_names import TABLE
from eisfv.result.sweep_table import METADATA, SweepAxis, SweepHead, SweepQuantity

Row = Mapping[str, float | str]


def axis(name: str, unit: str, values: Sequence[float | str], scale: str = "list", zipped: str = "") -> SweepAxis:
    """An axis of a grid."""
    numbers = [value for value in values if not isinstance(value, str)]
    ends = (min(numbers), max(numbers)) if numbers else (None, None)
    column = Column(name, unit).header
    return SweepAxis(name, unit, column, scale, tuple(values), *ends, zipped)


def drawn_axis(name: str, unit: str, low: float, high: float, scale: str = "linear") -> SweepAxis:
    """An axis of a sample."""
    return SweepAxis(name, unit, Column(name, unit).header, scale, (), low, high, "")


def quantity(name: str, unit: str = "", label: str = "") -> SweepQuantity:
    return SweepQuantity(name, unit, label, Column(name, unit).header)


def grid_rows(axes: Sequence[SweepAxis]) -> list[Row]:
    """Every combination of axes, the last changing fastest."""
    rows: list[dict[str, float | str]] = [{}]
    for one in axes:
        rows = [{**row, one.name: value} for row in rows for value in one.values]
    return list(rows)


def write_sweep(
    out: Path,
    axes: Sequence[SweepAxis],
    quantities: Sequence[SweepQuantity],
    rows: Sequence[Row],
    outputs: Callable[[Row], Mapping[str, float]],
    *,
    failed: Sequence[int] = (),
    method: str = "grid",
    size: int = 0,
    title: str = "a sweep",
) -> Path:
    """Write the table of a sweep whose runs give `outputs` of their inputs, and return its directory."""
    import pyarrow
    from pyarrow import parquet

    out.mkdir(parents=True, exist_ok=True)
    given = [{} if k in failed else outputs(row) for k, row in enumerate(rows)]
    columns: dict[str, list[float] | list[str] | list[int] | np.ndarray] = {"number": list(range(len(rows)))}
    for one in axes:
        columns[one.column] = [row[one.name] for row in rows]
    for one_quantity in quantities:
        columns[one_quantity.column] = [values.get(one_quantity.name, np.nan) for values in given]
    columns["status"] = ["failed" if k in failed else "finished" for k in range(len(rows))]
    columns["reason"] = ["it does not converge at t = 1 s" if k in failed else "" for k in range(len(rows))]
    columns["wall_s"] = np.ones(len(rows))
    columns["host"] = [""] * len(rows)
    columns["key"] = [f"{k:064x}" for k in range(len(rows))]
    head = SweepHead(title, method, size, 1, tuple(axes), tuple(quantities), False, "0")
    table = pyarrow.table(columns).replace_schema_metadata({METADATA: head.text().encode()})
    parquet.write_table(table, out / TABLE)
    return out
