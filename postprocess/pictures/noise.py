"""noise: spectral densities of the gate's voltage and of the conductance against the frequency."""

from typing import TYPE_CHECKING

import numpy as np

from eisfv.postprocess.quantities.spectra import spectra_of
from eisfv.result import Run

from .nyquist import MOST, named, shade, shown
from .style import STYLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EQUILIBRIUM = {"color": "0.35", "marker": "o", "markerfacecolor": "none", "markersize": 3.5, "linestyle": "none"}


def draw_noise(run: Run, figure: "Figure") -> bool:
    """Draw S_V with 4 k T Re Z as rings and, where the channel is read, S_G with a voltage given and at open circuit;
    False where no spectrum has noise."""
    table = run.table("impedance")
    if not np.isfinite(table.get("S_V_V2_per_Hz", np.empty(0))).any():
        return False
    spectra = [s for s in shown(spectra_of(table)) if np.isfinite(table["S_V_V2_per_Hz"][own(table, s.number)]).any()]
    reads = bool((table["S_G_closed_S2_per_Hz"] > 0.0).any())
    figure.set_size_inches(6.4, 5.6 if reads else 3.6)
    panels = figure.subplots(2 if reads else 1, sharex=True, squeeze=False)[:, 0]
    for k, spectrum in enumerate(spectra):
        rows, style = own(table, spectrum.number), {"color": shade(k, len(spectra)), "linestyle": STYLES[k % MOST]}
        f = table["frequency_Hz"][rows]
        label = f"open circuit, {named(spectrum)}"
        panels[0].plot(f, table["S_V_V2_per_Hz"][rows], label=label, **style)
        rings = "4kT Re Z" if k == len(spectra) - 1 else None
        panels[0].plot(f[::5], table["S_V_equilibrium_V2_per_Hz"][rows][::5], label=rings, **EQUILIBRIUM)
        if reads:
            panels[1].plot(f, table["S_G_open_S2_per_Hz"][rows], label=label, **style)
            closed = {**style, "linewidth": 2.6, "alpha": 0.4}
            panels[1].plot(f, table["S_G_closed_S2_per_Hz"][rows], label=f"voltage given, {named(spectrum)}", **closed)
    for axes, what in zip(panels, ("S$_V$ (V²/Hz)", "S$_G$ (S²/Hz)"), strict=False):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_ylabel(what)
        axes.legend()
    panels[-1].set_xlabel("frequency (Hz)")
    figure.align_ylabels(list(panels))
    return True


def own(table: dict[str, np.ndarray], number: int) -> np.ndarray:
    """Return the rows (bool) of a spectrum."""
    return np.asarray(table["spectrum"] == number)
