"""The measures of a case: runs inside its run directory that start from the state in which its protocol has ended.

Each is a case of its own, with the measure's steps as its protocol, and a run directory of its own. What is finished is
not run again; their pulses are gathered into measures.csv.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from pathlib import Path

import numpy as np

from eisfv.case.case import Case
from eisfv.case.resolving import START
from eisfv.model.measure import Measure
from eisfv.observers.observer import Value
from eisfv.observers.pulses import PULSE_COLUMNS
from eisfv.result import Column, MemoryDirectory, RunDirectory
from eisfv.result.file_names import PULSES, measure_run
from eisfv.result.status import read_status
from eisfv.result.table_reading import read_table
from eisfv.text_files import checksum
from eisfv.units import DIMENSIONS, UnitError, parse


@dataclass(frozen=True)
class Branch:
    """One measure as a run. number: counted from 1."""

    number: int
    name: str
    case: Case
    out: Path


Runner = Callable[[Sequence[Branch], Callable[[], None], Callable[[Branch, str], None]], None]
"""Runs branches that are not finished; calls the first function now and then, which raises KeyboardInterrupt, and the
second with every branch that has ended and the reason where it has failed."""


def made(
    case: Case,
    directory: RunDirectory | MemoryDirectory,
    state: Path,
    runner: Runner,
    stopped: Callable[[], None],
    tell: Callable[[str], None],
) -> Iterator[str]:
    """Run the measures of a case from a state that is kept in a file, and write their table; give a line for each that
    failed."""
    branches = [branch(case, number, directory.path, state) for number in range(1, len(case.file.measure) + 1)]
    failed: dict[int, str] = {}

    def ended(one: Branch, reason: str) -> None:
        label = f"measure {one.number} of {len(branches)} ({one.name})"
        if reason:
            failed[one.number] = f"{label} failed: {reason}"
        else:
            tell(f"{label} is done")

    runner([one for one in branches if not finished(one)], stopped, ended)
    directory.write_measures(*table(case.file.measure, branches))
    yield from (failed[number] for number in sorted(failed))


def left_out(case: Case) -> Iterator[str]:
    """Give what to say where many runs of a case are made: its measures are not among them."""
    if case.file.measure:
        yield f"the [[measure]] of {case.title} are not made: of every run its protocol alone is driven"


def branch(case: Case, number: int, root: Path, state: Path) -> Branch:
    """Return a measure as a run of its own."""
    measure = case.file.measure[number - 1]
    title = f"{case.title}: {measure.title(number)}"
    file = replace(
        case.file,
        case=replace(case.file.case, title=title),
        protocol=measure.steps,
        measure=(),
        solver=case.solver,
        start=START,
        start_sha256=checksum(state),
    )
    attachments = {**case.attachments, START: state}
    own = replace(case, title=title, protocol=measure.protocol, file=file, attachments=attachments)
    return Branch(number, measure.title(number), own, measure_run(root, number))


def finished(one: Branch) -> bool:
    """Return whether a branch is finished."""
    status = read_status(one.out) if one.out.is_dir() else None
    return status is not None and status.state == "finished"


def table(
    measures: Sequence[Measure], branches: Sequence[Branch]
) -> tuple[Sequence[Column], Iterator[Sequence[Value]]]:
    """Return the columns and rows of measures.csv: what tells the variants apart, then their pulses."""
    keys = list(dict.fromkeys(key for measure in measures for key in measure.keys or {}))
    named = {key: column_of(key, [single(m.keys[key]) for m in measures if m.keys and key in m.keys]) for key in keys}
    head = [Column("variant", "", "measure, counted from 1", "count"), Column("name", "", "its name", "text")]
    head += [column for column, _ in named.values()]
    head += [Column("state", "", "of its run", "text"), *PULSE_COLUMNS]

    def rows() -> Iterator[Sequence[Value]]:
        nothing: tuple[Value, ...] = tuple("" if column.kind == "text" else nan for column in PULSE_COLUMNS)
        for one, measure in zip(branches, measures, strict=True):
            own = [cell(measure.keys or {}, key, dimension) for key, (_, dimension) in named.items()]
            status = read_status(one.out)
            state = status.state if status is not None else "failed"
            start: tuple[Value, ...] = (one.number, measure.name or "", *own, state)
            pulses = read_table(one.out / PULSES) if (one.out / PULSES).is_file() else {}
            columns = [of_kind(column, pulses[column.header]) for column in PULSE_COLUMNS if pulses]
            found = list(zip(*columns, strict=True))
            yield from ((*start, *row) for row in found or [nothing])

    return head, rows()


def of_kind(column: Column, values: np.ndarray) -> list[Value]:
    """Return the cells of a column: counts as whole numbers."""
    found: list[Value] = (values.astype(int) if column.kind == "count" else values).tolist()
    return found


def column_of(key: str, values: Sequence[object]) -> tuple[Column, str]:
    """Return the column of a key that varies and what it measures: "" where it is no quantity."""
    name = re.sub(r"\W+", "_", key).strip("_")
    for dimension, known in DIMENSIONS.items():
        if all(isinstance(value, str) and measures(value, dimension) for value in values):
            return Column(name, known.si, key), dimension
    numbers = all(isinstance(value, int | float) for value in values)
    return Column(name, "", key, "number" if numbers else "text"), ""


def single(value: object) -> object:
    """Return the entry of a list of one, such as the interval of a spike pair."""
    return value[0] if isinstance(value, list | tuple) and len(value) == 1 else value


def measures(text: str, dimension: str) -> bool:
    """Return whether a text is a quantity of a dimension."""
    try:
        parse(text, dimension)
    except UnitError:
        return False
    return True


def cell(values: Mapping[str, object], key: str, dimension: str) -> Value:
    """Return a value of a key that varies, in SI; what a variant does not have is NaN."""
    value = single(values.get(key, nan))
    if isinstance(value, str):
        return parse(value, dimension) if dimension else re.sub(r'[,"\n]', " ", value)
    return value if isinstance(value, int | float) else re.sub(r'[,"\n]', " ", str(value))
