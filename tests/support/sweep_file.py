"""Sweep files of a small case, as text."""

from pathlib import Path

from support.small_case import COARSE, PULSE_BETWEEN_READS, write_case

HEAD = """
[sweep]
title = "a small sweep"
case = "base"
"""
THICKNESS = """
[[axis]]
key = "device.region.electrolyte.thickness"
values = ["1 um", "2 um", "4 um"]
"""
CURRENT = """
[[axis]]
keys = ["device.interface[0].ion.exchange_current", "device.interface[1].ion.exchange_current"]
from = "0.01 uA/cm^2"
to = "1 uA/cm^2"
points = 3
scale = "log"
"""
DRAWN = """
[[axis]]
key = "device.region.electrolyte.thickness"
from = "1 um"
to = "100 um"
scale = "log"
[[axis]]
key = "device.temperature"
from = "290 K"
to = "310 K"
"""
CHANGE = """
[[quantity]]
name = "dG"
from = "pulses"
column = "dG_S"
select = "all"
reduce = "mean"
"""


def sweep_file(directory: Path, text: str = HEAD + THICKNESS + CURRENT + CHANGE) -> Path:
    """Make a base case and a sweep.toml beside it, and return that file."""
    write_case(directory / "base", PULSE_BETWEEN_READS, "", COARSE)
    file = directory / "sweep.toml"
    file.write_text(text)
    return file
