"""Draw states.png, voltage and energy of a state against the length of its pulse: `python draw.py`."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.last_run import last_run
from eisfv.postprocess.pictures.style import DARK, STYLE

HERE = Path(__file__).parent

with mpl.rc_context(STYLE):
    run = last_run(HERE)
    pulses, terminals = run.pulses, run.terminals
    up = pulses["charge_C"] > 0.0
    length = (pulses["t_end_s"] - pulses["t_start_s"])[up]
    # The last row of the pulse, not the first of the rest.
    ends = np.searchsorted(terminals["time_s"], pulses["t_end_s"][up] * (1.0 + 1e-12)) - 1
    figure = Figure(figsize=(7.0, 3.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.semilogx(length, terminals["voltage_V"][ends], "o-", color=DARK)
    left.set(xlabel="length of the pulse (s)", ylabel="voltage at its end (V)", ylim=(0.0, None))
    right.semilogx(length, pulses["energy_J"][up] * 1e18, "o-", color=DARK)
    right.set(xlabel="length of the pulse (s)", ylabel="energy of a state (aJ)", ylim=(0.0, None))
    figure.savefig(HERE / "states.png", metadata={"Software": None})
