"""A protocol file: what is done to any device, in place of what its case does.

    title = "Paired pulses"
    [[protocol]], [[measure]], [spikes], [output]     as in a case

It counts in the device's `[pulse]` (`pulse_words`), so that it needs no volts and no seconds of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eisfv.case.file_tree import find_file, read_toml, table, there
from eisfv.case.problems import CaseError, did_you_mean, display, quoted
from eisfv.remedies import way
from eisfv.text_files import checksum

TABLES = ("protocol", "measure", "spikes", "output")
KEYS = ("title", *TABLES)
OF_A_CASE = ("device", "case", "readout")
# What a case may not say: the table is a run's note of what has driven it.
STRAY = "drives nothing here; remove it, and name the file with {}"


def lay_over(tree: dict[str, Any], file: Path) -> dict[str, str]:
    """Put a protocol file in the place of what a case's tree drives and writes; return which keys are the file's, each
    with its name for messages. Raises CaseError."""
    name = display(file)
    if not there(file):
        what = "is a directory, and no protocol file" if file.is_dir() else "does not exist"
        raise CaseError([f"{name}: {what}; name one such as cases/protocols/ppf.toml"])
    given = read_toml(file)
    if wrong := fault(given):
        raise CaseError([f"{name}: {wrong}"])
    for key in (*TABLES, "calibrate"):
        tree.pop(key, None)
    make_absolute(given, file.resolve().parent)
    if "readout" not in tree:
        read_nothing(given)
    tree |= {key: given[key] for key in TABLES if key in given}
    head = table(tree, "case")
    if isinstance(head.get("title"), str):
        head["title"] = f"{head['title']}: {given['title']}"
    tree["protocol_file"] = {"name": file.name, "sha256": checksum(file)}
    return dict.fromkeys((*TABLES, "protocol_file"), name)


def refuse_stray(tree: dict[str, Any], file: str, *, resolved: bool) -> None:
    """Raise CaseError where the tree of a case notes a protocol file that drives nothing; resolved: a run's own case
    notes the one that did."""
    if "protocol_file" in tree and not resolved:
        raise CaseError([f"{file}: protocol_file {STRAY.format(way('protocol'))}"])


def fault(given: dict[str, Any]) -> str:
    """Return why a tree is no protocol file, "" where it is one."""
    for key in given:
        if key in OF_A_CASE:
            return f"has {key}, as a case; a protocol file has {quoted(KEYS)} alone and is used with any case"
        if key not in KEYS:
            return f"{key} is not a known key of a protocol file{did_you_mean(key, KEYS)}"
    if not isinstance(given.get("title"), str) or not given["title"].strip():
        return 'title is missing; add for example title = "Paired pulses"'
    if not isinstance(given.get("protocol"), list):
        return 'protocol is missing; add for example [[protocol]] with drive = "rest", duration = "10 gap"'
    return ""


def make_absolute(node: Any, directory: Path) -> None:
    """Let files that are named beside the protocol file be found from anywhere."""
    for inner in tables_in(node):
        if isinstance(inner.get("file"), str):
            inner["file"] = str(directory / inner["file"])


def read_nothing(node: Any) -> None:
    """Take the reads out of steps: a device without a read-out answers with the current of its terminals."""
    for entry in tables_in(node):
        if "drive" in entry:
            entry.pop("read", None)


def tables_in(node: Any) -> Iterator[dict[str, Any]]:
    """Give every table below a node, itself too."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from tables_in(inner)


def own_place(place: Path, protocol: Path) -> Path:
    """Return where a protocol file's run of a case goes when nothing is said: runs/ppf of ppf.toml. Raises CaseError
    for a run directory, beside whose files none belongs."""
    file = find_file(place)
    if file.name != "case.toml":
        raise CaseError([f"{display(place)}: is a run; name its case to run {protocol.name} on it, or say --out"])
    return file.parent / "runs" / protocol.stem
