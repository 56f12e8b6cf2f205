"""The tables of a sweep file.

[sweep]         title, case (directory of the base case, from the sweep file), set = ["mesh.growth=1.3"] for all
                runs, out (where the sweep is kept; default runs/NAME beside the sweep file)
[[axis]]        key, or keys that take one value; name of the column (default: the last word of the key);
                values = [...], or from, to, points and scale = "linear" | "log"; whole = true rounds;
                axes with the same zip advance together; in place of all these mean and sd, or median and factor:
                a value that scatters from device to device, with from and to cut there (`eisfv.sweep.scatter`)
[sample]        in place of a grid: method, points, seed; the axes say from, to and scale, or how they scatter
[[sample.correlation]]  between = ["thickness", "diffusivity"], value = 0.5
[[constraint]]  keep = "channel <= 2 * reservoir": arithmetic over axes in SI
[[quantity]]    what is gathered, as in an expected.toml: name, from, column, select, reduce, ...
[traces]        columns of the terminals that are kept, on how many samples of every run
[executor]      kind = "local" | "slurm" | "parsl", workers, task, keep, and what the kind needs
"""

import re
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field

from eisfv.case.calibrate_schema import Bound, Key
from eisfv.case.table import Table
from eisfv.model.fields import Count, Number, Text, Time, Whole
from eisfv.model.quantity import Quantity
from eisfv.model.record import refuse

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.,:+@-]*")
MOST_AXES = 50  # a grid of 20 axes of two values is beyond a million points
Several = Annotated[int, Whole(2, "9")]


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        refuse('must be letters, digits and _, and begin with a letter; write for example "channel_thickness"')
    return text


def _word(text: str) -> str:
    if not WORD.fullmatch(text):
        refuse('must be one word, as Slurm names it; write for example "compute"')
    return text


def _value(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, str) and value.strip()):
        return value
    if not isinstance(value, int | float) or not isfinite(value):
        refuse('must be a number, a quantity or a word; write for example "80 nm"')
    return value


Word = Annotated[Text, AfterValidator(_word)]


class Sweep(Table):
    title: Text
    case: Text
    set: list[Text] = []
    out: Text | None = None


class Axis(Table):
    name: Annotated[Text, AfterValidator(_name)] | None = None
    key: Key | None = None
    keys: Annotated[list[Key], Field(min_length=1)] | None = None
    values: Annotated[list[Annotated[Any, AfterValidator(_value)]], Field(min_length=1)] | None = None
    from_: Bound | None = Field(default=None, alias="from")
    to: Bound | None = None
    points: Several | None = None
    scale: Literal["linear", "log"] | None = None
    mean: Bound | None = None
    sd: Bound | None = None
    median: Bound | None = None
    factor: Annotated[float, Number(1.0, None, "1.2")] | None = None
    whole: bool = False
    zip: Text | None = None


class Correlation(Table):
    between: Annotated[list[Text], Field(min_length=2, max_length=2)]
    value: Annotated[float, Number(-1.0, 1.0, "0.5")]


class Sample(Table):
    method: Literal["random", "latin_hypercube", "sobol", "saltelli"]
    points: Several
    seed: Annotated[int, Whole(0, "1")] = 1
    correlation: list[Correlation] = []


class Constraint(Table):
    keep: Text


class Traces(Table):
    columns: Annotated[list[Text], Field(min_length=1)]
    samples: Several = 200
    scale: Literal["linear", "log"] = "linear"


class Common(Table):
    """What every executor has. task: the wall time that a task of several runs aims at."""

    task: Time = Quantity(60.0, "1 min")
    keep: Literal["none", "failed", "all"] = "none"


class Local(Common):
    kind: Literal["local"]
    workers: Count | None = None


class Slurm(Common):
    """Jobs of one node each, at most `nodes` at the same time; options are further lines of #SBATCH."""

    kind: Literal["slurm"]
    nodes: Count = 1
    cores_per_node: Count
    partition: Word | None = None
    account: Word | None = None
    qos: Word | None = None
    walltime: Time
    preamble: str | list[str] = ""
    options: list[Text] = []


class Parsl(Common):
    kind: Literal["parsl"]
    config: Text


Executor = Annotated[Local | Slurm | Parsl, Discriminator("kind")]


class SweepFile(Table):
    """The whole file; the entries of `quantity` are read by `eisfv.postprocess.quantities.quantity`."""

    sweep: Sweep
    axis: Annotated[list[Axis], Field(min_length=1, max_length=MOST_AXES)]
    sample: Sample | None = None
    constraint: list[Constraint] = []
    quantity: list[dict[str, Any]] = []
    traces: Traces | None = None
    executor: Executor = Field(default={"kind": "local"}, validate_default=True)
