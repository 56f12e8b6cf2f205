"""`eisfv sweep`, `eisfv sweep gather`, `eisfv sweep plot`."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED

if TYPE_CHECKING:  # they import NumPy
    from eisfv.sweep.plan import Plan
    from eisfv.sweep.points import Summary


def sweep_command(
    file: Path, workers: int | None, out: Path | None, *, dry_run: bool, retry_failed: bool, quiet: bool, trust: bool
) -> int:
    """Run a sweep, or tell what it would do; return the exit code. Raises CaseError, ResultError."""
    again = shlex.join(["eisfv", "sweep", str(file), *(["--out", str(out)] if out is not None else [])])
    try:
        plan = replace(planned(file, workers, out), trust=trust)
        return told(plan) if dry_run else made(plan, retry_failed, quiet)
    except KeyboardInterrupt:
        kept = "" if dry_run else f"; the runs that are done are kept, go on with: {again}"
        complain(f"{file}: interrupted{kept}")
        return FAILED


def planned(file: Path, workers: int | None, out: Path | None) -> "Plan":
    """Return the plan of a sweep file, with what the command line says otherwise. Raises CaseError."""
    from eisfv.case import CaseError
    from eisfv.sweep.reading import read_plan

    plan = read_plan(file)
    if workers is not None and plan.executor.kind != "local":
        remedy = f"are for runs on this machine; {plan.file} says executor.kind = {plan.executor.kind}"
        raise CaseError([f"--workers {workers}: {remedy}, set them there"])
    executor = plan.executor if workers is None else replace(plan.executor, workers=workers)
    return replace(plan, executor=executor, out=plan.out if out is None else out)


def told(plan: "Plan") -> int:
    """Print what a sweep would do."""
    from eisfv.sweep.dry_run import dry_run

    for line in dry_run(plan):
        print(line, flush=True)
    return DONE


def made(plan: "Plan", retry_failed: bool, quiet: bool) -> int:
    """Run a sweep and print how it went; 1 where no run finished, or where none gives some quantity."""
    from eisfv.commands.sweep_progress import shown
    from eisfv.sweep.driver import run_sweep

    with shown(plan.count, quiet) as report:
        summary = run_sweep(plan, retry_failed=retry_failed, report=report, say=lambda line: complain(f"note: {line}"))
    if not quiet:
        print(summary_line(summary))
        for line in scatter_lines(plan.out):
            print(line)
        print(summary.table)
    why = f"the column reason of {summary.table} says why"
    for name, count in summary.gaps.items() if summary.finished else ():
        complain(f"{count} of {summary.finished} finished points do not give {name}; {why}")
    if summary.failed:
        again = "; --retry-failed runs them again" if summary.failed > summary.refused else ""
        complain(f"{summary.failed} of {summary.total} points failed; {why}{again}")
    useless = not summary.finished or summary.finished in summary.gaps.values()
    return FAILED if useless else DONE


def scatter_lines(out: Path) -> list[str]:
    """Return the percentiles of every quantity where values scatter from device to device. Raises ResultError."""
    from eisfv.postprocess.sweeps.scatter import scatters, spread_lines, spreads
    from eisfv.result.sweep_table import read_sweep

    sweep = read_sweep(out)
    return spread_lines(spreads(sweep)) if scatters(sweep) else []


def summary_line(summary: "Summary") -> str:
    """Return how a sweep ended."""
    from eisfv.sweep.dry_run import time_text

    before = f", {summary.found} of them before" if summary.found else ""
    return f"{summary.finished} of {summary.total} points finished{before}, in {time_text(summary.wall)}"


def gather_command(place: Path) -> int:
    """Make the table and the traces of a sweep again from what its runs have left; return the exit code.

    Raises CaseError, ResultError.
    """
    from eisfv.sweep.gather import gather

    print(gather(directory_of(place)))
    return DONE


def plot_command(place: Path, x: str | None, y: str | None, kind: str | None) -> int:
    """Draw a gathered sweep; return the exit code. Raises CaseError, ResultError, SweepPlotError."""
    from eisfv.postprocess.sweeps.plots import plot_sweep

    for path in plot_sweep(directory_of(place), x, y, kind):
        print(path)
    return DONE


def directory_of(place: Path) -> Path:
    """Return where a sweep is kept: the directory itself, or what its sweep file says. Raises CaseError."""
    from eisfv.result import sweep_file_names
    from eisfv.sweep.reading import FILE, read_plan

    if place.name in (sweep_file_names.TABLE, sweep_file_names.TRACES):
        place = place.parent
    own = any((place / name).exists() for name in (sweep_file_names.SHARDS, sweep_file_names.TABLE))
    if own or (place.is_dir() and not (place / FILE).is_file()):
        return place
    return read_plan(place).out
