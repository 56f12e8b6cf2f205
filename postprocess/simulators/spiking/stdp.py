"""The STDP kernel of the spike pairs of a run.

    dt = t_post - t_pre, positive where the post-neuron fires after the pre-neuron
    change of the conductance of one pair    dt > 0:  +A_plus  f(dt/tau_plus)
                                             dt < 0:  -A_minus f(-dt/tau_minus)

A_plus and A_minus are positive for a synapse that is strengthened by "post after pre" and weakened by "pre after post";
a negative one says that the device does the opposite on that side. f has height 1 and two parameters in every form:

    exponential  f(u) = exp(-u)             one trace of the spikes
    alpha        f(u) = u exp(1 - u)        two traces: the spikes and their moments
    gaussian     f(u) = exp(-u^2/2)         no simulator's traces make it; told beside the others

Of the forms that a simulator can make, each side takes the one that leaves least; all have as many parameters, so that
AICc, whose differences are told, orders them alike. dt = 0 is on neither side.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.postprocess.extract.measured import LARGEST_RESIDUAL, Measured
from eisfv.postprocess.extract.spike_pairs import Pairs
from eisfv.postprocess.quantities.prefixes import quantity

from .positive_fit import Fitted, fit

FEWEST = 3  # intervals on a side
TRACES = ("exponential", "alpha")  # forms that traces of the spikes make
SIDES = {"plus": 1.0, "minus": -1.0}

Form = Callable[[np.ndarray, np.ndarray], np.ndarray]  # (|dt|, tau) -> shape of height 1
FORMS: Mapping[str, Form] = {
    "exponential": lambda x, tau: np.asarray(np.exp(-x / tau)),
    "alpha": lambda x, tau: np.asarray(x / tau * np.exp(1.0 - x / tau)),
    "gaussian": lambda x, tau: np.asarray(np.exp(-0.5 * (x / tau) ** 2)),
}


@dataclass(frozen=True)
class Side:
    """The kernel on one side of dt = 0.

    amplitude  A with its sign, S; NaN with a reason where there is no kernel
    tau        s
    form       its name in FORMS
    fits       every form by name
    """

    amplitude: float
    tau: float
    form: str
    fits: Mapping[str, Fitted]
    reason: str = ""

    @property
    def fitted(self) -> Fitted | None:
        """Return the fit of its form; None where there is no kernel."""
        return None if self.reason else self.fits[self.form]

    def against(self, name: str) -> float:
        """Return the AICc of a form less that of the exponential; NaN where there is none."""
        return self.fits[name].aicc - self.fits["exponential"].aicc if self.fits else float("nan")

    @property
    def better(self) -> str:
        """Return the form that leaves least; "" where it is the kernel's own."""
        best = min(self.fits, key=lambda name: self.fits[name].residual, default=self.form)
        return "" if best == self.form else best

    def change(self, interval: np.ndarray) -> np.ndarray:
        """Return A f(|dt|/tau), S, at these |dt|, s."""
        return self.amplitude * FORMS[self.form](interval, np.asarray(self.tau))


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
        """Return whether "post after pre" strengthens."""
        return self.complete and self.plus.amplitude > 0.0

    @property
    def residual(self) -> float:
        """Return what both sides leave of the changes, root mean square; infinite where a side has no kernel."""
        if not self.complete:
            return float("inf")
        here = self.pairs.interval != 0.0
        change = self.pairs.change[here]
        return float(np.sqrt(np.mean((self.change(self.pairs.interval[here]) - change) ** 2) / np.mean(change**2)))

    def change(self, interval: np.ndarray) -> np.ndarray:
        """Return the change of the conductance, S, by pairs with these intervals, s."""
        size = np.abs(interval)
        return np.asarray(np.where(interval > 0.0, self.plus.change(size), -self.minus.change(size)))

    def words(self) -> list[str]:
        """Return for each side its form, its range, what it leaves of the pairs and where it is farthest from them."""
        lines = []
        for name, sign in SIDES.items():
            side: Side = getattr(self, name)
            if side.fitted is None:
                continue
            here = np.sign(self.pairs.interval) == sign
            interval, change = self.pairs.interval[here], self.pairs.change[here]
            worst = int(np.argmax(np.abs(self.change(interval) - change)))
            made = float(self.change(interval[worst : worst + 1])[0])
            lines.append(
                f"{side.form} form, {window_of(self.pairs, sign)}: leaves {side.fitted.residual:.0%} of the changes "
                f"(root mean square); farthest at {quantity(interval[worst], 's')}: "
                f"{quantity(made, 'S')} for the run's {quantity(change[worst], 'S')}"
            )
        here = self.pairs.interval == 0.0
        if lines and here.any():
            lines.append(
                f"dt = 0 is on neither side: the run has {quantity(self.pairs.change[here].mean(), 'S')} there"
            )
        return lines


def kernel_of(pairs: Pairs, forms: Sequence[str] = TRACES, largest: float = LARGEST_RESIDUAL) -> Kernel:
    """Return the kernel in the forms that a simulator can make; a side that leaves more than `largest` has none."""
    return Kernel(pairs, *(side_of(pairs, sign, forms, largest) for sign in SIDES.values()))


def side_of(pairs: Pairs, sign: float, forms: Sequence[str], largest: float) -> Side:
    """Return the kernel on the side dt > 0 (sign +1) or dt < 0 (-1)."""
    here = np.sign(pairs.interval) == sign
    x, y = np.abs(pairs.interval[here]), sign * pairs.change[here]
    where = "dt > 0" if sign > 0 else "dt < 0"
    count = np.unique(x).size
    if count < FEWEST:
        return without(f"{count or 'no'} spike intervals with {where}; a kernel needs {FEWEST}")
    if not np.any(y):
        return without(f"pairs with {where} do not change the conductance")
    turn = float(np.sign(y[np.argmax(np.abs(y))]))
    fits = {name: fit_form(form, x, turn * y) for name, form in FORMS.items()}
    form = min(forms, key=lambda name: fits[name].residual)
    best = fits[form]
    if best.at_bound[1]:
        span = f"{quantity(x.min(), 's')} to {quantity(x.max(), 's')}"
        return without(f"the change of pairs with {where} does not decay over the intervals of {span}")
    if best.residual > largest:
        return without(
            f"an {form} kernel leaves {best.residual:.0%} of the changes of pairs with {where}, more than "
            f"{largest:.0%} (--residual allows another share)"
        )
    return Side(turn * float(best.values[0]), float(best.values[1]), form, fits)


def without(reason: str) -> Side:
    """Return a side that has no kernel."""
    return Side(float("nan"), float("nan"), "exponential", {}, reason)


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
            found[key] = side.fitted.measured(number, unit, f"{side.form} form, {window}", sign)
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
