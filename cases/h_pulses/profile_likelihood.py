"""Print how well C_S and the sites N of the film are known, `python profile_likelihood.py`, from the last runs.

Each value is held while hop length, exchange current, diffusivity and the other of the two are refitted; the misfit
that is left is told for three windows of changes in which the lines of Fig. 2 are drawn. The device is the circuit
model of `eisfv.postprocess.circuit`, one per cent from the solver at these pulses. The processor takes ten minutes for
all rows: seven steps of a local search each, from the values of the case; where it hardly leaves them the misfit is an
upper bound alone.

Residuals: the 60 and 1000 times as logarithms over 0.15 (up) and 0.3 (down), slopes less 1 over 0.1 and 0.15, the four
factors on Eq. 1 as logarithms over 0.2 to the paper's, both changes of form a at 20 ms as logarithms over 0.3 to 10 nS.
"""

from dataclasses import replace
from math import exp, log
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

from eisfv.postprocess.circuit.case_stack import read_stack
from eisfv.postprocess.circuit.equations import Equations, equations
from eisfv.postprocess.circuit.model import Factors, compact_model
from eisfv.postprocess.circuit.simulate import ROUGH, SimulationError, simulate
from eisfv.postprocess.circuit.stack import Stack
from eisfv.postprocess.circuit.states import at_rest
from eisfv.postprocess.pictures.last_run import last_run_or_end
from eisfv.postprocess.pictures.resolved_case import case_of
from eisfv.postprocess.protocol import DrivenStep, protocol_steps
from eisfv.postprocess.quantities.summed_rates import summed

HERE = Path(__file__).parent
HEIGHTS = np.array([2.0, 4.0, 6.0, 6.5])  # V
WINDOWS = ((5e-9, 320e-9), (20e-9, 300e-9), (2e-9, 100e-9))  # S
LEVELS = 4  # of a line
PAPER = {"a": 0.7, "b": 0.5, "c": 0.65, "d": 0.7}
AT = {"a": (-0.02, 0.02), "b": (0.0,), "c": (0.0,), "d": (0.09,)}  # s, where each form is largest
STERN, SITES = (1.8, 2.2, 2.54, 2.9, 3.4), (300.0, 700.0, 2000.0)  # uF/cm2, mol/m3
FREE = ("hop", "exchange", "diffusivity", "stern", "sites")
LARGEST = 8.0  # V


def stack_of(base: Stack, values: dict[str, float]) -> Stack:
    """Return the stack with other values, SI."""
    ion = replace(base.ion, hop=values["hop"], diffusivity=values["diffusivity"], density=values["sites"])
    sides = {
        side: replace(getattr(base, side), exchange=values["exchange"], stern=values["stern"])
        for side in ("gate_interface", "channel_interface")
    }
    return replace(base, electrolyte=replace(base.electrolyte, ions=(ion,)), **sides)


def change(forms: Equations, begin: list[float], steps: list[DrivenStep]) -> float:
    """Return the change of the conductance by steps, S."""
    traces, _ = simulate(forms, begin, steps, [np.array([])] * len(steps), ROUGH)
    return float(traces[-1].conductance[-1] - forms.conductance(begin))


