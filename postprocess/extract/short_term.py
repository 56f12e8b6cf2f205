"""The short-term decay after a pulse: one exponential and two, the better by AICc.

    G(t) = G_end + A1 e^{-t/tau1} + A2 e^{-t/tau2}      tau1 < tau2, t from the end of the pulse

A positive amplitude is a conductance that falls back. Taken is the rest after a pulse that has most rows in
terminals.csv.
"""

from collections.abc import Sequence

import numpy as np

from eisfv.postprocess.quantities.prefixes import duration_text

from .decay import DecayFit, decay_curves, fit_decay, logarithmic, plain, thinned, unseen
from .measured import Measured, Topic
from .rests import Rest, best_after_pulse
from .retention import SEEN, exponential, time_range
from .wording import counted

FEWEST = 10  # rows: two exponentials and an end are five numbers
SINGLE = ("short_term_single_A", "short_term_single_tau", "short_term_single_end")
DOUBLE = ("short_term_A1", "short_term_tau1", "short_term_A2", "short_term_tau2", "short_term_end")


def measure_short_term(rests: Sequence[Rest]) -> Topic:
    """Return short_term_A1 _tau1 _A2 _tau2 _end, short_term_single_A _tau _end, and the AICc of both."""
    rest = best_after_pulse(rests)
    if rest is None:
        return missing("no rest (open circuit or 0 V) with a conductance follows a pulse directly")
    t, g = rest.trace()
    length = rest.length
    window = f"{duration_text(length)} {rest.held} after the pulse that ends at t = {rest.start:.6g} s"
    if t.size < FEWEST:
        remedy = 'write terminals = "every step" under [output] and run again'
        return missing(
            f"terminals.csv has {counted(t.size, 'row')} in the rest, the fit needs {FEWEST}; {remedy}: {window}"
        )
    if why := unseen(g):
        return missing(f"{why}: {window}")
    t, g = thinned(t, g)
    single, double = exponential(t, g), double_exponential(t, g)
    quantities = {**told_double(double, window, length), **told_single(single, window, length)}
    for name, fit in (("short_term", double), ("short_term_single", single)):
        quantities[f"{name}_aicc"] = Measured(fit.aicc, points=fit.points, window=window, residual=fit.residual)
    better, worse = ("double", "single") if double.aicc < single.aicc else ("single", "double")
    low, high = sorted((single.aicc, double.aicc))
    words = f"{better} exponential: the smaller AICc, {low:.1f} ({worse} {high:.1f})"
    data = {"time_s": t, "conductance_S": g}
    curves = decay_curves(t, {"single": single, "double": double})
    return Topic(quantities, {"short_term": data, "short_term_laws": curves}, {"short_term": words})


def double_exponential(t: np.ndarray, g: np.ndarray) -> DecayFit:
    """Return the fit of two exponentials; theta = ln tau1, ln tau2, in any order."""
    low, high = time_range(t)

    def basis(theta: np.ndarray, s: np.ndarray) -> np.ndarray:
        return np.column_stack([np.ones_like(s), np.exp(-s / np.exp(theta[0])), np.exp(-s / np.exp(theta[1]))])

    places = np.linspace(low, high, 20)
    grid = [[one, other] for k, one in enumerate(places) for other in places[k + 1 :]]
    return fit_decay(t, g, basis, grid, [low, low], [high, high])


def told_double(fit: DecayFit, window: str, length: float) -> dict[str, Measured]:
    """Return the five numbers of two exponentials, the faster first; a part whose time is not seen is null."""
    parts = [part(fit, int(k), window, length) for k in np.argsort(fit.theta)]
    found = {
        f"short_term_{name}{k}": value for k in (1, 2) for name, value in zip(("A", "tau"), parts[k - 1], strict=True)
    }
    return found | {"short_term_end": at_rest(fit, [time for _, time in parts], window)}


def told_single(fit: DecayFit, window: str, length: float) -> dict[str, Measured]:
    """Return the three numbers of one exponential; null where its time is not seen."""
    amplitude, time = part(fit, 0, window, length)
    return dict(zip(SINGLE, (amplitude, time, at_rest(fit, [time], window)), strict=True))


def part(fit: DecayFit, number: int, window: str, length: float) -> tuple[Measured, Measured]:
    """Return amplitude (S) and time (s) of an exponential."""
    time = logarithmic(fit, number, "s", window, SEEN * length)
    if time.value is None:
        return Measured(None, "S", points=fit.points, window=window, reason=f"its time: {time.reason}"), time
    return plain(fit, *linear(fit, 1 + number), "S", window), time


def at_rest(fit: DecayFit, times: Sequence[Measured], window: str) -> Measured:
    """Return the conductance that all the parts lead to (S); null where one of them is not seen."""
    unseen = next((time.reason for time in times if time.value is None), None)
    if unseen is not None:
        return Measured(None, "S", points=fit.points, window=window, reason=f"a time: {unseen}")
    return plain(fit, *linear(fit, 0), "S", window)


def linear(fit: DecayFit, number: int) -> tuple[float, float]:
    """Return a linear parameter and its error."""
    return float(fit.linear[number]), float(fit.error[fit.theta.size + number])


def missing(why: str) -> Topic:
    """Return every quantity as null with the reason."""
    names = (*DOUBLE, *SINGLE)
    quantities = {name: Measured(None, "s" if "tau" in name else "S", reason=why) for name in names}
    return Topic(
        quantities | {f"{name}_aicc": Measured(None, reason=why) for name in ("short_term", "short_term_single")}
    )
