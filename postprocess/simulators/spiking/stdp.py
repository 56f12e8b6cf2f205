"""The STDP kernel of the spike pairs of a run.

    dt = t_post - t_pre, positive where the post-neuron fires after the pre-neuron
    change of the conductance of one pair    dt > 0:  +A_plus  exp(-dt/tau_plus)
                                             dt < 0:  -A_minus exp(+dt/tau_minus)

A_plus and A_minus are positive for a synapse that is strengthened by "post after pre" and weakened by "pre after post";
a negative one says that the device does the opposite on that side. The exponential is what the simulators know. Two
other forms with as many parameters, fitted to the same pairs, tell by their AICc whether it is what the device does:

    alpha     A |dt|/tau exp(1 - |dt|/tau)
    Gaussian  A exp(-dt^2/(2 tau^2))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.extract.measured import Measured, Pulses
from eisfv.postprocess.quantities.prefixes import quantity

from .positive_fit import Fitted, fit

# Pairs that start farther from the middle conductance than this share of it belong to another state of the device.
SAME_STATE = 0.2
FEWEST = 3  # intervals on a side
# An exponential that leaves more than this explains less than half of the sum of squares.
LARGEST_RESIDUAL = 0.5**0.5
SIDES = {"plus": 1.0, "minus": -1.0}

Form = Callable[[np.ndarray, np.ndarray], np.ndarray]  # (|dt|, tau) -> shape of height 1
FORMS: Mapping[str, Form] = {
    "exponential": lambda x, tau: np.asarray(np.exp(-x / tau)),
    "alpha": lambda x, tau: np.asarray(x / tau * np.exp(1.0 - x / tau)),
    "gaussian": lambda x, tau: np.asarray(np.exp(-0.5 * (x / tau) ** 2)),
}


@dataclass(frozen=True)
class Pairs:
    """Spike pairs that start from one state of the device.

    interval     dt, s, (n)
    change       S, (n)
    conductance  median before the pairs, S
    left_out     pairs that start from another state
    """

    interval: np.ndarray
    change: np.ndarray
    conductance: float
    left_out: int


@dataclass(frozen=True)
class Side:
    """The kernel on one side of dt = 0.

    amplitude  A with its sign, S; NaN with a reason where there is no kernel
    tau        s
    fitted     the exponential
    others     the other forms by name
    """

    amplitude: float
    tau: float
    fitted: Fitted | None
    others: Mapping[str, Fitted]
    reason: str = ""

    def against(self, name: str) -> float:
        """Return the AICc of another form less that of the exponential; NaN where there is none."""
        if self.fitted is None or name not in self.others:
            return float("nan")
        return self.others[name].aicc - self.fitted.aicc

    @property
    def better(self) -> str:
        """Return the form with the least AICc; "" where that is the exponential, or nothing tells."""
        known = [name for name in self.others if self.against(name) < 0.0]
        return min(known, key=self.against, default="")


@dataclass(frozen=True)
class Kernel:
    """Both sides, and the pairs they are of."""

    pairs: Pairs
    plus: Side
    minus: Side

    @property
    def complete(self) -> bool:
        """Return whether both sides have a kernel."""
        return not (self.plus.reason or self.minus.reason)

    @property
    def reason(self) -> str:
        """Return why a side has none."""
        return "; ".join(dict.fromkeys(side.reason for side in (self.plus, self.minus) if side.reason))

    @property
    def strengthens_after(self) -> bool:
        """Return whether "post after pre" strengthens and "pre after post" weakens, as the simulators have it."""
        return self.complete and self.plus.amplitude > 0.0 and self.minus.amplitude > 0.0

    def change(self, interval: np.ndarray) -> np.ndarray:
        """Return the change of the conductance, S, by pairs with these intervals, s."""
        after = self.plus.amplitude * np.exp(-np.abs(interval) / self.plus.tau)
        before = -self.minus.amplitude * np.exp(-np.abs(interval) / self.minus.tau)
        return np.asarray(np.where(interval > 0.0, after, before))


def spike_pairs(pulses: Pulses) -> Pairs | None:
    """Return the pairs with an interval and a change; None without one. dt = 0 is on neither side and left out."""
    known = np.isfinite(pulses.pair) & np.isfinite(pulses.change) & (pulses.pair != 0.0)
    if not known.any():
        return None
    middle = float(np.median(pulses.before[known]))
    chosen = known & (np.abs(pulses.before - middle) <= SAME_STATE * abs(middle))
    return Pairs(pulses.pair[chosen], pulses.change[chosen], middle, int(known.sum() - chosen.sum()))


def kernel_of(pairs: Pairs) -> Kernel:
    """Return the kernel of pairs."""
    return Kernel(pairs, *(side_of(pairs, sign) for sign in SIDES.values()))


def side_of(pairs: Pairs, sign: float) -> Side:
    """Return the kernel on the side dt > 0 (sign +1) or dt < 0 (-1)."""
    here = np.sign(pairs.interval) == sign
    x, y = np.abs(pairs.interval[here]), sign * pairs.change[here]
    where = "dt > 0" if sign > 0 else "dt < 0"
    count = np.unique(x).size
    if count < FEWEST:
        return without(f"{count or 'no'} spike intervals with {where}; an exponential needs {FEWEST}")
    if not np.any(y):
        return without(f"pairs with {where} do not change the conductance")
    turn = float(np.sign(y[np.argmax(np.abs(y))]))
    fits = {name: fit_form(form, x, turn * y) for name, form in FORMS.items()}
    best = fits["exponential"]
    if best.at_bound[1]:
        span = f"{quantity(x.min(), 's')} to {quantity(x.max(), 's')}"
        return without(f"the change of pairs with {where} does not decay over the intervals of {span}")
    if best.residual > LARGEST_RESIDUAL:
        return without(f"an exponential leaves {best.residual:.0%} of the changes of pairs with {where}")
    others = {name: one for name, one in fits.items() if name != "exponential"}
    return Side(turn * float(best.values[0]), float(best.values[1]), best, others)


def without(reason: str) -> Side:
    """Return a side that has no kernel."""
    return Side(float("nan"), float("nan"), None, {}, reason)


def fit_form(form: Form, x: np.ndarray, y: np.ndarray) -> Fitted:
    """Return height and time of a form fitted to changes y, S, of which the largest is positive, at |dt| = x, s."""
    top = float(y.max())
    times = np.geomspace(0.5 * x.min(), 2.0 * x.max(), 4)
    bounds = np.array([1e-3 * top, 0.05 * x.min()]), np.array([1e3 * top, 30.0 * x.max()])
    return fit(lambda p: p[0] * form(x, p[1]), y, [np.array([top, time]) for time in times], bounds)


def kernel_quantities(kernel: Kernel | None, reason: str) -> dict[str, Measured]:
    """Return the kernel by name; every value null with the reason without one."""
    found: dict[str, Measured] = {}
    for name in SIDES:
        side = without(reason) if kernel is None else getattr(kernel, name)
        window = "" if kernel is None else window_of(kernel.pairs, SIDES[name])
        for number, (what, unit) in enumerate((("A", "S"), ("tau", "s"))):
            key = f"stdp_{what}_{name}"
            if side.fitted is None:
                found[key] = Measured(None, unit, reason=side.reason)
                continue
            sign = float(np.sign(side.amplitude)) if what == "A" else 1.0
            found[key] = side.fitted.measured(number, unit, window, sign)
        for other in ("alpha", "gaussian"):
            value = side.against(other)
            why = side.reason or "too few pairs for an AICc"
            key = f"stdp_aicc_{other}_{name}"
            found[key] = Measured(value, window=window) if np.isfinite(value) else Measured(None, reason=why)
    found["stdp_conductance"] = (
        Measured(None, "S", reason=reason)
        if kernel is None
        else Measured(
            kernel.pairs.conductance, "S", points=kernel.pairs.interval.size, window="median before the pairs"
        )
    )
    return found


def window_of(pairs: Pairs, sign: float) -> str:
    """Return in words which pairs a side is made of."""
    x = np.sort(sign * pairs.interval[np.sign(pairs.interval) == sign])
    if not x.size:
        return ""
    ends = " to ".join(quantity(sign * end, "s") for end in (x[0], x[-1]))
    return f"pairs with dt = {ends}"
