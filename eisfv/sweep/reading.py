"""From a sweep file to a Plan, or to every fault in it at once."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from eisfv.case import CaseError, load
from eisfv.case.case import Case
from eisfv.case.file_tree import find_file, read_toml
from eisfv.case.problems import Key, did_you_mean, display
from eisfv.model.record import Reading
from eisfv.postprocess.quantities.expressions import ExpressionError
from eisfv.postprocess.quantities.quantity import Quantity
from eisfv.sweep import schema
from eisfv.sweep.axes import Axis
from eisfv.sweep.axis_checks import check_keys, check_values
from eisfv.sweep.axis_reading import read_axes
from eisfv.sweep.constraints import Constraint, parse_constraint
from eisfv.sweep.faults import Faults
from eisfv.sweep.plan import Executor, Plan, Slurm, kept
from eisfv.sweep.quantity_reading import check_columns, read_quantities, read_traces
from eisfv.sweep.sampling import Grid, Sample, Sampling
from eisfv.sweep.scatter import correlation_matrix

FILE = "sweep.toml"


def read_plan(path: Path) -> Plan:
    """Return the sweep of a sweep file, or of a directory with a sweep.toml. Raises CaseError with a line for each
    fault."""
    file = find_sweep(path)
    tree = read_toml(file)
    if "device" in tree and "sweep" not in tree:
        raise CaseError([f"{display(file)}: is a case; name a sweep file, with [sweep] and case = ..."])
    faults = Faults(file)
    table = _validated(tree, faults)
    base = (file.parent / table.sweep.case).resolve()
    overrides = tuple(table.sweep.set)
    case = _base_case(base, overrides, table, faults)
    axes = read_axes(table, faults)
    traces = read_traces(table.traces, faults)
    check_columns(axes or (), traces, faults)
    executor = _executor(table.executor, file, faults)
    sampling = _sampling(table, axes or (), faults)
    constraints = _constraints(table, axes, faults)
    quantities: tuple[Quantity, ...] = ()
    if case is not None:
        if axes is not None:
            check_keys(base, overrides, axes, faults)
            check_values(base, overrides, axes, sampling, faults)
            case = _first_case(
                case, base, [*overrides, *(text for axis in axes for text in axis.overrides(axis.first))]
            )
        quantities = read_quantities(table.quantity, axes or (), case, faults)
    faults.stop()
    assert axes is not None  # else there were faults
    count = sum(len(next(iter(columns.values()))) for columns in kept(axes, sampling, constraints))
    if not count:
        faults.add(("constraint",), f"leaves none of {sampling.total} points; loosen it")
        faults.stop()
    out = file.parent / (table.sweep.out or Path("runs") / file.stem)
    return Plan(
        file=file,
        title=table.sweep.title,
        case=base,
        overrides=overrides,
        axes=axes,
        sampling=sampling,
        constraints=constraints,
        count=count,
        quantities=quantities,
        traces=traces,
        executor=executor,
        out=out,
    )


def find_sweep(path: Path) -> Path:
    """Return the sweep file of a path that is one, or a directory with one. Raises CaseError."""
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        what = f"has no {FILE}" if path.is_dir() else "does not exist"
        raise CaseError([f"{display(path)}: {what}; name a sweep file, or a directory with a {FILE}"])
    return file


def _validated(tree: dict[str, Any], faults: Faults) -> schema.SweepFile:
    executor = tree.get("executor")
    if isinstance(executor, dict):
        executor.setdefault("kind", "local")
    try:
        return schema.SweepFile.model_validate(tree, context=Reading())
    except ValidationError as error:
        faults.add_schema(error, tree)
        raise CaseError(faults.lines) from None


def _sampling(table: schema.SweepFile, axes: tuple[Axis, ...], faults: Faults) -> Sampling:
    sample = table.sample
    if sample is None:
        return Grid(axes)
    if sample.method in ("sobol", "saltelli") and sample.points & (sample.points - 1):
        below = 1 << (sample.points.bit_length() - 1)
        words = f"is no power of two, as a Sobol sequence needs; write {below} or {2 * below}"
        faults.add(("sample", "points"), words, sample.points)
    if sample.method == "saltelli" and table.constraint:
        faults.add(("constraint",), "breaks the blocks of a saltelli sample; remove it, or draw a sobol sample")
    return Sample(axes, sample.method, sample.points, sample.seed, _correlation(sample, axes, faults))


def _correlation(sample: schema.Sample, axes: tuple[Axis, ...], faults: Faults) -> np.ndarray | None:
    """Return the matrix of correlations between the axes, None where there is none."""
    if not sample.correlation or not axes:
        return None
    names, before = [axis.name for axis in axes], len(faults.lines)
    if sample.method == "saltelli":
        faults.add(("sample", "correlation"), "contradicts Sobol indices, which need axes of their own; remove it")
    pairs: dict[tuple[str, str], float] = {}
    for number, entry in enumerate(sample.correlation):
        one, other = entry.between
        place: Key = ("sample", "correlation", number, "between")
        for name in {one, other} - set(names):
            faults.add(place, f'names "{name}", which is no axis{did_you_mean(name, names)}', entry.between)
        if one == other or (one, other) in pairs or (other, one) in pairs:
            faults.add(place, "names an axis with itself, or a pair again; name each pair of two once", entry.between)
        pairs[one, other] = entry.value
    if len(faults.lines) > before:
        return None
    matrix = correlation_matrix(names, pairs)
    if np.linalg.eigvalsh(matrix).min() < 1e-9:
        faults.add(("sample", "correlation"), "holds values that cannot be true together; bring some closer to zero")
        return None
    return matrix


def _constraints(table: schema.SweepFile, axes: tuple[Axis, ...] | None, faults: Faults) -> tuple[Constraint, ...]:
    numbers = [axis.name for axis in axes or () if not axis.has_words]
    found = []
    for number, entry in enumerate(table.constraint):
        try:
            constraint = parse_constraint(entry.keep)
        except ExpressionError as error:
            faults.add(("constraint", number, "keep"), str(error), entry.keep)
            continue
        for name in constraint.names if axes is not None else ():
            if name not in numbers:
                words = f'takes "{name}", which is no axis of numbers{did_you_mean(name, numbers)}'
                faults.add(("constraint", number, "keep"), words, entry.keep)
        found.append(constraint)
    return tuple(found)


def _base_case(base: Path, overrides: tuple[str, ...], table: schema.SweepFile, faults: Faults) -> Case | None:
    try:
        find_file(base)
    except CaseError as error:
        what = str(error).partition(": ")[2].partition(";")[0]
        faults.add(("sweep", "case"), f"{what}; name a case directory, from here", table.sweep.case)
        return None
    try:
        return load(base, overrides)
    except CaseError as error:
        for line in error.lines:
            if line.startswith("--set: "):
                faults.add_case(("sweep", "set"), [line])
            else:
                faults.add_text(line)
    return None


def _first_case(case: Case, base: Path, overrides: Sequence[str]) -> Case:
    """Return the case at the first values; the base case where these do not go together."""
    with suppress(CaseError):
        return load(base, overrides)
    return case


def _executor(table: schema.Executor, file: Path, faults: Faults) -> Executor:
    task, keep = float(table.task), table.keep
    if isinstance(table, schema.Local):
        return Executor("local", table.workers or len(os.sched_getaffinity(0)), task, keep)
    if isinstance(table, schema.Parsl):
        config = file.parent / table.config
        if not config.is_file():
            faults.add(("executor", "config"), "is not there; write a file that defines config", table.config)
        return Executor("parsl", 0, task, keep, config=config)
    slurm = Slurm(
        nodes=table.nodes,
        cores_per_node=table.cores_per_node,
        partition=table.partition or "",
        account=table.account or "",
        qos=table.qos or "",
        walltime=float(table.walltime),
        preamble=table.preamble if isinstance(table.preamble, str) else "\n".join(table.preamble),
        options=tuple(table.options),
    )
    return Executor("slurm", table.nodes * table.cores_per_node, task, keep, slurm=slurm)
