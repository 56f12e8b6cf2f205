"""Which statements exclude which, and how well the curve is known: `python exclusions.py` prints tables and draws
exclusions.png and profiles.png. Closed form on grids, no run: `closed_form`.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
from closed_form import Films, met
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.style import DARK, STYLE

HERE = Path(__file__).parent
FIRST, PRISTINE = 5.5e-3, 1.9e-6  # S/cm, backgrounds
HOPPING = (0.0, *np.geomspace(0.1, 20.0, 11))  # S/cm
BINS = (0.02, 0.03, 0.04, 0.05, 0.065, 0.08, 0.12)
CURVES = {
    "first conductivity as background": ("one curve, background of Fig. 7b", "-"),
    "pristine": ("one curve, pristine background", "--"),
    "hopping": ("with hopping", ":"),
    "charge factor": ("with charge factor 0.558", "-."),
}
PROFILED = {
    "k": np.linspace(0.45, 1.15, 15),
    "n": np.geomspace(1.6, 13.5, 16),
    "gamma_p": np.geomspace(0.016, 0.115, 16),
}
LABELS = {"k": "charge factor k", "n": "exponent n", "gamma_p": "threshold γp"}


def films(name: str, points: int = 60) -> Films:
    """Return a grid of the films of a class."""
    gamma_p, n = np.geomspace(0.015, 0.12, points), np.geomspace(1.5, 14.0, points)
    a = np.array(HOPPING if name == "hopping" else (0.0,))
    k = 0.558 if name == "charge factor" else 1.0
    s0 = FIRST if name == "first conductivity as background" else PRISTINE
    grid = np.meshgrid(a, gamma_p, n, indexing="ij")
    return Films(np.array(s0), grid[0], grid[1], grid[2], np.array(k))


def front(name: str, bins: tuple[float, ...] = BINS, points: int = 150, rests: bool = False) -> np.ndarray:
    """Return the least change by a pulse at 5 uS (uS) for each bin of the place of the largest slope.

    rests  of the films alone on which 1 mS can come to rest at 60 uS and lower
    """
    found = films(name, 60 if name == "hopping" else points)
    change, peak = found.change(5.0), found.peak
    change = np.where(found.lowest_end <= 60.0, change, np.inf) if rests else change
    return np.array([np.min(change, initial=np.inf, where=(peak >= a) & (peak < b)) for a, b in pairwise(bins)])


def excluded(name: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the statements that no film of a class meets, and the pairs of others that none meets together."""
    told = met(films(name).numbers)
    alone = [one for one, meets in told.items() if not meets.any()]
    others = [one for one in told if one not in alone]
    return alone, [pair for pair in combinations(others, 2) if not (told[pair[0]] & told[pair[1]]).any()]


def chi_squared(found: Films) -> np.ndarray:
    """Return the sum over nine statements of (how far off / its width)^2; a bound that is met adds nothing."""
    q = found.numbers

    def log(name: str, value: float, factor: float) -> np.ndarray:
        return np.asarray(np.log(q[name] / value) / np.log(factor))

    nearest = np.minimum(np.abs(q["decade"] - 0.11), np.abs(q["lowest decade"] - 0.11)) / 0.03
    terms = [log("dG", 0.3, 1.5), log("mean", 0.3, 1.5), (q["peak"] - 0.03) / 0.01, log("slope", 1000.0, 3.2), nearest]
    terms += [np.maximum(log("end", 40.0, 1.5), 0.0), np.minimum(log("27/5", 3.0, 1.2), 0.0)]
    terms += [np.minimum((q["R2 27"] - 0.98) / 0.01, 0.0), np.maximum((q["held"] - 0.03) / 0.01, 0.0)]
    return np.asarray(sum(term**2 for term in terms))


