"""`start = "../charged"`: the state from which a case starts is the one in which another run has ended.

What is named is a run directory, or a case directory whose last run is meant, or a kept state itself.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.case.case import LATEST
from eisfv.case.problems import ABSENT, Problem, display
from eisfv.device.device import Device
from eisfv.device.regions import species_names
from eisfv.remedies import way
from eisfv.result import ResultError, file_names
from eisfv.result.checkpoint import read_checkpoint
from eisfv.result.status import read_status
from eisfv.text_files import checksum

SAME = 1e-9  # relative, of volumes


def find(tree: Mapping[str, Any], directory: Path) -> Path | Problem | None:
    """Return the file of the state from which a case starts; None where it starts from rest."""
    given = tree.get("start")
    if not isinstance(given, str):
        return None
    place = directory / given
    try:
        if place.is_file():
            return place
        if not place.is_dir():
            return _wrong(given, f"does not exist: there is no run {display(place)}")
        run = place / LATEST if (place / "case.toml").is_file() else place
        status = read_status(run)
        if status is None:
            return _wrong(given, f"holds no run; run it first: {way('run', display(place))}")
        if status.state != "finished":
            return _wrong(
                given, f"holds a run that is {status.state}, and not finished; go on with it by {way('resume')}"
            )
        state = run / file_names.CHECKPOINT
        return state if state.is_file() else _wrong(given, "has kept no state at its end; run it again")
    except (ResultError, OSError, ValueError) as error:
        return _wrong(given, f"cannot be read: {error}")


def fault(tree: Mapping[str, Any], file: Path, device: Device) -> Problem | None:
    """Return what is wrong with starting a device from a state, None where nothing is."""
    given, said = str(tree["start"]), tree.get("start_sha256")
    if said is not None and said != checksum(file):
        return _wrong(given, "is not the state that start_sha256 says; take the one of the run, or leave that out")
    try:
        saved = read_checkpoint(file)
    except ResultError as error:
        return _wrong(given, f"cannot be read: {error}")
    if int(saved.get("step inside", 1)):
        return _wrong(given, "is the state of a run inside a step, not at its end")
    for name, there, here in (
        ("regions", str(saved["regions"]).split("\n"), [region.name for region in device.regions]),
        ("species", str(saved["species"]).split("\n"), list(species_names(device))),
    ):
        if there != here:
            return _wrong(given, f"has the {name} {', '.join(there)}, and this case {', '.join(here)}")
    if float(saved["temperature"]) != device.temperature:
        return _wrong(given, f"is at {float(saved['temperature']):g} K, and this case at {device.temperature:g} K")
    if (device.section is None) != bool(saved["stack"]):
        return _wrong(given, "is of a section, and this case a stack, or the other way round")
    volumes = np.asarray(saved["region volumes"])
    for volume, region in zip(volumes.tolist(), device.regions, strict=True):
        own = region.height * device.area
        if device.section is None and abs(volume - own) > SAME * own:
            text = f"{volume:.6g} m3 there and {own:.6g} m3 here: another thickness or area"
            return _wrong(given, f"has another device: region {region.name} has {text}")
    return None


def _wrong(given: str, message: str) -> Problem:
    return Problem(("start",), message, given if given else ABSENT)
