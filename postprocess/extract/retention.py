"""How the conductance is kept in the longest rest after the last pulse: three laws, all told, the best by AICc.

    exponential   G = G_end + A e^{-t/tau}
    stretched     G = G_end + A e^{-(t/tau)^beta}       0 < beta <= 2
    power         G = G_0 (1 + t/t_0)^{-nu}

t from the end of the last pulse; where no run has pulses from the start of the longest rest.

What is over within a tenth of the rest is the short-term decay (`short_term`), no retention: the laws are fitted to
the rest from its tenth on, and a time constant below that tenth is not told. retention_ratio is of the whole rest,
retention_settled_ratio from the tenth on; the quotient of the two is what the short-term decay takes.
"""

from collections.abc import Mapping, Sequence
from math import log

import numpy as np

from eisfv.postprocess.quantities.prefixes import duration_text
from eisfv.postprocess.regression import straight_line

from .decay import DecayFit, decay_curves, fit_decay, logarithmic, plain, thinned, unseen
from .means import slope_of
from .measured import Measured, Topic
from .rests import Rest, longest_last
from .wording import counted

FEWEST = 8  # rows of a rest
SHORTEST, LONGEST = 0.1, 1e3  # of the first interval, of the window: what is searched for time constants
SEEN = 10.0  # windows: a longer time constant is not told
SETTLED = 0.1  # of a rest: what is over by then is short-term

PARAMETERS = {
    "retention_exponential": (("tau", "s"), ("end", "S"), ("amplitude", "S")),
    "retention_stretched": (("tau", "s"), ("beta", ""), ("end", "S"), ("amplitude", "S")),
    "retention_power": (("time", "s"), ("exponent", ""), ("start", "S")),
}


def measure_retention(rests: Sequence[Rest]) -> Topic:
    """Return retention_ratio = G(end)/G(start) of the rest, retention_settled_ratio = G(end)/G(a tenth of the rest),
    retention_drift, and each law's parameters and AICc."""
    rest = longest_last(rests)
    if rest is None:
        return missing("no rest (open circuit or 0 V) with a conductance follows the last pulse")
    t, g = rest.trace()
    length = rest.length
    window = f"{duration_text(length)} {rest.held} from t = {rest.start:.6g} s"
    if t.size < FEWEST:
        return missing(f"terminals.csv has {counted(t.size, 'row')} in the rest, a fit needs {FEWEST}: {window}")
    ratios = {"retention_ratio": Measured(float(g[-1] / g[0]), points=2, window=window)}
    late = t >= SETTLED * t[-1]
    t, g = t[late], g[late]
    window = f"{window}, from {duration_text(float(t[0]))} on"
    ratios["retention_settled_ratio"] = Measured(float(g[-1] / g[0]), points=2, window=window)
    if t.size < FEWEST:
        words = f"terminals.csv has {counted(t.size, 'row')} after a tenth of the rest, a fit needs {FEWEST}"
        return missing(f"{words}: {window}", ratios)
    if why := unseen(g):
        return missing(f"{why}: {window}", ratios)
    t, g = thinned(t, g)
    fits = {"exponential": exponential(t, g), "stretched": stretched(t, g), "power": power(t, g)}
    quantities = {**ratios, "retention_drift": drift(t, g, window)}
    for name, fit in fits.items():
        values = dict(zip(PARAMETERS[f"retention_{name}"], told(fit, name, window, length), strict=True))
        quantities |= {f"retention_{name}_{word}": value for (word, _), value in values.items()}
        quantities[f"retention_{name}_aicc"] = Measured(
            fit.aicc, points=fit.points, window=window, residual=fit.residual
        )
    best = min(fits, key=lambda name: fits[name].aicc)
    others = ", ".join(f"{name} {fit.aicc:.1f}" for name, fit in fits.items() if name != best)
    tables = {"retention": {"time_s": t, "conductance_S": g}, "retention_laws": decay_curves(t, fits)}
    words = f"{best}: the smallest AICc, {fits[best].aicc:.1f} ({others})"
    words += f", but {fits[best].poor}" if fits[best].poor else ""
    return Topic(quantities, tables, {"retention": words})


