"""How a quantity of a run scatters from device to device to first order, by its derivatives:

    sd^2 = s^T R s,    s_k = (dO/d ln p_k) sd(ln p_k)

    R   correlations of the axes of a sweep file
    sd(ln p)   ln factor of a lognormal value, sd over mean of a normal one

Curvature it does not see: a sweep over the same axes decides, this ranks.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from eisfv.case.case import Case
from eisfv.case.file_tree import Override, assign, parse_key
from eisfv.case.problems import CaseError, Key, display
from eisfv.running.sensitivity import Found
from eisfv.sweeping.axes import Axis
from eisfv.sweeping.plan import Plan
from eisfv.sweeping.reading import read_plan
from eisfv.sweeping.sampling import Sample
from eisfv.sweeping.scatter import LogNormal


class Spread(NamedTuple):
    """Standard deviation of the quantity, and of each axis what it does alone, signed: the largest first."""

    sd: float
    parts: dict[str, float]


def scattering(file: Path) -> Plan:
    """Return the plan of a sweep file with axes that scatter. Raises CaseError."""
    plan = read_plan(file)
    if all(axis.scatter is None for axis in plan.axes):
        raise CaseError([f"{display(file)}: no axis scatters; give one a mean and sd, or a median and factor"])
    return plan


def linear_spread(found: Found, case: Case, file: Path) -> Spread:
    """Return the spread by the scattering axes of a sweep file. Raises CaseError."""
    plan = scattering(file)
    slopes = {
        each.key: float(slope)
        for parameter, slope in zip(found.parameters, found.slopes, strict=True)
        for each in (parameter, *parameter.others)
    }
    places = [k for k, axis in enumerate(plan.axes) if axis.scatter is not None]
    values = np.array([moved_by(plan.axes[k], slopes, case, file) for k in places])
    matrix = plan.sampling.correlation if isinstance(plan.sampling, Sample) else None
    together = np.eye(len(places)) if matrix is None else matrix[np.ix_(places, places)]
    parts = {plan.axes[k].name: float(value) for k, value in zip(places, values, strict=True)}
    ordered = dict(sorted(parts.items(), key=lambda part: -abs(part[1])))
    return Spread(float(np.sqrt(values @ together @ values)), ordered)


def moved_by(axis: Axis, slopes: dict[Key, float], case: Case, file: Path) -> float:
    """Return what one standard deviation of an axis does to the quantity."""
    scatter, total = axis.scatter, 0.0
    assert scatter is not None
    if isinstance(scatter, LogNormal):
        relative = float(np.log(scatter.factor))
    else:
        low, mean = axis.in_si(np.array([scatter.mean - scatter.sd, scatter.mean]))
        relative = float((mean - low) / mean)
    for name in axis.keys:
        key = parse_key(name)
        place = assign(case.file.written(), Override(key, 0.0)) if key is not None else None
        if not isinstance(place, tuple) or place not in slopes:
            raise CaseError([f"{display(file)}: {name} has no derivative in this case; take the axis out"])
        total += slopes[place] * relative
    return total
