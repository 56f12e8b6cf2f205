"""What a sweep gathers from its runs: [[quantity]] and [traces], checked against what a run has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eisfv.case.case import Case
from eisfv.case.problems import did_you_mean, display
from eisfv.observers.pulses import PULSE_COLUMNS
from eisfv.observers.spectra import COLUMNS as SPECTRUM_COLUMNS
from eisfv.observers.spectra import NOISE_COLUMNS
from eisfv.observers.terminals import TERMINAL_COLUMNS
from eisfv.postprocess.quantities.quantity import (
    TAKEN,
    TAKEN_OPTIONAL,
    ExpectedError,
    Quantity,
    check_among,
    check_keys,
    taken,
)
from eisfv.result import Column
from eisfv.result.sweep_table import OWN_COLUMNS, error_column
from eisfv.sweeping import schema
from eisfv.sweeping.axes import Axis
from eisfv.sweeping.faults import Faults
from eisfv.sweeping.plan import Traces
from eisfv.sweeping.traces import trace_names

SAMPLES = 100_000  # of a run; some runs are in memory while they are gathered
HEADERS: Mapping[str, Sequence[str]] = {
    "pulses": [column.header for column in PULSE_COLUMNS if column.kind != "text"],
    "terminals": [column.header for column in TERMINAL_COLUMNS],
    "impedance": [column.header for column in (*SPECTRUM_COLUMNS, *NOISE_COLUMNS)],
}


def read_quantities(
    entries: Sequence[Mapping[str, Any]], axes: Sequence[Axis], case: Case, faults: Faults
) -> tuple[Quantity, ...]:
    """Return the quantities; those with faults are left out."""
    found: dict[int, Quantity] = {}
    for number, entry in enumerate(entries):
        place = f"{display(faults.file)}: quantity[{number}]"
        try:
            check_keys(place, entry, TAKEN, TAKEN_OPTIONAL)
            found[number] = taken(place, entry)
        except ExpectedError as error:
            faults.add_text(str(error))
            continue
        _check_source(number, found[number], case, faults)
    quantities = tuple(found.values())
    columns = {axis.header: "an axis" for axis in axes} | dict.fromkeys(OWN_COLUMNS, "every sweep")
    for k, (number, quantity) in enumerate(found.items()):
        try:
            check_among(f"{display(faults.file)}: quantity[{number}]", k, quantities)
        except ExpectedError as error:
            faults.add_text(str(error))
        for header in (Column(quantity.name, quantity.unit).header, error_column(quantity.name, quantity.unit)):
            if header in columns:
                words = f'makes the column "{header}", which {columns[header]} has too; rename it'
                faults.add(("quantity", number, "name"), words, quantity.name)
            columns.setdefault(header, "another quantity")
    return quantities


def _check_source(number: int, quantity: Quantity, case: Case, faults: Faults) -> None:
    """Refuse what no run of the case has."""
    if quantity.table == "profiles":
        regions = [region.name for region in case.device.regions]
        if quantity.region not in regions:
            words = f"is no region of the case{did_you_mean(quantity.region, regions)}"
            faults.add(("quantity", number, "region"), words, quantity.region)
        return
    if quantity.table in ("measures", "sweep"):
        words = "is not what a run of a sweep has; take pulses or terminals of its protocol"
        faults.add(("quantity", number, "from"), words, quantity.table)
        return
    if quantity.table == "pulses" and not case.protocol.pulses:
        faults.add(("quantity", number, "from"), "finds no pulse in the case; mark steps with pulse = true", "pulses")
    if quantity.table == "impedance" and next(case.protocol.spectra, None) is None:
        words = 'finds no spectrum in the case; put a step with drive = "impedance" into its protocol'
        faults.add(("quantity", number, "from"), words, "impedance")
    for key, expression in (("column", quantity.column), ("against", quantity.against)):
        for name in expression.names if expression is not None else ():
            if name not in HEADERS[quantity.table]:
                hint = did_you_mean(name, HEADERS[quantity.table])
                faults.add(("quantity", number, key), f'has no column "{name}"{hint}', expression and expression.text)


def check_columns(axes: Sequence[Axis], traces: Traces | None, faults: Faults) -> None:
    """Refuse an axis whose column is called as one that every sweep has, or its traces, or another axis."""
    taken = dict.fromkeys(OWN_COLUMNS, "every sweep has")
    if traces is not None:
        taken |= dict.fromkeys(trace_names(traces), "traces.zarr has")
    for number, axis in enumerate(axes):
        if axis.header in taken:
            words = f'makes the column "{axis.header}", which {taken[axis.header]} too; give it another name'
            faults.add(("axis", number, "name"), words, axis.name)
        taken.setdefault(axis.header, "another axis has")


def read_traces(table: schema.Traces | None, faults: Faults) -> Traces | None:
    """Return what is kept of the terminals, None for nothing."""
    if table is None:
        return None
    for number, name in enumerate(table.columns):
        if name == "time_s":
            faults.add(("traces", "columns", number), "is always there; remove it", name)
        elif name not in HEADERS["terminals"]:
            words = f"is no column of the terminals{did_you_mean(name, HEADERS['terminals'])}"
            faults.add(("traces", "columns", number), words, name)
    if table.samples > SAMPLES:
        words = f"is more than a run has steps; {SAMPLES:_} is the most".replace("_", " ")
        faults.add(("traces", "samples"), words, table.samples)
    for name in _twice(table.columns):
        faults.add(("traces", "columns"), f'has "{name}" twice; remove one of them')
    return Traces(tuple(table.columns), table.samples, table.scale)


def _twice(names: Sequence[str]) -> Iterable[str]:
    return dict.fromkeys(name for k, name in enumerate(names) if name in names[:k])
