"""nyquist: -Im Z against Re Z at equal scales, the decades of the frequency marked."""

from typing import TYPE_CHECKING, Any

import numpy as np

from eisfv.postprocess.quantities.prefixes import quantity, scale
from eisfv.postprocess.quantities.spectra import Spectrum, spectra_of
from eisfv.result import Run

from .style import STYLES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = len(STYLES)  # spectra in one picture that stay apart
TALL = 1.0  # of what conducts: the line of a capacitor is cut above it
RESTS = 1e-9  # V: what the rounding of a device at rest may leave
NUMBER: Any = {"fontsize": 7.0, "color": "0.25", "textcoords": "offset points"}


def draw_nyquist(run: Run, figure: "Figure") -> bool:
    """Draw the spectra of a run; False when it has none."""
    spectra = shown(spectra_of(run.table("impedance")))
    if not spectra:
        return False
    axes = figure.subplots()
    draw_plane(axes, spectra)
    left, right, low, high = *axes.get_xlim(), *axes.get_ylim()
    figure.set_size_inches(5.6, min(max(1.3 + 4.7 * (high - low) / (right - left), 2.4), 6.5))
    if len(spectra) > 1:
        axes.legend()
    return True


def draw_plane(axes: "Axes", spectra: list[Spectrum]) -> None:
    """Draw spectra into the plane of Z."""
    parts = np.concatenate([s.impedance[s.known] for s in spectra])
    ends = limits(parts)
    factor, unit = scale(np.abs(ends), "ohm")
    for k, spectrum in enumerate(spectra):
        z = spectrum.impedance[spectrum.known] * factor
        axes.plot(z.real, -z.imag, color=shade(k, len(spectra)), linestyle=STYLES[k % MOST], label=named(spectrum))
        mark_decades(axes, spectrum, factor, ends * factor, k == 0)
    axes.set_aspect("equal")
    axes.set_xlim(ends[0] * factor, ends[1] * factor)
    axes.set_ylim(ends[2] * factor, ends[3] * factor)
    axes.set_xlabel(f"Re Z ({unit})")
    axes.set_ylabel(f"\N{MINUS SIGN}Im Z ({unit})")


def mark_decades(axes: "Axes", spectrum: Spectrum, factor: float, ends: np.ndarray, told: bool) -> None:
    """Mark the points at whole decades of the frequency, and write those of the first spectrum beside, where they do
    not lie on one another."""
    decades = np.abs(np.log10(spectrum.frequency) - np.round(np.log10(spectrum.frequency))) < 1e-6
    last: complex | None = None
    for f, z in zip(spectrum.frequency[decades], spectrum.impedance[decades] * factor, strict=True):
        inside = ends[0] <= z.real <= ends[1] and ends[2] <= -z.imag <= ends[3]
        if not np.isfinite(z) or not inside:
            continue
        axes.plot(z.real, -z.imag, "o", color="0.1", markersize=3)
        if told and (last is None or abs(z - last) > 0.07 * (ends[1] - ends[0])):
            right = z.real < ends[0] + 0.85 * (ends[1] - ends[0])
            axes.annotate(
                quantity(f, "Hz", 3),
                (z.real, -z.imag),
                (4 if right else -4, 4),
                ha="left" if right else "right",
                **NUMBER,
            )
            last = z


def limits(z: np.ndarray) -> np.ndarray:
    """Return the ends of Re Z and of -Im Z (ohm): a line that climbs far beyond what conducts is cut."""
    right, top = z.real.max(), (-z.imag).max()
    low = min(0.0, (-z.imag).min())
    span = max(right, 0.3 * min(top, TALL * right) if right > 0.0 else top)
    top = min(top, TALL * span) if span > 0.0 else top
    room = 0.05 * max(span, top)
    return np.array([min(0.0, z.real.min()) - room, span + 2.0 * room, low - room, top + 2.0 * room])


def shown(spectra: list[Spectrum]) -> list[Spectrum]:
    """Return the spectra that one picture shows: all, or some at equal distances, the first and the last among them."""
    with_points = [spectrum for spectrum in spectra if spectrum.known.any()]
    if len(with_points) <= MOST:
        return with_points
    return [with_points[k] for k in np.unique(np.linspace(0, len(with_points) - 1, MOST).round().astype(int))]


def shade(k: int, count: int) -> Any:
    """Return the colour of one of so many spectra."""
    from matplotlib import colormaps

    return colormaps["viridis"](0.0 if count == 1 else 0.85 * k / (count - 1))


def named(spectrum: Spectrum) -> str:
    """Return how a spectrum is told apart from others."""
    bias = spectrum.bias if abs(spectrum.bias) > RESTS else 0.0
    return f"{quantity(spectrum.time, 's')}, {quantity(bias, 'V', 3)}"
