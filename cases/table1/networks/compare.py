"""Extracted devices beside the ECRAM presets of aihwkit, parameter by parameter.

`python compare.py 4=DIR/device_aihwkit.json ...` prints a table, marks what differs by more than LARGE from both
presets, and draws parameters.png. A step is dw_min (1 - gamma_up w/w_max) up and dw_min (1 - gamma_down w/w_min) down,
of weights that are two wide.

The presets are fits to measured devices: aihwkit 1.1.0, simulator/presets/devices.py, EcRamPresetDevice (lithium, Tang
et al., IEDM 2018) and EcRamMOPresetDevice (metal oxide, Kim et al., IEDM 2019).
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.style import STYLE

LARGE = 3.0
NAMES = ("dw_min", "gamma_up", "gamma_down", "up_down", "dw_min_std", "dw_min_dtod")
PRESETS: Mapping[str, Mapping[str, float]] = {
    "lithium preset": dict(zip(NAMES, (0.002, 0.1153, 0.5085, 0.0, 0.3, 0.1), strict=True)),
    "metal-oxide preset": dict(zip(NAMES, (2.8214e-4, 0.4152, 0.7342, 0.0, 2.0, 0.1), strict=True)),
}
DIGITS = 9  # what is smaller is rounding
SPREAD = 0.86  # of the devices at one parameter
FLOOR = 1e-4  # where a zero is drawn
MARKS = dict(zip(PRESETS, "os", strict=True))
BELOW = "C3"  # the color of what is below zero


def of_file(file: Path) -> dict[str, float]:
    """Return the parameters of an extracted device."""
    fields = json.loads(file.read_text(encoding="utf-8"))["devices"]["LinearStepDevice"]["fields"]
    return {name: round(float(fields[name]), DIGITS) + 0.0 for name in NAMES}  # no -0


def apart(value: float, name: str) -> float:
    """Return by which factor a size differs from the nearer preset's; infinite where one of both is zero."""
    factors = []
    for preset in PRESETS.values():
        small, large = sorted((abs(value), abs(preset[name])))
        factors.append(1.0 if large == 0.0 else large / small if small > 0.0 else float("inf"))
    return min(factors)


def table(devices: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return the lines of the table; a star marks what is more than LARGE from both presets."""
    lines = [f"| device | {' | '.join(NAMES)} |", "|" + " --- |" * (1 + len(NAMES))]
    for word, device in (PRESETS | devices).items():
        cells = [
            f"{device[name]:.3g}{'*' if word not in PRESETS and apart(device[name], name) > LARGE else ''}"
            for name in NAMES
        ]
        lines.append(f"| {word} | {' | '.join(cells)} |")
    return lines


def draw(devices: Mapping[str, Mapping[str, float]], out: Path) -> None:
    """Draw the sizes of all parameters, of devices by their number; zeros stand on the lower edge."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(11.0, 5.0), layout="constrained")
        axes = figure.subplots()
        every = PRESETS | devices
        without = [name for name in NAMES if not any(device[name] for device in devices.values())]
        for name in without:
            axes.text(NAMES.index(name), FLOOR, "all rows", color="C0", ha="center", va="center")
        for number, (word, device) in enumerate(every.items()):
            preset = word in PRESETS
            for place, name in enumerate(NAMES):
                if not preset and name in without:
                    continue
                axes.plot(
                    place + SPREAD * (number / (len(every) - 1) - 0.5),
                    max(abs(device[name]), FLOOR),
                    marker=MARKS[word] if preset else f"${word.split()[-1]}$",
                    color="C2" if preset else BELOW if device[name] < 0.0 else "C0",
                    markersize=5.0 if preset else 4.0 + 2.5 * len(word.split()[-1]),
                    markeredgewidth=0.5,
                    linestyle="none",
                    label=word if preset and place == 0 else None,
                )
        axes.set(yscale="log", xlim=(-0.7, len(NAMES) - 0.3), ylim=(0.8 * FLOOR, 5.0), ylabel="size of the parameter")
        axes.set_xticks(range(len(NAMES)), NAMES)
        words = "numbers: rows; zeros on this edge; grey: below zero"
        axes.text(0.01, 0.02, words, transform=axes.transAxes, fontsize=7.5)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, fontsize="small")
        figure.savefig(out, dpi=110)


def main() -> None:
    """Print the table and draw the picture."""
    devices = {f"row {word}": of_file(Path(file)) for word, file in (one.split("=", 1) for one in sys.argv[1:])}
    print("\n".join(table(devices)))
    draw(devices, Path(__file__).parent / "parameters.png")


if __name__ == "__main__":
    main()
