"""bode: magnitude and phase of the impedance, and what the conductance does, against the frequency."""

from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.quantities.prefixes import scale
from eisfv.postprocess.quantities.spectra import spectra_of
from eisfv.result import Run

from .nyquist import MOST, named, shade, shown
from .plain_ticks import plain_ticks
from .style import STYLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_bode(run: Run, figure: "Figure") -> bool:
    """Draw |Z|, -phase and, where the channel is read, |dG/dV| of a run's spectra; False when it has none."""
    spectra = shown(spectra_of(run.table("impedance")))
    if not spectra:
        return False
    reads = any(np.any(s.by_voltage != 0.0) for s in spectra)
    figure.set_size_inches(6.4, 6.2 if reads else 4.6)
    panels = figure.subplots(3 if reads else 2, sharex=True)
    sizes = np.concatenate([np.abs(s.impedance[s.known]) for s in spectra])
    changes = np.concatenate([np.abs(s.by_voltage) for s in spectra])
    middle = float(np.exp(np.log(sizes).mean()))
    factor, unit = scale([middle], "ohm")
    largest, unit_change = scale([changes.max()], "S/V")
    for k, spectrum in enumerate(spectra):
        style = {"color": shade(k, len(spectra)), "linestyle": STYLES[k % MOST], "label": named(spectrum)}
        f, z = spectrum.frequency[spectrum.known], spectrum.impedance[spectrum.known]
        panels[0].plot(f, np.abs(z) * factor, **style)
        panels[1].plot(f, -np.degrees(np.angle(z)), **style)
        if reads:
            panels[2].plot(spectrum.frequency, np.abs(spectrum.by_voltage) * largest, **style)
    for axes in (panels[0], *panels[2:]):
        axes.set_yscale("log")
    panels[0].set_xscale("log")
    panels[0].set_ylabel(f"|Z| ({unit})")
    plain_ticks(panels[0].yaxis, sizes * factor)
    panels[1].set_ylabel("\N{MINUS SIGN}phase of Z (degrees)")
    panels[1].set_yticks(phase_ticks(panels[1].get_ylim()))
    if reads:
        panels[2].set_ylabel(f"|dG/dV| ({unit_change})")
    panels[-1].set_xlabel("frequency (Hz)")
    figure.align_ylabels(list(panels))
    if len(spectra) > 1:
        panels[0].legend()
    return True


def phase_ticks(ends: tuple[float, float]) -> np.ndarray:
    """Return the multiples of 15, 30 or 45 degrees between two ends."""
    step = next(s for s in (5.0, 15.0, 30.0, 45.0, 90.0) if (ends[1] - ends[0]) / s <= 7.0 or s == 90.0)
    return np.arange(np.ceil(ends[0] / step), np.floor(ends[1] / step) + 1.0) * step
