"""`{ drive = "spikes", intervals = [...] }` written out: a step for every pair, and the rest to its read."""

from collections.abc import Mapping
from typing import Any

from eisfv.case.file_tree import protocol_entries, table
from eisfv.case.messages import validated
from eisfv.case.problems import Key, Problem
from eisfv.model.spikes import SpikePairs, Spikes, driven

DIGITS = 12
PLACEHOLDER = {"drive": "open_circuit", "duration": "1 s"}


def bring_in(tree: dict[str, Any]) -> list[Problem]:
    """Put the steps of every entry of spikes in its place, and the divider's resistance into the device; return what
    is wrong with them. The `[spikes]` table is left out: a resolved case has its steps."""
    entries = [(key, entry) for key, entry in protocol_entries(tree) if entry.get("drive") == "spikes"]
    given = tree.pop("spikes", None)
    if given is None:
        for _, entry in entries:
            replace(entry, PLACEHOLDER)
        remedy = "needs a [spikes] table with pre, post, read and read_after"
        return [Problem((*key, "drive"), remedy, "spikes") for key, _ in entries[:1]]
    spikes, found = validated(Spikes, given, ("spikes",))
    # A protocol file suits devices without a read-out as well; a case of its own that reads one is told.
    reads = "readout" in tree or "protocol_file" not in tree
    if not entries:
        word = '{ drive = "spikes", intervals = ["20 ms", "-20 ms"] }'
        found.append(Problem(("spikes",), f"is used by no step of the protocol; add for example {word}"))
    for key, entry in entries:
        pairs, wrong = validated(SpikePairs, dict(entry), key)
        found += wrong
        replace(entry, PLACEHOLDER)
        if isinstance(spikes, Spikes) and isinstance(pairs, SpikePairs):
            written_out = block(spikes, pairs, key, reads)
            if isinstance(written_out, Problem):
                found.append(written_out)
            else:
                replace(entry, written_out)
    if isinstance(spikes, Spikes) and spikes.divider is not None:
        found += divided(tree, spikes)
    return found


def replace(entry: dict[str, Any], by: Mapping[str, Any]) -> None:
    """Put other keys in the place of all of a table."""
    entry.clear()
    entry.update(by)


def block(spikes: Spikes, pairs: SpikePairs, key: Key, reads: bool) -> dict[str, Any] | Problem:
    """Return the steps of an entry as a block of a case file."""
    steps: list[dict[str, Any]] = []
    for interval in pairs.intervals:
        made = driven(spikes, pairs, interval)
        if made.rest < float(spikes.read) or made.rest <= 0.0:
            late = f"ends {spikes.read_after - made.rest:g} s after it, too late for the read"
            text = getattr(interval, "text", interval)
            return Problem((*key, "intervals"), f"has {text}, whose last spike {late}; raise spikes.read_after", text)
        pulse: dict[str, Any] = {
            "drive": "voltage",
            "value": {"times": texts(made.times, "s"), "levels": texts(made.levels, "V")},
            "duration": f"{made.length:.{DIGITS}g} s",
            "pulse": True,
        }
        if not isinstance(interval, str):
            pulse["spike_interval"] = interval.text
        if spikes.divider:
            pulse["between_lines"] = f"{made.between / spikes.divider:.{DIGITS}g} J"
        steps.append(pulse)
        read = {"read": getattr(spikes.read, "text", "")} if reads else {}
        bias = f"{spikes.bias:.{DIGITS}g} V"
        steps.append({"drive": "voltage", "value": bias, "duration": f"{made.rest:.{DIGITS}g} s", **read})
    return {"repeat": pairs.repeat, "steps": steps}


def texts(values: tuple[float, ...], unit: str) -> list[str]:
    """Return quantities as a case file has them."""
    return [f"{value:.{DIGITS}g} {unit}" for value in values]


def divided(tree: Mapping[str, Any], spikes: Spikes) -> list[Problem]:
    """Put the resistance of the divider, R/2, in series with the gate; refuse another one."""
    device = table(tree, "device")
    if "series_resistance" in device:
        remedy = "is that of the lines too, R/2 of spikes.divider; remove one of them"
        return [Problem(("device", "series_resistance"), remedy, device["series_resistance"])]
    assert spikes.divider is not None
    device["series_resistance"] = f"{0.5 * spikes.divider:.{DIGITS}g} ohm"
    return []
