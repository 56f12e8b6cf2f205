"""A sweep that has been read and checked: which runs, what is gathered from them, where they run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from eisfv.postprocess.quantities.expected import Quantity
from eisfv.sweeping.axes import Axis, Value
from eisfv.sweeping.constraints import Constraint
from eisfv.sweeping.points import Point
from eisfv.sweeping.sampling import Sampling

CHUNK = 4096  # points that are made together


@dataclass(frozen=True)
class Traces:
    """Columns of the terminals (headers, as "conductance_S") that are kept of every run.

    samples  of each run, from its start to its end
    scale    of the samples' times; log: from the first step that was written
    """

    columns: tuple[str, ...]
    samples: int
    scale: Literal["linear", "log"]


@dataclass(frozen=True)
class Slurm:
    """What a batch job asks for; empty texts are not asked for.

    nodes     jobs of one node each, at most so many at the same time
    walltime  s, of a job
    preamble  lines of shell before the workers start
    options   further lines of the job script: "#SBATCH --mem=4G"
    """

    nodes: int
    cores_per_node: int
    partition: str
    account: str
    qos: str
    walltime: float
    preamble: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Executor:
    """Where runs are made.

    workers  runs at the same time; with parsl 0: the configuration says it
    task     s of wall time that a task of several runs aims at
    keep     the run directories that are kept
    config   parsl: a Python file that defines `config`
    """

    kind: Literal["local", "slurm", "parsl"]
    workers: int
    task: float
    keep: Literal["none", "failed", "all"]
    config: Path | None = None
    slurm: Slurm | None = None


@dataclass(frozen=True)
class Plan:
    """A sweep.

    file         the sweep file
    case         directory of the base case, or its file
    overrides    for all runs, as `--set`
    axes         in the order of the file; of a grid the last one changes fastest
    sampling       how the axes make up points
    constraints  a point is kept where all of them hold
    count        points that are kept
    out          the sweep's directory
    trust        let the programs that the executor names be executed
    """

    file: Path
    title: str
    case: Path
    overrides: tuple[str, ...]
    axes: tuple[Axis, ...]
    sampling: Sampling
    constraints: tuple[Constraint, ...]
    count: int
    quantities: tuple[Quantity, ...]
    traces: Traces | None
    executor: Executor
    out: Path
    trust: bool = False

    def points(self) -> Iterator[Point]:
        """Give the points that are kept, one after another; none is held."""
        return points(self.axes, self.sampling, self.constraints, self.overrides)


def points(
    axes: tuple[Axis, ...], sampling: Sampling, constraints: tuple[Constraint, ...], overrides: tuple[str, ...]
) -> Iterator[Point]:
    """Give the points of a sampling where all the constraints hold, numbered from 0."""
    number = 0
    for columns in kept(axes, sampling, constraints):
        names = [axis.name for axis in axes]
        for row in zip(*(columns[name] for name in names), strict=True):
            values: dict[str, Value] = {
                name: str(value) if isinstance(value, str) else float(value)
                for name, value in zip(names, row, strict=True)
            }
            own = (text for axis in axes for text in axis.overrides(values[axis.name]))
            yield Point(number, values, (*overrides, *own))
            number += 1


def kept(
    axes: tuple[Axis, ...], sampling: Sampling, constraints: tuple[Constraint, ...]
) -> Iterator[Mapping[str, np.ndarray]]:
    """Give the values that are kept, by axis name, some thousand points at a time."""
    for start in range(0, sampling.total, CHUNK):
        columns = sampling.columns(start, min(start + CHUNK, sampling.total))
        if not constraints:
            yield columns
            continue
        in_si = {axis.name: axis.in_si(columns[axis.name]) for axis in axes if not axis.has_words}
        keep = np.logical_and.reduce([constraint.holds(in_si) for constraint in constraints])
        yield {name: values[keep] for name, values in columns.items()}
