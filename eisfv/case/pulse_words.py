"""A protocol in multiples of the device's `[pulse]`, written out in volts or amperes and seconds.

value = "0.5 up"       rest + 0.5 (up - rest), "1 down" alike; rest is 0 at open circuit
duration = "2 width"   also "gap", "period" = width + gap, "spike", "bias"
read = "last 1 gap"
drive = "pulse"        the drive of the pulse
drive = "rest"         what holds between pulses: open circuit, or the voltage `rest`
"""

import re
from typing import Any

from eisfv.case.file_tree import protocol_entries
from eisfv.case.messages import validated
from eisfv.case.problems import Problem
from eisfv.model.train import is_train
from eisfv.model.writing_pulse import AnyPulse, CurrentPulse, VoltagePulse

WHERE = ("protocol", "measure", "spikes", "output")
NAMES = ("name", "title")  # texts that are no quantities
MULTIPLE = re.compile(
    r"(last |above |below )?([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?) (up|down|width|gap|period|spike|bias)"
)
DRIVES = ("pulse", "rest")
DIGITS = 12
EXAMPLE = '[pulse] with drive = "voltage", up = "1 V", down = "-1 V", width = "10 ms", gap = "1 s"'
# Where none can be read: the other faults are told all the same.
ANY = VoltagePulse(1.0, 1.0, up=1.0, down=-1.0, spike=1.0)


def bring_in(tree: dict[str, Any]) -> list[Problem]:
    """Write every multiple of a tree out, in place; return what is missing of the table they count in."""
    entries = [entry for _, entry in protocol_entries(tree) if entry.get("drive") in DRIVES]
    words = set().union(*(used(tree.get(key)) for key in WHERE))
    if not entries and not words:
        return []
    found: list[Problem] = []
    pulse: Any = ANY
    if "pulse" not in tree:
        found.append(Problem(("pulse",), f"is missing, and the protocol counts in it; add for example {EXAMPLE}"))
    else:
        pulse = validated(AnyPulse, tree["pulse"], ("pulse",))[0] or ANY  # its faults are told with the case's
    if "spike" in words and isinstance(pulse, CurrentPulse) and pulse.spike is None:
        example = 'spike = "1 V", the voltage that a pair reaches'
        found.append(Problem(("pulse", "spike"), f"is missing, and the protocol has spikes; add for example {example}"))
    for entry in entries:
        drive(entry, pulse)
    values = values_of(pulse)
    for key in WHERE:
        if key in tree:
            tree[key] = written_out(tree[key], values)
    return found


def drive(entry: dict[str, Any], pulse: VoltagePulse | CurrentPulse) -> None:
    """Write out what drives a step."""
    rest = pulse.rest if isinstance(pulse, VoltagePulse) else None
    level = None if rest is None else f"{float(rest):.{DIGITS}g} V"
    if entry["drive"] == "pulse":
        entry["drive"] = pulse.drive
        if level is not None and is_train(entry):
            entry.setdefault("rest", level)
    elif level is None:
        entry["drive"] = "open_circuit"
    else:
        entry |= {"drive": "voltage", "value": level}


def values_of(pulse: VoltagePulse | CurrentPulse) -> dict[str, tuple[float, float, str]]:
    """Return of every word where its multiples count from, what one of them is, and the unit."""
    unit = "V" if isinstance(pulse, VoltagePulse) else "A"
    rest = float(getattr(pulse, "rest", None) or 0.0)
    bias = float(rest if pulse.bias is None else pulse.bias)
    spike = pulse.spike if pulse.spike is not None else pulse.up - bias if isinstance(pulse, VoltagePulse) else 1.0
    width, gap = float(pulse.width), float(pulse.gap)
    return {
        "up": (rest, float(pulse.up) - rest, unit),
        "down": (rest, float(pulse.down) - rest, unit),
        "spike": (0.0, float(spike), "V"),
        "bias": (0.0, bias, "V"),
        "width": (0.0, width, "s"),
        "gap": (0.0, gap, "s"),
        "period": (0.0, width + gap, "s"),
    }


def used(node: Any) -> set[str]:
    """Return the words that the texts below a node count in."""
    if isinstance(node, dict):
        return set().union(*(used(item) for key, item in node.items() if key not in NAMES))
    if isinstance(node, list):
        return set().union(*map(used, node))
    match = MULTIPLE.fullmatch(node) if isinstance(node, str) else None
    return {match[3]} if match else set()


def written_out(node: Any, values: dict[str, tuple[float, float, str]]) -> Any:
    """Return a node with its multiples written out."""
    if isinstance(node, dict):
        return {key: item if key in NAMES else written_out(item, values) for key, item in node.items()}
    if isinstance(node, list):
        return [written_out(item, values) for item in node]
    match = MULTIPLE.fullmatch(node) if isinstance(node, str) else None
    if match is None:
        return node
    start, one, unit = values[match[3]]
    return f"{match[1] or ''}{start + float(match[2]) * one:.{DIGITS}g} {unit}"
