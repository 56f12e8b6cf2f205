"""Draw what pulses and pairs tell of C_S and the sites N, `python posterior.py`, from the last runs: posterior.png.

Residuals, windows and circuit are those of `profile_likelihood.py`. Hop length, exchange current, diffusivity, C_S, N
are free, with flat priors of their logarithms in a box. The circuit is run at some points of it; polynomials of the
logarithms take the place of each residual, the points are drawn anew where these say the posterior is, and the
circuit is run there, three times over. emcee then draws from the polynomials. What they miss of the residuals at
points that they were not fitted to is told: below one, the width of a residual, it does not decide.
Source of the sampler: D. Foreman-Mackey et al., Publ. Astron. Soc. Pac. 125 (2013) 306.
"""

from itertools import combinations_with_replacement
from typing import Any

import matplotlib as mpl
import numpy as np
from emcee import EnsembleSampler
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from profile_likelihood import FREE, HERE, WINDOWS, Data
from scipy.ndimage import gaussian_filter
from scipy.stats import qmc

from eisfv.postprocess.circuit.simulate import SimulationError
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE

HALF = np.array(
    [0.08, 2.0, 0.8, 0.5, 1.5]
)  # of the box, around the values of the case: logarithms, in the order of FREE
FIRST, LATER, ROUNDS = 70, 40, 3  # points of the circuit
WALKERS, STEPS = 40, 3000
COLORS, STYLES = (DARK, LIGHT, "0.45"), ("-", "--", ":")
TICKS = (100, 200, 500, 1000, 2000)  # mol/m3
STERN, SITES = FREE.index("stern"), FREE.index("sites")


def terms(u: np.ndarray) -> np.ndarray:
    """Return the polynomials up to the second degree of points (n, 5) in the box of -1 to 1."""
    columns = [np.ones(len(u)), *u.T]
    columns += [u[:, i] * u[:, j] for i, j in combinations_with_replacement(range(u.shape[1]), 2)]
    return np.stack(columns, axis=1)