def exponential(t: np.ndarray, g: np.ndarray) -> DecayFit:
    """Return the fit of one exponential."""
    low, high = time_range(t)
    grid = [[theta] for theta in np.linspace(low, high, 40)]
    return fit_decay(
        t, g, lambda th, s: np.column_stack([np.ones_like(s), np.exp(-s / np.exp(th[0]))]), grid, [low], [high]
    )


def stretched(t: np.ndarray, g: np.ndarray) -> DecayFit:
    """Return the fit of a stretched exponential; theta = ln tau, beta."""
    low, high = time_range(t)

    def basis(theta: np.ndarray, s: np.ndarray) -> np.ndarray:
        return np.column_stack([np.ones_like(s), np.exp(-((s / np.exp(theta[0])) ** theta[1]))])

    grid = [[theta, beta] for theta in np.linspace(low, high, 20) for beta in (0.2, 0.35, 0.5, 0.7, 1.0, 1.4)]
    return fit_decay(t, g, basis, grid, [low, 0.05], [high, 2.0])


def power(t: np.ndarray, g: np.ndarray) -> DecayFit:
    """Return the fit of a power law; theta = ln t_0, nu."""
    low, high = time_range(t)

    def basis(theta: np.ndarray, s: np.ndarray) -> np.ndarray:
        return np.asarray((1.0 + s / np.exp(theta[0])) ** -theta[1])[:, None]

    change = log(float(g[-1] / g[0]))
    grid = []
    for theta in np.linspace(low, high, 30):
        nu = -change / log(1.0 + float(t[-1]) / np.exp(theta))
        grid.append([theta, float(np.clip(nu, -9.0, 9.0))])
    return fit_decay(t, g, basis, grid, [low, -10.0], [high, 10.0])


def drift(t: np.ndarray, g: np.ndarray, window: str) -> Measured:
    """Return the relative rate dG/dt / G over the second half of the rest, 1/s."""
    half = t >= 0.5 * t[-1]
    words = f"second half of {window}"
    if half.sum() < 3:
        return Measured(None, "1/s", window=words, reason="fewer than three rows of terminals.csv in it")
    line = straight_line(t[half], g[half] / float(g[half].mean()))
    assert line is not None
    return slope_of(line, "1/s", words)


def time_range(t: np.ndarray) -> tuple[float, float]:
    """Return the logarithms of the shortest and longest time constant that is searched for."""
    return log(SHORTEST * float(np.diff(t)[np.diff(t) > 0.0].min())), log(LONGEST * float(t[-1]))


def told(fit: DecayFit, name: str, window: str, length: float) -> list[Measured]:
    """Return the parameters of a law in the order of PARAMETERS; all null where its time is not seen in the window."""
    units = [unit for _, unit in PARAMETERS[f"retention_{name}"]]
    time = logarithmic(fit, 0, "s", window, SEEN * length)
    if time.value is None or fit.at_bound.any():
        why = time.reason or "the fit ends on the edge of what was searched: the data leave the law open"
        first = time if time.value is None else Measured(None, "s", points=fit.points, window=window, reason=why)
        return [first, *(Measured(None, unit, points=fit.points, window=window, reason=why) for unit in units[1:])]
    if time.value < SETTLED * length:
        short = f"{duration_text(time.value)}, below a tenth of the rest: the end of the short-term decay"
        return [Measured(None, unit, points=fit.points, window=window, reason=short) for unit in units]
    values = np.concatenate([fit.theta, fit.linear])
    return [time, *(plain(fit, float(values[k]), float(fit.error[k]), units[k], window) for k in range(1, len(units)))]


def missing(why: str, ratios: Mapping[str, Measured] | None = None) -> Topic:
    """Return every quantity as null with the reason."""
    names = ("retention_ratio", "retention_settled_ratio")
    quantities = dict(ratios or {name: Measured(None, reason=why) for name in names})
    quantities["retention_drift"] = Measured(None, "1/s", reason=why)
    for name, parameters in PARAMETERS.items():
        quantities |= {f"{name}_{word}": Measured(None, unit, reason=why) for word, unit in parameters}
        quantities[f"{name}_aicc"] = Measured(None, reason=why)
    return Topic(quantities)
