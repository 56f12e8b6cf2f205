"""A small section, 20 um wide, as a case directory: every variant is this text with keys set or removed."""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import tomli_w

from eisfv.case import load
from eisfv.case.case import Case
from eisfv.case.file_tree import Override, assign, parse_override

STACK = """
[case]
title = "A small section"

[device]
temperature = "298.15 K"

[device.section]
shape = "stack"
depth = "500 um"
width = "20 um"

[[device.region]]
name = "reservoir"
material = "mg_wo3"
thickness = "80 nm"
initial.x = 0.0078

[[device.region]]
name = "electrolyte"
material = "pce_succinonitrile_mg"
thickness = "1 um"

[[device.region]]
name = "channel"
material = "mg_wo3"
thickness = "80 nm"
initial.x = 0.005

[[device.interface]]
between = ["reservoir", "electrolyte"]
ion = { law = "butler_volmer", exchange_current = "0.1 uA/cm^2", alpha = 0.5 }
stern_capacitance = "10 uF/cm^2"

[[device.interface]]
between = ["electrolyte", "channel"]
ion = { law = "butler_volmer", exchange_current = "0.1 uA/cm^2", alpha = 0.5 }
stern_capacitance = "10 uF/cm^2"

[device.contact.gate]
kind = "ohmic"

[device.contact.channel]
kind = "ohmic"

[readout]
region = "channel"

[[protocol]]
drive = "voltage"
value = "0.5 V"
duration = "100 ms"
pulse = true
read = "all"

[mesh]
cells = { reservoir = 6, electrolyte = 10, channel = 6 }
lateral_cells = 8
"""

PLANAR = {
    "device.section.shape": "planar_self_gate",
    "device.region[0].x": ["0 um", "8 um"],
    "device.region[2].x": ["12 um", "20 um"],
}
# The planar self-gate again, drawn by hand.
BOXES = {
    "device.section": {
        "shape": "boxes",
        "depth": "500 um",
        "contact": {
            "gate": {"region": "reservoir", "edge": "left"},
            "source": {"region": "channel", "edge": "left"},
            "drain": {"region": "channel", "edge": "right"},
        },
    },
    "device.region[0].thickness": None,
    "device.region[1].thickness": None,
    "device.region[2].thickness": None,
    "device.region[0].x": ["0 um", "8 um"],
    "device.region[0].y": ["1 um", "1.08 um"],
    "device.region[1].x": ["0 um", "20 um"],
    "device.region[1].y": ["0 um", "1 um"],
    "device.region[2].x": ["12 um", "20 um"],
    "device.region[2].y": ["1 um", "1.08 um"],
}


def section_tree(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the tree of the case. changes: value by key as `--set` names it; None removes the key."""
    tree = tomllib.loads(STACK)
    for name, value in (changes or {}).items():
        key = parse_override(f"{name}=1").key
        # A key that is to go is set first, so that the way to it is there.
        assert isinstance(assign(tree, Override(key, deepcopy(value))), tuple), name
        if value is None:
            node: Any = tree
            for part in key[:-1]:
                node = node[part]
            del node[key[-1]]
    return tree


def write_section(directory: Path, changes: Mapping[str, Any] | None = None) -> Path:
    """Make a case directory and return it; changes as in `section_tree`."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "case.toml").write_text(tomli_w.dumps(section_tree(changes)))
    return directory


def section_case(directory: Path, changes: Mapping[str, Any] | None = None) -> Case:
    """Make a case directory and return the case."""
    return load(write_section(directory, changes))