class Posterior:
    """The circuit at points and the polynomials through them; window: its number."""

    def __init__(self) -> None:
        self.data = Data()
        ion, interface = self.data.stack.ion, self.data.stack.channel_interface
        middle = (ion.hop, interface.exchange, ion.diffusivity, interface.stern, ion.density)
        self.middle = np.array(middle)
        self.points, self.residuals = np.empty((0, HALF.size)), np.empty((0, len(WINDOWS), 18))

    def run(self, points: np.ndarray) -> None:
        """Run the circuit at points and keep what it gives."""
        for u in points:
            values = dict(zip(FREE, self.middle * np.exp(HALF * u), strict=True))
            try:
                changes = self.data.changes(values)
            except SimulationError:
                continue
            row = np.array([self.data.residuals_of(*changes, window)[0] for window in WINDOWS])
            if np.isfinite(row).all():
                self.points = np.vstack([self.points, u])
                self.residuals = np.concatenate([self.residuals, row[None]])

    def fitted(self, window: int, used: slice = slice(None)) -> np.ndarray:
        """Return the coefficients (21, 18); points of a small misfit count most."""
        misfit = np.sum(self.residuals[used, window] ** 2, axis=1)
        weight = 1.0 / np.sqrt(1.0 + (misfit / misfit.min()) ** 2)[:, None]
        rows = terms(self.points[used])
        return np.linalg.lstsq(rows * weight, self.residuals[used, window] * weight, rcond=None)[0]

    def drawn(self, window: int, steps: int, seed: int) -> np.ndarray:
        """Return draws (n, 5) of the posterior in the box."""
        coefficients = self.fitted(window)

        def log_density(u: np.ndarray) -> np.ndarray:
            inside = (np.abs(u) <= 1.0).all(axis=1)
            return np.where(inside, -0.5 * np.sum((terms(u) @ coefficients) ** 2, axis=1), -np.inf)

        random = np.random.default_rng(seed)
        best = self.points[np.argmin(np.sum(self.residuals[:, window] ** 2, axis=1))]
        start = np.clip(best + 0.05 * random.normal(size=(WALKERS, HALF.size)), -0.99, 0.99)
        sampler = EnsembleSampler(WALKERS, HALF.size, log_density, vectorize=True)
        sampler.random_state = np.random.RandomState(seed).get_state()
        sampler.run_mcmc(start, steps)
        return np.asarray(sampler.get_chain(discard=steps // 3, flat=True))


def main() -> None:
    """Run, print the table and draw the picture."""
    found = Posterior()
    found.run(2.0 * qmc.LatinHypercube(HALF.size, seed=1).random(FIRST) - 1.0)
    for step in range(ROUNDS):
        before = len(found.points)
        for window in range(len(WINDOWS)):
            draws = found.drawn(window, STEPS // 3, step)
            found.run(draws[np.random.default_rng(step).choice(len(draws), LATER // len(WINDOWS), replace=False)])
    kept = []
    for window, ends in enumerate(WINDOWS):
        told = terms(found.points[before:]) @ found.fitted(window, slice(before))
        own = slice(window * (LATER // len(WINDOWS)), (window + 1) * (LATER // len(WINDOWS)))
        missed = np.sqrt(np.mean((told - found.residuals[before:, window])[own] ** 2))
        draws = found.drawn(window, STEPS, 7)
        values = found.middle * np.exp(HALF * draws)
        kept.append(values)
        least = np.sum(found.residuals[:, window] ** 2, axis=1).min()
        stern = np.percentile(1e2 * values[:, STERN], [16, 50, 84])
        sites = np.percentile(values[:, SITES], [16, 50, 84])
        print(
            f"{1e9 * ends[0]:3.0f} to {1e9 * ends[1]:3.0f} nS  C_S {stern[1]:.2f} ({stern[0]:.2f} to {stern[2]:.2f}) "
            f"uF/cm2  N {sites[1]:.0f} ({sites[0]:.0f} to {sites[2]:.0f}) mol/m3  least misfit {least:.1f}  "
            f"polynomials miss {missed:.2f} of a width  {len(found.points)} points",
            flush=True,
        )
    draw(kept, found.middle)


def draw(kept: list[np.ndarray], middle: np.ndarray) -> None:
    """Draw the densities of C_S and of N, and where both are."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.6, 3.4), layout="constrained")
        left, centre, right = figure.subplots(1, 3)
        for values, (low, high), color, style in zip(kept, WINDOWS, COLORS, STYLES, strict=True):
            label = f"{1e9 * low:.0f} to {1e9 * high:.0f} nS"
            stern, sites = 1e2 * values[:, STERN], values[:, SITES]
            line: dict[str, Any] = {"color": color, "linestyle": style, "linewidth": 1.6, "label": label}
            for axes, x, logs in ((left, stern, False), (centre, sites, True)):
                edges = (
                    np.geomspace(*(m for m in (x.min(), x.max())), 45) if logs else np.linspace(x.min(), x.max(), 45)
                )
                height, _ = np.histogram(np.log(x) if logs else x, np.log(edges) if logs else edges, density=True)
                height = gaussian_filter(height, 1.5, mode="nearest")
                axes.plot(np.sqrt(edges[1:] * edges[:-1]), height / height.max(), **line)
            contour(right, stern, sites, color, style)
        centre.set_xscale("log")
        right.set_yscale("log")
        for axis in (centre.xaxis, right.yaxis):
            axis.set_ticks(TICKS, [f"{tick:g}" for tick in TICKS])
            axis.set_minor_formatter(NullFormatter())
        right.plot(1e2 * middle[STERN], middle[SITES], "k+", markersize=9)
        right.annotate("set Q", (1e2 * middle[STERN], middle[SITES]), (5, 4), textcoords="offset points", fontsize=8)
        left.set(xlabel="Stern capacitance (µF/cm²)", ylabel="density over its largest", ylim=(0, 1.05))
        centre.set(xlabel="sites of the film (mol/m³)", ylim=(0, 1.05))
        right.set(xlabel="Stern capacitance (µF/cm²)", ylabel="sites of the film (mol/m³)")
        centre.legend(title="lines drawn through", loc="lower center", fontsize=8, title_fontsize=8)
        figure.savefig(HERE / "posterior.png", dpi=130, metadata={"Software": None})


def contour(axes: Any, stern: np.ndarray, sites: np.ndarray, color: str, style: str) -> None:
    """Draw the line that holds 68 % of the draws."""
    count, x, y = np.histogram2d(stern, np.log(sites), bins=40)
    count = gaussian_filter(count, 2.0, mode="nearest")
    ordered = np.sort(count.ravel())[::-1]
    level = ordered[np.searchsorted(np.cumsum(ordered), 0.68 * ordered.sum())]
    x, y = 0.5 * (x[1:] + x[:-1]), np.exp(0.5 * (y[1:] + y[:-1]))
    axes.contour(x, y, count.T, [level], colors=[color], linestyles=[style], linewidths=1.6)


if __name__ == "__main__":
    main()
