"""The compact model fitted to a run: factors of order one on the case's values, by least squares.

Compared are the conductance at the run's rows (over its span in the window), the change by each pulse and, where a
voltage drives, the charge of each pulse (over their root mean square), and elsewhere the device voltage (over its
span); each kind counts alike. A weak prior holds a factor that the run says nothing of at one: a factor of two costs
as much as a misfit of `PRIOR`.

The intervals are those of linear least squares at the optimum, 95 %, Student's t, of the data without the prior. The
run is deterministic: what is left is the reduction itself, not noise. Where two values can stand for each other, as
the exchange currents of two alike interfaces in series, the prior shares the correction between them, which their
intervals do not show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log

import numpy as np

from eisfv.postprocess.regression import covariance, t_factor
from eisfv.result import Run

from .equations import equations
from .misfits import misfits_of
from .model import FACTORS, CompactModel, Factors
from .simulate import ROUGH, SimulationError, Trace, simulate
from .states import start
from .windows import Window

Array = np.ndarray
PRIOR = 0.01
LARGEST = 20.0  # a factor beyond this is no correction of a value any more
STEP = 0.02  # of a logarithm, in the slopes: far above the integration's error
ROUNDS = 4


@dataclass(frozen=True)
class Fit:
    """factors; low, high by name: 95 %; points: data compared; residual: root mean square of the misfits;
    traces: of each window's steps."""

    factors: Factors
    low: Mapping[str, float]
    high: Mapping[str, float]
    points: int
    residual: float
    traces: tuple[tuple[Trace, ...], ...]


def free_factors(model: CompactModel) -> tuple[str, ...]:
    """Return the names of the factors that mean something in a model."""
    idle = {
        "exchange_gate": model.stack.gate_interface.exchange is None,
        "exchange_channel": model.stack.channel_interface.exchange is None,
        "stern": model.stack.gate_interface.stern is None and model.stack.channel_interface.stern is None,
        "hop": model.hop is None,
        "leak": model.leak == 0.0,
    }
    return tuple(name for name in FACTORS if not idle.get(name, False))


def fit(model: CompactModel, run: Run, windows: Sequence[Window]) -> Fit:
    """Return the fitted factors. Raises SimulationError where even the case's own values cannot be followed."""
    from scipy.optimize import least_squares  # here: 0.2 s that reading the package does not need

    names = free_factors(model)
    if model.ladder is not None:
        return unfitted(model, run, windows)
    first = misfits(model, Factors(), run, windows)  # raises where nothing can be followed

    def residuals(shifted: Array) -> Array:
        logs = shifted - 1.0
        factors = factors_of(names, logs)
        try:
            found = misfits(model, factors, run, windows)
        except SimulationError:
            found = np.full(first.size, 10.0)
        return np.concatenate([found, PRIOR * logs / log(2.0)])

    # Logarithms plus one: the differences for the slopes are shares of the unknowns.
    bound = log(LARGEST)
    solved = least_squares(
        residuals,
        np.ones(len(names)),
        bounds=(1.0 - bound, 1.0 + bound),
        diff_step=STEP,
        x_scale=0.1,
        ftol=2e-2,
        xtol=1e-2,
        max_nfev=ROUNDS,
    )
    # Intervals from the data alone: what they leave open stays open, to a factor of `LARGEST` at one deviation.
    data, slopes = solved.fun[: first.size], solved.jac[: first.size]
    freedom = max(first.size - len(names), 1)
    deviation = (max(float(data @ data), 1e-30) / freedom) ** 0.5
    known = np.vstack([slopes / deviation, np.eye(len(names)) / bound])
    errors = covariance(known, 1.0, condition=inf)
    assert errors is not None  # the bound leaves no combination free
    spread = t_factor(freedom) * np.sqrt(np.diag(errors))
    logs = solved.x - 1.0
    factors = factors_of(names, logs)
    return Fit(
        factors,
        {name: exp(v - s) for name, v, s in zip(names, logs, spread, strict=True)},
        {name: exp(v + s) for name, v, s in zip(names, logs, spread, strict=True)},
        first.size,
        float(np.sqrt(data @ data)),
        tuple(tuple(traced(model, factors, entry)) for entry in windows),
    )


def unfitted(model: CompactModel, run: Run, windows: Sequence[Window]) -> Fit:
    """Return the case's own values as they close: a ladder has the solver's equations, and nothing that a fit could
    take up but the error of its sections."""
    traces = tuple(tuple(traced(model, Factors(), entry)) for entry in windows)
    parts = [misfits_of(own, run, entry) for own, entry in zip(traces, windows, strict=True)]
    missed = np.concatenate(parts) / np.sqrt(len(windows))
    known = dict.fromkeys(FACTORS, 1.0)
    return Fit(Factors(), known, known, missed.size, float(np.sqrt(missed @ missed)), traces)


def factors_of(names: Sequence[str], logs: Array) -> Factors:
    """Return factors by name from their logarithms."""
    return replace(Factors(), **{name: exp(float(v)) for name, v in zip(names, logs, strict=True)})


def misfits(model: CompactModel, factors: Factors, run: Run, windows: Sequence[Window]) -> Array:
    """Return all weighted misfits; the sum of their squares is the mean square over
    windows and kinds."""
    parts = [misfits_of(traced(model, factors, entry, ROUGH), run, entry) for entry in windows]
    return np.asarray(np.concatenate(parts) / np.sqrt(len(windows)))


def traced(model: CompactModel, factors: Factors, entry: Window, slack: float = 1.0) -> list[Trace]:
    """Return the compact model in a window."""
    forms = equations(model, factors)
    state = start(model, factors, forms, entry, slack)
    return simulate(forms, state, entry.steps, entry.times, slack)[0]
