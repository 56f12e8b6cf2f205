"""What a fit tells people: before it begins what they should know, and at its end what it has found."""

from collections.abc import Iterator
from math import isfinite

import numpy as np

from eisfv.calibration.found import Found, covariance_of, draws_of, error_text, standard_errors
from eisfv.calibration.identified import identified, information
from eisfv.calibration.model import values_at
from eisfv.calibration.plan import Parameter, Plan
from eisfv.calibration.posterior import LONG, Posterior
from eisfv.calibration.profile import RISES, Profile
from eisfv.case import load
from eisfv.case.problems import display
from eisfv.postprocess.quantities.rows import Row, comparison_lines
from eisfv.running.branches import left_out

COUPLED = 0.98  # correlation beyond which an error is five times what it is with the other parameter known

LOWER = RISES[0]  # of chi squared: less lies within the errors that are told


def cautions(plan: Plan) -> Iterator[str]:
    """Give what a user should know before a fit."""
    if plan.count < len(plan.parameters):
        count = f"{plan.count} targets for {len(plan.parameters)} parameters"
        yield f"{display(plan.file)}: {count}: the values are not unique and have no errors"
    for target in plan.targets:
        if target.quantity.kind != "calibrated":
            words = f'"{target.quantity.name}" is fitted and marked {target.quantity.kind}'
            yield f"{display(target.path)}: {words}; mark it calibrated"
    for case in plan.entries:
        yield from left_out(load(case))


def summary(plan: Plan, found: Found) -> Iterator[str]:
    """Give the fitted values with their errors, what was asked for beside them, and the targets."""
    fit = found.fit
    errors = standard_errors(plan, fit)
    told = identified(fit.jacobian, fit.covariance)
    for k, (parameter, value) in enumerate(zip(plan.parameters, values_at(plan, fit.coordinates), strict=True)):
        words = error_text(parameter, value, float(errors[k]))
        error = f", {words}" if words else ""
        bound = ", AT ITS BOUND" if fit.at_bound[k] else ""
        free = ", NOT IDENTIFIED" if told.free[k] else ""
        yield f"{parameter.name} = {value:.6g} {parameter.unit}".rstrip() + error + bound + free
    yield f"errors: {fit.errors_from}"
    yield f"derivatives: {found.derivatives}; {found.runs} runs, {found.followed} followed backward"
    yield from coupled(plan, covariance_of(plan, fit))
    yield from needed(plan, found)
    if not fit.converged:
        yield f"NOT CONVERGED: {fit.message}"
    yield from minima_lines(plan, found)
    for profile in found.profiles:
        yield profile_line(plan.parameters[profile.parameter], profile)
        if profile.rise.min() < -LOWER:
            yield f"  it went lower than the fit, by {-profile.rise.min():.2g}: take more starts"
    if found.posterior is not None:
        yield from posterior_lines(plan, found.posterior)
    yield ""
    rows = list(zip(plan.targets, found.models, found.numerical, strict=True))
    yield from comparison_lines([Row(t.quantity, t.summed(m), t.path.parent.name, error) for t, m, error in rows])
    yield ""
    for target, model, numeric in rows:
        if target.curve is None and numeric > target.width.reach(target.summed(model)):
            yield f"{target.name}: its numerical error exceeds its width; the fit follows the mesh: see mesh.error"


def coupled(plan: Plan, covariance: np.ndarray | None) -> Iterator[str]:
    """Give the pairs of parameters that the targets hardly tell apart."""
    if covariance is None:
        return
    for k in range(len(plan.parameters)):
        for other in range(k):
            correlation = covariance[k, other] / (covariance[k, k] * covariance[other, other]) ** 0.5
            if abs(correlation) > COUPLED:
                names = f"{plan.parameters[other].name} and {plan.parameters[k].name}"
                yield f"hardly told apart by the targets (correlation {correlation:.4f}): {names}"


def needed(plan: Plan, found: Found) -> Iterator[str]:
    """Give the targets without which a parameter would not be told."""
    fit = found.fit
    if len(plan.targets) == 1 or fit.covariance is None:
        return
    wider = information(fit.jacobian, [target.count for target in plan.targets], fit.at_bound).wider
    for target, row in zip(plan.targets, wider, strict=True):
        if np.isinf(row).any():
            yield f"told by it alone: {target.name}"


def minima_lines(plan: Plan, found: Found) -> Iterator[str]:
    """Give the ends of a fit from several starts."""
    if plan.wanted.starts == 1:
        return
    yield f"{plan.wanted.starts} starts came to {len(found.minima)} minima:"
    for one in found.minima:
        named = zip(plan.parameters, values_at(plan, one.coordinates), strict=True)
        values = ", ".join(f"{p.name.rpartition('.')[2]} {value:.4g} {p.unit}".rstrip() for p, value in named)
        yield f"  cost {one.cost:.4g} from {one.count}: {values}"


def profile_line(parameter: Parameter, profile: Profile) -> str:
    """Return the interval of 95 % by the profile likelihood, and on which side the data give none."""
    (low, high), (below, above) = profile.intervals[-1], profile.open[-1]
    low, high = parameter.value(low), parameter.value(high)
    head = f"{parameter.name}: 95 % by profile"
    if below and above:
        return f"{head} < {low:.4g} to > {high:.4g} {parameter.unit}".rstrip() + ": NOT IDENTIFIED"
    if below or above:
        end, side = (f"< {high:.4g}", "from above") if below else (f"> {low:.4g}", "from below")
        return f"{head} {end} {parameter.unit}".rstrip() + f": bounded {side} alone"
    return f"{head} {low:.4g} to {high:.4g} {parameter.unit}".rstrip()


def posterior_lines(plan: Plan, posterior: Posterior) -> Iterator[str]:
    """Give the median and the middle 68 % of a posterior."""
    values = draws_of(plan, posterior)
    for k, parameter in enumerate(plan.parameters):
        low, middle, high = np.percentile(values[:, k], [16, 50, 84])
        yield f"{parameter.name}: posterior {middle:.4g} ({low:.4g} to {high:.4g}) {parameter.unit}".rstrip()
    if not posterior.long_enough:
        slowest = float(np.max(posterior.autocorrelation))
        counted = f"{slowest:.0f} steps" if isfinite(slowest) else "more steps than it has"
        yield f"TOO SHORT: an autocorrelation time is {counted}, and {LONG} of them are needed; raise posterior.steps"
