"""Draw fig7.png in the axes of the paper from the last runs of mg_vs_h and mg_vs_h_proton: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.constants import FARADAY
from eisfv.postprocess.pictures.last_run import last_run
from eisfv.postprocess.pictures.style import DARK, LIGHT, STYLE

HERE = Path(__file__).parent
FILM, SQUARES, TUNGSTEN = 80e-9, 5.0, 30883.0  # m, width over length, mol/m3
# case, gamma before the first pulse, rows of Fig. 7a, area (m2), colour
DEVICES = {
    "Mg": ("mg_vs_h", 5.92e-4, slice(27, 47), 6e-5, DARK),
    "H": ("mg_vs_h_proton", 1e-3, slice(472, 492), 5e-8, LIGHT),
}
# conductivities in the text of Schwacke 2024, Sec. 3 and 5: gamma, S/cm
POINTS = {"Mg": ((5.92e-4, 0.01), (5.5e-3, 0.125)), "H": ((1e-3, 0.03), (1.9e-6, 5.5e-3))}

with mpl.rc_context(STYLE):
    figure = Figure(figsize=(7.0, 6.4), layout="constrained")
    axes = figure.subplot_mosaic("ab;cc;dd")
    for (ion, (case, start, rows, area, colour)), panel in zip(DEVICES.items(), "ab", strict=True):
        pulses = last_run(HERE.parent / case).pulses
        per_gamma = area * FILM * TUNGSTEN * FARADAY  # C
        gamma = start + np.cumsum(pulses["charge_C"]) / per_gamma
        sigma = pulses["G_after_S"] / (SQUARES * FILM) * 1e-2  # S/cm
        slope = pulses["dG_S"] / (SQUARES * FILM) * 1e-2 / (pulses["charge_C"] / per_gamma)
        up = pulses["charge_C"] > 0.0
        axes[panel].plot(np.arange(1, 21), pulses["G_after_S"][rows] * 1e6, "o", color=colour, markersize=4)
        axes[panel].set_xlabel(f"pulse at gamma = {gamma[rows][0]:.2g}, {ion}")
        axes["c"].semilogy(gamma[up], sigma[up], color=colour, label=f"{ion}, model")
        axes["c"].semilogy(*POINTS[ion], "*", color=colour, markersize=9, label=f"{ion}, text of the paper")
        axes["d"].semilogy(gamma[up], slope[up], color=colour)
    axes["a"].set_ylabel("conductance (uS)")
    axes["c"].set_ylabel("conductivity (S/cm)")
    axes["d"].set_ylabel("dsigma/dgamma (S/cm)")
    axes["d"].set_xlabel("electrons per tungsten, gamma")
    axes["c"].legend(ncols=2)
    figure.savefig(HERE / "fig7.png", metadata={"Software": None})
