"""`eisfv.sweep`, `eisfv.open_sweep`, `eisfv.plan_sweep`: many variants of a case, never one twice."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eisfv.api.given import path_of, place_or_none, workers_of
from eisfv.api.sweep_progress import shown
from eisfv.api.warning import warn
from eisfv.case.problems import CaseError
from eisfv.postprocess.sweeps.plots import plot_sweep
from eisfv.postprocess.sweeps.scatter import HEADER, scatters, spreads
from eisfv.result import sweep_file_names
from eisfv.result.sweep_table import Sweep as Gathered
from eisfv.result.sweep_table import read_sweep
from eisfv.sweeping.driver import run_sweep
from eisfv.sweeping.dry_run import dry_run
from eisfv.sweeping.gather import gather
from eisfv.sweeping.plan import Plan
from eisfv.sweeping.points import Summary
from eisfv.sweeping.reading import FILE, read_plan

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


class Sweep:
    """A gathered sweep. summary: how it went where it was run here, else None."""

    def __init__(self, gathered: Gathered, summary: Summary | None = None) -> None:
        self.gathered, self.summary = gathered, summary

    @property
    def directory(self) -> Path:
        """Where the sweep is kept."""
        return self.gathered.path

    @property
    def table(self) -> "pd.DataFrame":
        """A row a point: inputs and outputs with their units, as "thickness_um" and "dG_S", status, reason, wall_s."""
        import pandas as pd

        return pd.DataFrame(self.gathered.table).set_index("number")

    @property
    def traces(self) -> "xr.Dataset | None":
        """Dimensions run, sample, pulse, where the sweep keeps traces. Raises ResultError."""
        return self.gathered.traces

    @property
    def spread(self) -> "pd.DataFrame":
        """How every quantity scatters over the devices, a row each, in SI: mean, sd, percentiles as p15 and p85, ends
        of the median's standard error; without rows where no value scatters."""
        import pandas as pd

        found = spreads(self.gathered) if scatters(self.gathered) else []
        rows = [(one.name, one.unit, one.devices, one.mean, one.sd, *one.at, *one.ends) for one in found]
        return pd.DataFrame(rows, columns=list(HEADER)).set_index("quantity")

    def plot(self, x: str | None = None, y: str | None = None, kind: str | None = None) -> list[Path]:
        """Draw the sweep and return the files: `eisfv sweep plot`. kind: line, map, parallel, sobol, scatter. Raises
        ResultError, SweepPlotError."""
        return plot_sweep(self.directory, x, y, kind)

    def __repr__(self) -> str:
        finished, title = self.gathered.finished, self.gathered.head.title
        return f"<eisfv.Sweep {title!r}: {int(finished.sum())} of {len(finished)} points, {self.directory}>"


def sweep(
    file: str | Path,
    *,
    workers: int | None = None,
    out: str | Path | None = None,
    retry_failed: bool = False,
    trust: bool = False,
    quiet: bool = False,
) -> Sweep:
    """Run what is not done yet of a sweep file, and gather. Stopped, the same call goes on.

    workers       runs at the same time; None: what the file says
    out           where the sweep is kept; None: what the file says
    retry_failed  also run those again that failed
    trust         execute the programs that the file names
    Runs that fail do not stop the others: the table tells them. Raises CaseError, ResultError.

    >>> import eisfv
    >>> eisfv.sweep("cases/mg_wo3_pulses/case.toml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    eisfv.case.problems.CaseError: cases/mg_wo3_pulses/case.toml: is a case; name a sweep file, ...
    """
    plan = replace(planned(path_of(file), workers_of(workers), place_or_none(out), "workers = "), trust=trust)

    def say(line: str) -> None:
        if not quiet:
            warn(line)

    with shown(plan.count, quiet) as report:
        summary = run_sweep(plan, retry_failed=retry_failed, report=report, say=say)
    return Sweep(read_sweep(plan.out), summary)


def plan_sweep(file: str | Path, *, out: str | Path | None = None) -> str:
    """Return what a sweep would do: how many points, the first of them, what is done, what it would cost. Where no run
    tells the cost one is made, in a temporary directory. Raises CaseError, ResultError."""
    return "\n".join(dry_run(planned(path_of(file), None, place_or_none(out), "")))


def open_sweep(place: str | Path, *, again: bool = False) -> Sweep:
    """Return a gathered sweep, by its directory or its sweep file.

    again  gather anew what its runs have left
    Raises CaseError, ResultError.
    """
    directory = directory_of(path_of(place))
    if again:
        gather(directory)
    return Sweep(read_sweep(directory))


def planned(file: Path, workers: int | None, out: Path | None, option: str) -> Plan:
    """Return the plan of a sweep file, with what is said otherwise; option: what sets the workers, for the message.
    Raises CaseError."""
    plan = read_plan(file)
    if workers is not None and plan.executor.kind != "local":
        remedy = f"are for runs on this machine; {plan.file} says executor.kind = {plan.executor.kind}"
        raise CaseError([f"{option}{workers}: {remedy}, set them there"])
    executor = plan.executor if workers is None else replace(plan.executor, workers=workers)
    return replace(plan, executor=executor, out=plan.out if out is None else out)


def directory_of(place: Path) -> Path:
    """Return where a sweep is kept: the directory itself, or what its sweep file says. Raises CaseError."""
    if place.name in (sweep_file_names.TABLE, sweep_file_names.TRACES):
        place = place.parent
    own = any((place / name).exists() for name in (sweep_file_names.SHARDS, sweep_file_names.TABLE))
    if own or (place.is_dir() and not (place / FILE).is_file()):
        return place
    return read_plan(place).out
