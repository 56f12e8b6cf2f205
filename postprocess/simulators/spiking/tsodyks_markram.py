"""The short-term part of a device's response as the Tsodyks-Markram recursion.

    response to the n-th spike of a train    R_n = W u_n x_n
    u_1 = U,  x_1 = 1
    x_(n+1) = 1 + (x_n - x_n u_n - 1) exp(-h/tau_rec)        depression
    u_(n+1) = U + u_n (1 - U) exp(-h/tau_fac)                facilitation

    h  from one spike to the next, s

A spike is a pulse of a train (`spike_trains`). A response that adds up without saturating is U -> 0 with W U kept.

Three models are fitted to the responses and chosen by AICc: facilitation alone (x = 1), depression alone (u = U), both.
A recursion that leaves more of how the responses depart from the first of their train than is allowed, or a time open
by more than a factor of ten either way, is no result.

Source: W. Maass, H. Markram, Neural Networks 15 (2002) 155, Eq. 4 and 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.extract.measured import LARGEST_RESIDUAL, Measured
from eisfv.postprocess.quantities.prefixes import quantity

from .positive_fit import Fitted, fit
from .spike_trains import SpikeTrain

FEWEST = 5  # responses
OPEN = 10.0  # factor
# Responses below this share of the conductance are within the rounding of a run.
SMALLEST = 1e-9
# An exponential that leaves less than this of itself has no influence.
GONE = 40.0
MODELS = ("facilitation", "depression", "both")


@dataclass(frozen=True)
class ShortTerm:
    """A fitted recursion.

    W     S, with its sign; U, -; tau_rec, tau_fac  s, 0 for what the model does not have
    model     one of MODELS
    left      what the fit leaves of the departures from the first response, root mean square
    compared  AICc of each model less that of the chosen one
    shortest  interval between two spikes, s
    """

    W: float
    U: float
    tau_rec: float
    tau_fac: float
    model: str
    fitted: Fitted
    left: float
    compared: dict[str, float]
    trains: tuple[SpikeTrain, ...]
    shortest: float

    @property
    def words(self) -> str:
        """Return the model, its range and what it leaves."""
        steps = np.concatenate([np.diff(train.start) for train in self.trains])
        span = " to ".join(dict.fromkeys(quantity(end, "s") for end in (steps.min(), steps.max())))
        return (
            f"{self.model}, chosen by AICc, spikes {span} apart: leaves {self.fitted.residual:.1%} of the responses "
            f"and {self.left:.0%} of how they depart from the first"
        )

    @property
    def recovers(self) -> float:
        """Return a time for tau_rec that is never zero: shorter than every measured interval where x = 1."""
        return self.tau_rec or self.shortest / GONE


def recursion(start: np.ndarray, U: float, tau_rec: float, tau_fac: float) -> np.ndarray:
    """Return u_n x_n of the spikes of a train at these times; a time of 0 recovers, or forgets, at once."""
    used, at = np.empty(start.size), (U, 1.0)
    for n in range(start.size):
        u, x = at
        used[n] = u * x
        if n + 1 < start.size:
            h = start[n + 1] - start[n]
            kept = np.exp(-h / tau_fac) if tau_fac > 0.0 else 0.0
            left = np.exp(-h / tau_rec) if tau_rec > 0.0 else 0.0
            at = (U + u * (1.0 - U) * kept, 1.0 + (x - x * u - 1.0) * left)
    return used


def short_term_of(
    trains: Sequence[SpikeTrain], conductance: float, allowed: float = LARGEST_RESIDUAL
) -> ShortTerm | str:
    """Return the recursion of trains, or why there is none.

    conductance  of the device, S
    allowed      what it may leave of the departures from the first response, root mean square
    """
    if not trains:
        return "no two equal pulses follow each other; write a train or pairs of pulses"
    data = np.concatenate([train.response for train in trains])
    if data.size < FEWEST:
        return f"{data.size} responses; the recursion needs {FEWEST}"
    largest = float(data[np.argmax(np.abs(data))])
    if abs(largest) <= SMALLEST * conductance:
        return "the conductance at a pulse's end is what the pulse leaves for good: no short-term part"
    if max(abs(train.left) for train in trains) > abs(largest):
        return "what the trains leave for good is larger than their short-term part"
    departure = rms(np.concatenate([train.response - train.response[0] for train in trains]))
    if departure <= SMALLEST * conductance:
        return "the response to a pulse does not depend on the pulses before it"
    steps = np.concatenate([np.diff(train.start) for train in trains])
    shortest, longest = float(steps.min()), float(steps.max())
    if longest <= shortest * (1.0 + 1e-9):
        longest = shortest * max(train.start.size for train in trains)
    turned = np.sign(largest) * data
    fits = {model: fit_model(model, trains, turned, shortest, longest) for model in MODELS}
    known = {model: one.aicc for model, one in fits.items() if np.isfinite(one.aicc)}
    if not known:
        return f"{data.size} responses are too few to choose a model by AICc"
    model = min(known, key=lambda name: known[name])
    best = fits[model]
    first, U, *times = best.values
    left = best.residual * rms(data) / departure
    if left > allowed:
        more = f"more than {allowed:.0%} (--residual allows another share)"
        return f"the recursion leaves {left:.0%} of how the responses depart from the first, {more}"
    if not determined(best):
        return f"the responses leave the times of the recursion open ({model}, the best by AICc)"
    tau_rec = 0.0 if model == "facilitation" else float(times[0])
    tau_fac = 0.0 if model == "depression" else float(times[-1])
    compared = {name: value - known[model] for name, value in known.items()}
    W = float(np.sign(largest) * first / U)
    return ShortTerm(W, float(U), tau_rec, tau_fac, model, best, left, compared, tuple(trains), shortest)


def rms(values: np.ndarray) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(values**2)))


def determined(fitted: Fitted) -> bool:
    """Return whether the data give the times of a recursion, and its U unless the responses add up."""
    known = np.isfinite(fitted.low) & (fitted.high <= OPEN * fitted.values)
    return bool((known | (np.arange(known.size) == 1) & fitted.at_bound)[1:].all())


def fit_model(model: str, trains: Sequence[SpikeTrain], data: np.ndarray, shortest: float, longest: float) -> Fitted:
    """Return the fit of a model: first response W U, U, and tau_rec, tau_fac as far as the model has them."""
    top = float(np.abs(data).max())
    span = np.array([0.05 * shortest, 30.0 * longest])
    count = 2 if model == "both" else 1

    def made(p: np.ndarray) -> np.ndarray:
        rec, fac = 0.0 if model == "facilitation" else p[2], 0.0 if model == "depression" else p[-1]
        return np.concatenate([p[0] / p[1] * recursion(train.start, p[1], rec, fac) for train in trains])

    first = max(abs(float(np.mean([train.response[0] for train in trains]))), 1e-3 * top)
    times = np.geomspace(shortest, longest, 3)
    starts = [
        np.array([first, U, *(time for time in combination)])
        for U in (0.05, 0.5)
        for combination in ([(a, b) for a in times for b in times] if count == 2 else [(a,) for a in times])
    ]
    bounds = np.array([1e-6 * top, 1e-4, *[span[0]] * count]), np.array([1e3 * top, 1.0, *[span[1]] * count])
    return fit(made, data, starts, bounds)


def short_term_quantities(found: ShortTerm | str) -> dict[str, Measured]:
    """Return the recursion by name; null with the reason where there is none, or the model lacks a part."""
    names = {"tsodyks_W": "S", "tsodyks_U": "", "tsodyks_tau_rec": "s", "tsodyks_tau_fac": "s"}
    if isinstance(found, str):
        return {name: Measured(None, unit, reason=found) for name, unit in names.items()}
    count = sum(train.start.size for train in found.trains)
    window = f"{count} responses of {len(found.trains)} trains, {found.model}"
    W = Measured(found.W, "S", points=count, window=window, residual=found.fitted.residual)
    times = {"facilitation": {"tau_fac": 2}, "depression": {"tau_rec": 2}, "both": {"tau_rec": 2, "tau_fac": 3}}
    made = {"tsodyks_W": W, "tsodyks_U": found.fitted.measured(1, "", bounded(found, 1, window))}
    for name in ("tau_rec", "tau_fac"):
        number = times[found.model].get(name)
        made[f"tsodyks_{name}"] = (
            Measured(None, "s", reason=f"{found.model} alone describes the responses best, by AICc")
            if number is None
            else found.fitted.measured(number, "s", bounded(found, number, window))
        )
    return made


def bounded(found: ShortTerm, number: int, window: str) -> str:
    """Return the window in words, with what it means that a parameter ended at its bound."""
    if not found.fitted.at_bound[number]:
        return window
    return f"{window}; at the bound of the fit: the responses add up" if found.fitted.values[number] < 0.5 else window
