"""Fields for NeuroSim: of its RealDevice (the simulator in C++) and of its training script.

Both describe a device by the largest and smallest conductance, the pulses from the one to the other, and a label of how
bent the train between them is. The label is fitted to the longest train of each direction, over the conductances that
both pass. The files hold values to set by hand; what a run cannot give is null, with the reason.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from eisfv.postprocess.extract.measured import Extraction, Measured, Picture, Section, Written
from eisfv.postprocess.pictures.png import png
from eisfv.postprocess.pictures.style import DARK, WARM
from eisfv.postprocess.quantities.prefixes import quantity, scale
from eisfv.postprocess.simulators.sources import source_of
from eisfv.result.atomic import write_atomic

from .neurosim_fields import (
    NOT_OF_THE_RUN,
    Value,
    device_fields,
    notes_of,
    script_fields,
    write_voltage,
)
from .neurosim_trains import FittedTrain, fitted_trains

if TYPE_CHECKING:
    from matplotlib.figure import Figure

JSON_FILE, TEXT_FILE = "device_neurosim.json", "device_neurosim.txt"
HEAD = """\
NeuroSim, from {source}
Set these by hand; nothing else of its files is needed or meant.

In NeuroSim a write pulse passes through the synapse's own conductance, V^2 G t. Here it passes from the gate to the
channel: the energies it gives are not those of this device, which extract.json has.
"""


def write(extraction: Extraction, out: Path) -> Written:
    """Write both files. Raises ResultError."""
    found = fitted_trains(extraction)
    if isinstance(found, str):
        return Written(reason=found)
    up, down = found
    device, script, notes = device_fields(extraction, up, down), script_fields(extraction, up, down), notes_of(up, down)
    unknown = dict(NOT_OF_THE_RUN)
    for name, branch in (("writeVoltageLTP", extraction.up), ("writeVoltageLTD", extraction.down)):
        voltage = None if branch is None else write_voltage(extraction.pulses, branch)
        if voltage is None:
            unknown[name] = "the current pulses pass no charge on the whole, so that energy over charge is no voltage"
        else:
            device[name] = voltage
    tree = {
        "format": 1,
        "source": source_of(extraction),
        "RealDevice": {**device, **dict.fromkeys(unknown)},
        "train.py": script,
        "null_because": unknown,
        "notes": notes,
        "fits": {
            word: {
                "label": train.label,
                "label_interval": train.label_interval,
                "A_over_N": 1.0 / train.curvature if train.curvature else None,
                "pulses": train.pulses,
                "residual": train.residual,
                "window": train.window,
            }
            for word, train in (("LTP", up), ("LTD", down))
        },
    }
    write_atomic(out / JSON_FILE, (json.dumps(tree, indent=2, allow_nan=False) + "\n").encode())
    write_atomic(out / TEXT_FILE, text_of(extraction, device, script, unknown, notes).encode())
    return Written(
        files=(out / JSON_FILE, out / TEXT_FILE),
        quantities=quantities_of(up, down),
        section=section_of(up, down, notes),
    )


def quantities_of(up: FittedTrain, down: FittedTrain) -> dict[str, Measured]:
    """Return what the fits add to extract.json."""
    found = {}
    for word, train in (("LTP", up), ("LTD", down)):
        low, high = train.label_interval or (None, None)
        points, window, residual = train.position.size, train.window, train.residual
        found[f"NL_{word}"] = Measured(train.label, "", low, high, points, window, residual)
        found[f"pulses_{word}"] = Measured(train.pulses, "", points=points, window=window)
    return found


def text_of(
    extraction: Extraction,
    device: Mapping[str, Value],
    script: Mapping[str, Value],
    unknown: Mapping[str, str],
    notes: list[str],
) -> str:
    """Return the file to read."""
    lines = [HEAD.format(source=source_of(extraction)), "Cell.cpp, RealDevice::RealDevice (V, s, S)"]
    lines += [
        f"    {name} = {str(value).lower() if isinstance(value, bool) else value};" for name, value in device.items()
    ]
    lines += [f"    // {name}: {why}" for name, why in unknown.items()]
    lines += ["", "train.py"]
    lines += [f"    args.{name} = {value}" for name, value in script.items()]
    lines += ["", *notes] if notes else []
    return "\n".join(lines) + "\n"


def section_of(up: FittedTrain, down: FittedTrain, notes: list[str]) -> Section:
    """Return the part of the report."""
    text = (
        f"{JSON_FILE} and {TEXT_FILE} hold the fields to set by hand. The labels are fitted to the longest trains, "
        f"over {quantity(up.low, 'S', 3)} to {quantity(up.high, 'S', 3)}, which both pass; a train down that flattens "
        "has a negative one."
    )
    rows = [("train", "pulses", "label NL", "A/N", "residual")]
    for word, train in (("up, LTP", up), ("down, LTD", down)):
        bent = f"{1.0 / train.curvature:.3g}" if train.curvature else "infinite"
        rows.append((word, f"{train.pulses:.3g}", f"{train.label:.3g}", bent, f"{100.0 * train.residual:.2g} %"))
    picture = Picture("The trains over the common range, and NeuroSim's form.", png(lambda f: draw(f, up, down)))
    return Section("NeuroSim", (text, *notes), tuple(rows), (picture,))


def draw(figure: "Figure", up: FittedTrain, down: FittedTrain) -> None:
    """Draw the trains against the position counted from the smallest conductance."""
    axes = figure.subplots()
    level, unit = scale([up.high], "S")
    for train, marker, colour, word in ((up, "^", DARK, "up"), (down, "v", WARM, "down")):
        share = train.position / train.pulses
        size = 5.0 if share.size < 60 else 2.5
        axes.plot(share, train.conductance * level, marker, color=colour, markersize=size, label=f"train {word}")
        axes.plot(share, train.course * level, color=colour, linewidth=1.1, label=f"NL = {train.label:.2f}")
    axes.set_xlabel("position, share of the pulses from the smallest conductance")
    axes.set_ylabel(f"conductance ({unit})")
    axes.legend()
