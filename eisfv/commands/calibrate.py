"""`eisfv calibrate`."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED, WRONG_INPUT

if TYPE_CHECKING:  # they import NumPy
    from eisfv.calibration.fit import Fit
    from eisfv.calibration.plan import Plan

FOLDER = "calibrated"
COUPLED = 0.98  # correlation beyond which an error is five times what it is with the other parameter known


def calibrate_command(case: Path, workers: int | None, out: Path | None, *, force: bool, quiet: bool) -> int:
    """Fit, write and print; return the exit code."""
    try:
        with stopped_by_scheduler():
            return calibrate(case, workers or len(os.sched_getaffinity(0)), out, force, quiet)
    except KeyboardInterrupt:
        complain(f"{case}: interrupted; nothing is written")
        return FAILED


def calibrate(case: Path, workers: int, out: Path | None, force: bool, quiet: bool) -> int:
    """Fit, write and print; return the exit code. Raises CaseError, ResultError, NoStartError."""
    from concurrent.futures.process import BrokenProcessPool

    import numpy as np

    from eisfv.calibration.fit import NoInfluenceError, NoStartError, fitted
    from eisfv.calibration.model import model_values, numerical_errors, residuals_at, values_at
    from eisfv.calibration.reading import read_plan
    from eisfv.calibration.runs import meshes_at, runs
    from eisfv.calibration.writing import files_of, write_fit
    from eisfv.case.problems import CaseError, display

    plan = read_plan(case)
    target = out if out is not None else plan.file.parent / FOLDER
    for path in [] if force else files_of(plan, target):
        if path.exists():
            complain(f"{path}: is there already; replace it with --force, or choose another place with --out")
            return WRONG_INPUT
    for line in cautions(plan):
        complain(f"warning: {line}")
    start = np.array([parameter.coordinate(parameter.start) for parameter in plan.parameters])
    try:
        meshes = meshes_at(plan, [parameter.start for parameter in plan.parameters])
        with runs(workers, meshes) as made, shown(plan, made, quiet) as report:

            def residuals(points: Any) -> Any:
                before = len(made.failed)
                found = residuals_at(plan, made, points)
                for job, why in made.failed[before:]:
                    complain(f"a run failed: {job.case.name} with {', '.join(job.overrides)}: {why}")
                return found

            fit = fitted(residuals, start, len(plan.targets), report)
            values = values_at(plan, fit.coordinates)
            models = model_values(plan, made.outcomes(made.jobs(plan, values)))
            assert models is not None  # the fit has been there
            numerical = numerical_errors(plan, made.outcomes(made.jobs(plan, values, "whole")))
            command = ["eisfv", *sys.argv[1:]]
            written = write_fit(plan, fit, models, numerical, made.done, command, target)
    except NoStartError as failure:
        raise NoStartError(f"{case}: {failure}") from failure
    except NoInfluenceError as idle:
        remedy = "changes none of the targets at its start; remove it, or add a target that depends on it"
        names = [(number, plan.parameters[number].name) for number in idle.parameters]
        lines = [f"{display(plan.file)}: calibrate.parameter[{number}]: {name} {remedy}" for number, name in names]
        raise CaseError(lines) from idle
    except BrokenProcessPool:
        complain(f"{case}: a process with a run was ended from outside; was there memory for --workers {workers}?")
        return FAILED
    if not quiet:
        for line in summary(plan, fit, models, numerical):
            print(line)
        print(*written, sep="\n")
    return DONE if fit.converged else FAILED


def cautions(plan: "Plan") -> Iterator[str]:
    """Give what a user should know before a fit."""
    from eisfv.case.problems import display

    if len(plan.targets) < len(plan.parameters):
        count = f"{len(plan.targets)} targets for {len(plan.parameters)} parameters"
        yield f"{display(plan.file)}: {count}: the values are not unique and have no errors"
    for target in plan.targets:
        if target.quantity.kind != "calibrated":
            words = f'"{target.quantity.name}" is fitted and marked {target.quantity.kind}'
            yield f"{display(target.path)}: {words}; mark it calibrated"


def summary(plan: "Plan", fit: "Fit", models: list[float], numerical: list[float]) -> Iterator[str]:
    """Give the fitted values with their errors, and the targets."""
    from eisfv.calibration.model import values_at
    from eisfv.calibration.writing import error_text, errors_of
    from eisfv.postprocess.quantities.compare import Row, comparison_lines

    covariance = errors_of(plan, fit)
    for k, (parameter, value) in enumerate(zip(plan.parameters, values_at(plan, fit.coordinates), strict=True)):
        error = "" if covariance is None else f", {error_text(parameter, value, covariance[k, k] ** 0.5)}"
        bound = ", AT ITS BOUND" if fit.at_bound[k] else ""
        yield f"{parameter.name} = {value:.6g} {parameter.unit}".rstrip() + error + bound
    yield f"errors: {fit.errors_from}"
    yield from coupled(plan, covariance)
    if not fit.converged:
        yield f"NOT CONVERGED: {fit.message}"
    yield ""
    rows = list(zip(plan.targets, models, numerical, strict=True))
    yield from comparison_lines([Row(t.quantity, model, t.path.parent.name, error) for t, model, error in rows])
    yield ""
    for target, model, numeric in rows:
        if numeric > target.width(model):
            yield f"{target.name}: its numerical error exceeds its tolerance; the fit follows the mesh: see mesh.error"


def coupled(plan: "Plan", covariance: Any) -> Iterator[str]:
    """Give the pairs of parameters that the targets hardly tell apart."""
    for k in range(0 if covariance is None else len(plan.parameters)):
        for other in range(k):
            correlation = covariance[k, other] / (covariance[k, k] * covariance[other, other]) ** 0.5
            if abs(correlation) > COUPLED:
                names = f"{plan.parameters[other].name} and {plan.parameters[k].name}"
                yield f"hardly told apart by the targets (correlation {correlation:.4f}): {names}"


@contextmanager
def shown(plan: "Plan", made: Any, quiet: bool) -> Iterator[Callable[[Any, Any], None]]:
    """Give what tells of every point the fit tries: a line that stays in place on a terminal, else one a point."""
    from eisfv.calibration.model import values_at

    best: tuple[float, Any] = (float("inf"), None)

    def words(u: Any, residuals: Any) -> str:
        nonlocal best
        cost = float("inf") if residuals is None else 0.5 * float(residuals @ residuals)
        best = min(best, (cost, u), key=lambda pair: pair[0])
        head = f"{made.done} runs, cost {cost:.4g}, best {best[0]:.4g}"
        if best[1] is None:
            return head
        named = zip(plan.parameters, values_at(plan, best[1]), strict=True)
        return f"{head} at " + ", ".join(f"{p.name.rpartition('.')[2]} {v:.4g} {p.unit}".rstrip() for p, v in named)

    if quiet:
        yield lambda u, residuals: None
    elif not sys.stderr.isatty():
        yield lambda u, residuals: print(words(u, residuals), file=sys.stderr)
    else:
        from rich.console import Console

        with Console(stderr=True).status(f"0 runs, {len(plan.parameters)} parameters") as status:
            yield lambda u, residuals: status.update(words(u, residuals))


@contextmanager
def stopped_by_scheduler() -> Iterator[None]:
    """Let SIGTERM stop a fit as Ctrl-C does."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
