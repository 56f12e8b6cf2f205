"""Draw section.png, where lithium goes and how it is forgotten: `python draw.py`, after runs of this case and `li_ppf`.

The curve beside the run is the linear line of two films under a thin electrolyte, from the case's values alone:

    Y(s) = 1/(r g + 2 sqrt(r z) coth(sqrt(r/z) l)),   r = 1/(sigma t d),   z = [1/y(s) + t/(3 sigma)]/d
    y(s) = s C + 1/(R + Z),   Z = (U' h/(F N D')) coth(a)/a,   a = h sqrt(s/D'),   D' = D x (1 - x) F U'/(R T)

    Y    admittance between the films                                                    S
    g, l gap and width of a film; t, d thickness of the electrolyte and depth            m
    y    admittance of a film under the electrolyte, of its layers C beside transfer R and diffusion    S/m2
    U'   -dU/dx of the film, h its thickness, D' its chemical diffusivity, N its sites
    t/(3 sigma) is what a current that enters a thin layer evenly from below meets across it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from eisfv.constants import FARADAY, GAS_CONSTANT
from eisfv.postprocess.pictures.last_run import last_run_or_end
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE

HERE = Path(__file__).parent
VOLT = GAS_CONSTANT * 298.15 / FARADAY
SITES, X, FILM, DIFFUSIVITY = 30883.0, 0.4, 60e-9, 5e-16  # mol/m3, -, m, m2/s
SLOPE = 2.0 * VOLT / (X * (1.0 - X)) + 1.038  # V, -dU/dx
CHEMICAL = DIFFUSIVITY * X * (1.0 - X) * SLOPE / VOLT
LAYERS, EXCHANGE = 0.1, 100.0  # F/m2, A/m2
SIGMA, THICK, DEPTH, GAP, WIDE = 1e-3, 1e-6, 200e-6, 2e-6, 5e-6  # S/m, m
HEIGHT, PULSE = 0.5, 10e-3  # V, s
MOMENTS = (1.01, 1.11, 2.01, 11.01)  # s


def admittance(s: np.ndarray) -> np.ndarray:
    """Return Y (S) at s (1/s)."""
    a = FILM * np.sqrt(s / CHEMICAL)
    film = SLOPE * FILM / (FARADAY * SITES * CHEMICAL) / (a * np.tanh(a))
    y = s * LAYERS + 1.0 / (VOLT / EXCHANGE + film)
    r, z = 1.0 / (SIGMA * THICK * DEPTH), (1.0 / y + THICK / (3.0 * SIGMA)) / DEPTH
    return 1.0 / (r * GAP + 2.0 * np.sqrt(r * z) / np.tanh(np.sqrt(r / z) * WIDE))


def at(time: float, image: Callable[[np.ndarray], np.ndarray], terms: int = 24) -> float:
    """Return a Laplace image's function at a time (J. Abate, P. Valko, Int. J. Numer. Meth. Eng. 60 (2004) 979)."""
    r, angle = 2.0 * terms / (5.0 * time), np.arange(1, terms) * np.pi / terms
    s = r * angle * (1.0 / np.tan(angle) + 1j)
    weight = 1.0 + 1j * (angle + (angle / np.tan(angle) - 1.0) / np.tan(angle))
    first = 0.5 * np.exp(r * time) * image(np.array(r + 0j)).real
    return float(r / terms * (first + (np.exp(time * s) * image(s) * weight).real.sum()))


def charge(time: float) -> float:
    """Return what a step of HEIGHT has moved (C)."""
    return HEIGHT * at(time, lambda s: admittance(s) / s**2)


run = last_run_or_end(HERE)
stack = last_run_or_end(HERE.parent / "li_ppf").measures
cells, times = run.cells, run.profile_times
potential, filling = run.profiles("potential"), run.profiles("site_fraction_Li")
records = [int(np.argmin(np.abs(times - moment))) for moment in MOMENTS]
t, x = np.asarray(run.terminals["time_s"]), np.asarray(run.terminals["x_channel"])
after = np.array([1e-3, 1e-2, 0.1, 1.0, 10.0])
unit = SITES * FARADAY * FILM * WIDE * DEPTH
stored = (np.interp(1.0 + PULSE + after, t, x) - np.interp(1.0, t, x)) * unit
line = np.array([charge(PULSE + wait) - charge(wait) for wait in after])
spike = (np.interp(1.0 + PULSE, t, x) - np.interp(1.0, t, x)) * unit
print(f"in the film after the pulse {1e9 * spike:.4f} nC, line {1e9 * charge(PULSE):.4f} nC with the layers")
for wait, one, other in zip(after, stored, line, strict=True):
    print(f"{wait:g} s later {1e9 * one:.4f} nC, line {1e9 * other:.4f} nC")


def facilitation(table: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return intervals (s) and (G2 - G1)/(G1 - G0) of pairs, of which a table has two rows each."""
    columns = ("steps_1_duration_s", "G_before_S", "G_after_S")
    interval, before, up = (np.asarray(table[name]) for name in columns)
    return interval[1::2], (up[1::2] - up[::2]) / (up[::2] - before[::2])


with mpl.rc_context(STYLE):
    figure = Figure(figsize=(10.4, 3.2), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    shown = (cells.region == cells.regions.index("electrolyte")) & (cells.corners[:, 0] >= 0)
    map_ = PolyCollection(1e6 * cells.points[cells.corners[shown]], array=potential[records[0], shown], cmap="cividis")
    left.add_collection(map_)
    left.set(xlim=(0, 12), ylim=(1.2, 0), xlabel="x (µm)", ylabel="y (µm)", title="potential at the end of the pulse")
    left.grid(visible=False)
    for name, middle_x in (("gate film", 2.5), ("channel", 9.5)):
        left.add_patch(mpl.patches.Rectangle((middle_x - 2.5, 1.0), 5.0, 0.06, color="0.3"))
        left.annotate(name, (middle_x, 1.09), ha="center", va="top", fontsize=8)
    figure.colorbar(map_, ax=left, label="V", shrink=0.8)
    film = cells.region == cells.regions.index("channel")
    film &= cells.size > 0.0
    columns = np.unique(cells.x[film])
    for record, moment, style in zip(records, MOMENTS, ("-", "--", "-.", ":"), strict=True):
        places = [film & (cells.x == one) for one in columns]
        mean = [np.average(filling[record, place], weights=cells.size[place]) for place in places]
        wait = moment - 1.0 - PULSE
        label = f"{wait:g} s later" if wait > 1e-9 else "end of the pulse"
        middle.plot(1e6 * columns, 1e3 * (np.array(mean) - X), style, label=label)
    middle.set(xlabel="x (µm), the gap at 7", ylabel="change of x of LixWO3 (1e-3)")
    middle.legend()
    gaps = np.geomspace(4e-3, 4.0, 40)
    theory = [(charge(2 * PULSE + gap) - charge(PULSE + gap)) / charge(PULSE) for gap in gaps]
    right.plot(gaps, theory, "--", color=DARK, label="line")
    right.plot(*facilitation(run.measures), "o", color=DARK, label="section")
    right.plot(*facilitation(stack), "s-", color=LIGHT, markersize=4, label="stack (li_ppf)")
    right.set(xscale="log", ylim=(0, 1), xlabel="interval (s)", ylabel="facilitation")
    right.legend()
    figure.savefig(HERE / "section.png", dpi=130, metadata={"Software": None})
