"""`eisfv.calibrate`: the values of a case's `[calibrate]` table, fitted to quantities of cases."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.api.given import path_of, place_or_none, workers_of
from eisfv.api.places import free
from eisfv.calibration.adjoint import adjoint_slopes
from eisfv.calibration.fit import Fit, NoInfluenceError, NoStartError, Report, Residuals, fitted
from eisfv.calibration.found import Found, standard_errors
from eisfv.calibration.meshes import FOLDER as MESHES
from eisfv.calibration.meshes import meshes_at
from eisfv.calibration.model import check_tapes, model_values, numerical_errors, residuals_at, values_at
from eisfv.calibration.plan import Plan
from eisfv.calibration.posterior import drawn, sampler
from eisfv.calibration.profile import profiled
from eisfv.calibration.reading import read_plan
from eisfv.calibration.runs import KEPT, Runs, forget, runs
from eisfv.calibration.starts import from_all, spread_starts
from eisfv.calibration.telling import cautions, summary
from eisfv.calibration.writing import files_of, write_fit
from eisfv.case.problems import CaseError, display
from eisfv.errors import FAILED, EisfvError

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "calibrated"
Say = Callable[[str], None]


class BrokenFitError(EisfvError):
    """A process with a run of a fit was ended from outside."""

    exit_code = FAILED


@dataclass(frozen=True)
class Calibration:
    """A fit: its plan, what it has found, and the files that tell it."""

    plan: Plan
    found: Found
    files: tuple[Path, ...]

    @property
    def fit(self) -> Fit:
        """The best fit."""
        return self.found.fit

    @property
    def converged(self) -> bool:
        """Whether the fit ended by itself."""
        return self.fit.converged

    @property
    def values(self) -> "pd.DataFrame":
        """A row a parameter: value and standard error in `unit`, NaN without one, and whether it is at its bound."""
        import pandas as pd

        return pd.DataFrame(
            {
                "value": values_at(self.plan, self.fit.coordinates),
                "error": standard_errors(self.plan, self.fit),
                "unit": [parameter.unit for parameter in self.plan.parameters],
                "at_bound": self.fit.at_bound,
            },
            index=pd.Index([parameter.name for parameter in self.plan.parameters], name="parameter"),
        )

    def __str__(self) -> str:
        return "\n".join(summary(self.plan, self.found))


def calibrate(
    case: str | Path,
    *,
    workers: int | None = None,
    out: str | Path | None = None,
    force: bool = False,
    quiet: bool = False,
) -> Calibration:
    """Fit the parameters of a case's `[calibrate]` table, and write the fitted materials, errors and covariance.

    workers  runs at the same time; None: the processors there are
    out      where to write; None: calibrated in the case
    force    replace what an earlier fit wrote
    Raises CaseError, ResultError, NoStartError.

    >>> import eisfv
    >>> eisfv.calibrate("cases/mg_wo3_pulses")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    eisfv.case.problems.CaseError: cases/mg_wo3_pulses/case.toml: has nothing to fit; add ...
    """
    place, target, count = path_of(case), place_or_none(out), workers_of(workers)

    def say(line: str) -> None:
        if not quiet:
            sys.stderr.write(f"{line}\n")

    call = f"eisfv.calibrate({str(place)!r})"
    return carried_out(place, count, target, [call], say, force=force, quiet=quiet)


def carried_out(
    case: Path,
    workers: int | None,
    out: Path | None,
    command: Sequence[str],
    say: Say,
    *,
    force: bool,
    quiet: bool,
) -> Calibration:
    """Fit and write.

    command  how it was called, for the record
    say      takes a line on what a user should know, and on a run that failed
    Raises CaseError, ResultError, NoStartError, MissingPackageError, BrokenFitError.
    """
    plan = read_plan(case)
    target = out if out is not None else plan.file.parent / FOLDER
    free(target, (str(path.relative_to(target)) for path in files_of(plan, target)), force)
    for line in cautions(plan):
        say(f"warning: {line}")
    count = workers or len(os.sched_getaffinity(0))
    if plan.wanted.steps:
        sampler()
    try:
        start = [parameter.start for parameter in plan.parameters]
        meshes = meshes_at(plan, start, target / KEPT / MESHES, say)
        with runs(count, plan, meshes, target) as made, shown(plan, made, quiet) as report:

            def residuals(points: Any) -> Any:
                before = len(made.failed)
                found = residuals_at(plan, made, points)
                for job, why in made.failed[before:]:
                    say(f"a run failed: {job.case.name} with {', '.join(job.overrides)}: {why}")
                return found

            if made.journal.had:
                say(f"goes on from {made.journal.had} runs that were made before")
            found = explored(plan, made, residuals, report, say)
            written = write_fit(plan, found, command, target)
    except NoStartError as failure:
        forget(target)
        raise NoStartError(f"{case}: {failure}") from failure
    except NoInfluenceError as idle:
        forget(target)
        remedy = "changes none of the targets at its start; remove it, or add a target that depends on it"
        names = [(number, plan.parameters[number].name) for number in idle.parameters]
        lines = [f"{display(plan.file)}: calibrate.parameter[{number}]: {name} {remedy}" for number, name in names]
        raise CaseError(lines) from idle
    except BrokenProcessPool as broken:
        raise BrokenFitError(
            f"{case}: a process with a run was ended from outside; was there memory for {count} at the same time?"
        ) from broken
    return Calibration(plan, found, tuple(written))


def explored(plan: Plan, made: Runs, residuals: Residuals, report: Report, say: Say) -> Found:
    """Return the fit and what is asked for beside it. Raises NoStartError, NoInfluenceError, MissingPackageError."""
    wanted = plan.wanted
    start = np.array([parameter.coordinate(parameter.start) for parameter in plan.parameters])

    if made.tapes:
        for line in check_tapes(plan, made, start):
            say(line)

    slopes, derivatives = adjoint_slopes(plan, made, start, say)

    def fit_from(point: np.ndarray) -> Fit:
        return fitted(residuals, point, plan.count, report, plan.absolute, slopes)

    fit, minima = from_all(fit_from, spread_starts(start, wanted.starts, wanted.seed))
    profiles = [profiled(residuals, fit, k, report) for k in wanted.profile]
    posterior = None
    if wanted.steps:
        posterior = drawn(residuals, fit, wanted.steps, wanted.walkers, wanted.seed, report)
    values = values_at(plan, fit.coordinates)
    models = model_values(plan, made.outcomes(made.jobs(values)))
    assert models is not None  # the fit has been there
    numerical = numerical_errors(plan, made.outcomes(made.jobs(values, "whole")))
    return Found(
        fit, models, numerical, minima, profiles, posterior, made.made, made.reread, made.followed, derivatives
    )


@contextmanager
def shown(plan: Plan, made: Runs, quiet: bool) -> Iterator[Callable[[Any, Any], None]]:
    """Give what tells of every point the fit tries: a line that stays in place on a terminal, else one a point."""
    best: tuple[float, Any] = (float("inf"), None)

    def words(u: Any, residuals: Any) -> str:
        nonlocal best
        cost = float("inf") if residuals is None else 0.5 * float(residuals @ residuals)
        best = min(best, (cost, u), key=lambda pair: pair[0])
        head = f"{made.made} runs, cost {cost:.4g}, best {best[0]:.4g}"
        if best[1] is None:
            return head
        named = zip(plan.parameters, values_at(plan, best[1]), strict=True)
        return f"{head} at " + ", ".join(f"{p.name.rpartition('.')[2]} {v:.4g} {p.unit}".rstrip() for p, v in named)

    if quiet:
        yield lambda u, residuals: None
    elif not sys.stderr.isatty():
        yield lambda u, residuals: print_line(words(u, residuals))
    else:
        from rich.console import Console

        with Console(stderr=True).status(f"0 runs, {len(plan.parameters)} parameters") as status:
            yield lambda u, residuals: status.update(words(u, residuals))


def print_line(line: str) -> None:
    """Write a line to the error stream."""
    sys.stderr.write(f"{line}\n")