class Data:
    """The protocols of the last runs."""

    def __init__(self) -> None:
        run = last_run_or_end(HERE)
        case = case_of(run)
        assert case is not None
        self.stack, self.rest = read_stack(case), protocol_steps(case.protocol).steps()
        pulses = [protocol_steps(measure.protocol).steps() for measure in case.measure]
        self.pulses = {
            height: [p for p in pulses if p[0].source.value(0.0) == height] for height in (*HEIGHTS, *-HEIGHTS)
        }
        self.pairs = {}
        for form, intervals in AT.items():
            other = case_of(last_run_or_end(HERE.parent / f"h_stdp_{form}"))
            assert other is not None
            told = [protocol_steps(measure.protocol).steps() for measure in other.measure if measure.keys]
            self.pairs[form] = [s for s in told if any(abs(s[0].written.spike_interval - t) < 1e-6 for t in intervals)]

    def changes(self, values: dict[str, float]) -> tuple[dict[float, np.ndarray], dict[str, list[float]]]:
        """Return the changes by the pulses of each height and by the pairs of each form, S."""
        model = compact_model(stack_of(self.stack, values), LARGEST)
        forms = equations(model, Factors())
        _, begin = simulate(forms, at_rest(model, Factors()), self.rest, [np.array([])] * len(self.rest), ROUGH)
        by_pulses = {height: np.array([change(forms, begin, p) for p in ps]) for height, ps in self.pulses.items()}
        return by_pulses, {form: [change(forms, begin, pair) for pair in ps] for form, ps in self.pairs.items()}

    def residuals(self, values: dict[str, float], window: tuple[float, float]) -> tuple[np.ndarray, list[float]]:
        """Return the residuals and the four factors."""
        return self.residuals_of(*self.changes(values), window)

    def residuals_of(
        self, by_pulses: dict[float, np.ndarray], by_pairs: dict[str, list[float]], window: tuple[float, float]
    ) -> tuple[np.ndarray, list[float]]:
        """Return the residuals and the four factors of changes, S."""
        levels, lines = np.log(np.geomspace(*window, LEVELS)), {}
        for height, pulses in self.pulses.items():
            widths = np.log([pulse[0].duration for pulse in pulses])
            found = np.log(np.maximum(np.sign(height) * by_pulses[height], 1e-12))
            lines[height] = np.polyfit(through(levels, found, widths), levels, 1)
        reached = {height: (log(50e-9) - line[1]) / line[0] for height, line in lines.items()}
        rates = np.array([[exp(lines[sign * height][1]) for height in HEIGHTS] for sign in (1.0, -1.0)])
        out = [
            (reached[sign * 2.0] - reached[sign * height] - log(times)) / width
            for sign, width in ((1.0, 0.15), (-1.0, 0.3))
            for height, times in ((4.0, 60.0), (6.0, 1000.0))
        ]
        out += [(line[0] - 1.0) / (0.1 if height > 0.0 else 0.15) for height, line in lines.items()]
        ratios = []
        for form, pairs in self.pairs.items():
            made = by_pairs[form]
            sums = [summed(pair[0].source.value, pair[0].duration, HEIGHTS, rates) for pair in pairs]
            ratios.append(max(map(abs, made)) / max(map(abs, sums)))
            out.append(log(ratios[-1] / PAPER[form]) / 0.2)
            out += [log(max(abs(one), 1e-12) / 10e-9) / 0.3 for one in made] if form == "a" else []
        return np.array(out), ratios


def through(levels: np.ndarray, found: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Return log width at levels of log change, straight between pulses and beyond them."""
    inside = np.interp(levels, found, widths)
    low, high = np.diff(widths[:2]) / np.diff(found[:2]), np.diff(widths[-2:]) / np.diff(found[-2:])
    below, above = widths[0] + low * (levels - found[0]), widths[-1] + high * (levels - found[-1])
    return np.where(levels < found[0], below, np.where(levels > found[-1], above, inside))


def refitted(data: Data, held: dict[str, float], window: tuple[float, float]) -> str:
    """Return the row of one held value."""
    ion, interface = data.stack.ion, data.stack.channel_interface
    start = {"hop": ion.hop, "exchange": interface.exchange, "diffusivity": ion.diffusivity}
    start |= {"stern": interface.stern, "sites": ion.density}
    free = [name for name in FREE if name not in held]

    def values(logs: np.ndarray) -> dict[str, float]:
        return start | held | {name: start[name] * exp(v) for name, v in zip(free, logs, strict=True)}

    def misfit(logs: np.ndarray) -> np.ndarray:
        try:
            return data.residuals(values(logs), window)[0]
        except SimulationError:
            return np.full(18, 10.0)

    scale = np.array([{"hop": 0.03, "exchange": 0.8}.get(name, 0.25) for name in free])
    made = least_squares(lambda v: misfit(v * scale), np.zeros(len(free)), diff_step=0.05, bounds=(-8, 8), max_nfev=7)
    found = values(made.x * scale)
    _, ratios = data.residuals(found, window)
    return (
        f"{1e9 * window[0]:4.0f} to {1e9 * window[1]:3.0f} nS  C_S {1e2 * found['stern']:5.2f} uF/cm2  "
        f"N {found['sites']:6.0f} mol/m3  a {1e9 * found['hop']:5.3f} nm  misfit {2.0 * made.cost:6.1f}  factors "
        + " ".join(f"{ratio:.2f}" for ratio in ratios)
    )


def main() -> None:
    """Print a row for each held value and window."""
    data = Data()
    for window in WINDOWS:
        for stern in STERN:
            print(refitted(data, {"stern": 1e-2 * stern}, window), flush=True)
        for sites in SITES:
            print(refitted(data, {"sites": sites}, window), flush=True)


if __name__ == "__main__":
    main()