def profile(name: str, points: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Return values of a parameter and the least chi squared there, the two others free."""
    ways = {"k": np.linspace(0.45, 1.1, 27), "n": np.geomspace(1.5, 14.0, points)}
    ways |= {"gamma_p": np.geomspace(0.015, 0.12, points)}
    ways[name] = PROFILED[name]
    k, n, gamma_p = np.meshgrid(ways["k"], ways["n"], ways["gamma_p"], indexing="ij")
    square = chi_squared(Films(np.array(PRISTINE), np.zeros(k.shape), gamma_p, n, k))
    axis = ("k", "n", "gamma_p").index(name)
    return PROFILED[name], square.min(axis=tuple(other for other in range(3) if other != axis))


def tables() -> Iterator[str]:
    """Give what is printed."""
    yield "Least change (uS) by a pulse at 5 uS, by the place of the largest slope"
    yield " ".join(f"{f'{a:g} to {b:g}':>14}" for a, b in pairwise(BINS))
    for name in CURVES:
        yield " ".join(f"{value:14.2f}" for value in front(name)) + f"  {name}"
    rests = front("first conductivity as background", rests=True)
    yield " ".join(f"{value:14.2f}" for value in rests) + "  the first of them, where 1 mS can come to rest at 60 uS"
    for name in CURVES:
        alone, pairs = excluded(name)
        yield f"\n{name}\n  never: {', '.join(alone) or 'none'}"
        yield f"  never together: {'; '.join(' with '.join(pair) for pair in pairs) or 'none'}"
    for name, label in LABELS.items():
        at, square = profile(name)
        yield f"\nleast chi squared against the {label}"
        yield " ".join(f"{one:.3g}:{least:.2f}" for one, least in zip(at, square, strict=True))


def draw_front(axes: Axes) -> None:
    """Draw the least change by a pulse against the place of the largest slope."""
    bins = tuple(np.arange(0.01, 0.1201, 0.005))
    for name, (label, line) in CURVES.items():
        axes.step(bins[1:], front(name, bins), where="pre", linestyle=line, label=label)
    axes.fill_between([0.02, 0.04], 0.2, 0.45, color="0.85", linewidth=0.0)
    axes.text(0.0215, 0.215, "paper", va="bottom")
    axes.set(xlabel="electrons per tungsten at the largest slope", ylabel="least ΔG of a pulse at 5 µS (µS)")
    axes.set(xlim=(0.015, 0.115), ylim=(0.0, 1.2))
    axes.legend(loc="upper right", fontsize="small")


def draw_pairs(axes: Axes) -> None:
    """Draw which statements no film of a class meets, alone or in pairs."""
    names = list(met(films("pristine", 2).numbers))
    for place, name in enumerate(CURVES):
        alone, pairs = excluded(name)
        rows = {one: names.index(one) for one in names}
        axes.plot([place - 0.25] * len(alone), [rows[one] for one in alone], "x", color=DARK, markersize=6)
        for number, (one, other) in enumerate(pairs):
            axes.plot([place + 0.1 * number] * 2, [rows[one], rows[other]], "o-", color=DARK, markersize=4)
    axes.set_yticks(range(len(names)), names)
    axes.set_xticks(range(len(CURVES)), ["background\nof Fig. 7b", "pristine", "hopping", "charge\nfactor"])
    axes.set(xlim=(-0.6, len(CURVES) - 0.3), ylim=(len(names) - 0.5, -0.5))
    axes.set_title("× never, •–• never together", fontsize="medium")
    axes.grid(axis="y", color="0.9")


if __name__ == "__main__":
    print("\n".join(tables()))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.0, 4.2), layout="constrained")
        left, right = figure.subplots(1, 2)
        draw_front(left)
        draw_pairs(right)
        figure.savefig(HERE / "exclusions.png", metadata={"Software": None})
        figure = Figure(figsize=(9.0, 3.0), layout="constrained")
        for axes, (name, label) in zip(figure.subplots(1, 3, sharey=True), LABELS.items(), strict=True):
            at, square = profile(name)
            axes.plot(at, square - square.min(), "o-", markersize=3)
            axes.axhline(3.84, color="0.5", linestyle="--")
            axes.axhline(1.0, color="0.5", linestyle=":")
            axes.set(xlabel=label, ylim=(0.0, 10.0))
        figure.axes[0].set_ylabel("rise of χ²; 1: 68 %, 3.84: 95 %")
        figure.savefig(HERE / "profiles.png", metadata={"Software": None})
