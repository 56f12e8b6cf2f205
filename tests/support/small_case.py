"""A synapse on a coarse mesh that runs in a fraction of a second, as a case directory."""

from pathlib import Path

from eisfv.case import load
from eisfv.case.case import Case
from eisfv.result import Run, read
from eisfv.running import run_case

DEVICE = """
[case]
title = "A small synapse"

[device]
temperature = "298.15 K"
area = "0.6 cm^2"

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
length = "100 um"
width = "500 um"

[mesh]
cells = { reservoir = 10, electrolyte = 20, channel = 10 }
"""

# Step by step in Python, as sections are driven: what falls into a step, or between any two, is to be had.
STEP_BY_STEP = """
[solver]
method = "tr_bdf2"
"""

PULSES = """
[[protocol]]
drive = "open_circuit"
duration = "1 s"
read = "last 500 ms"

[[protocol]]
repeat = 2
steps = [
    { drive = "voltage", value = "0.5 V", duration = "100 ms", pulse = true },
    { drive = "open_circuit", duration = "1 s", read = "last 500 ms" },
    { drive = "current", value = "-10 uA", duration = "200 ms", pulse = true },
    { drive = "open_circuit", duration = "1 s" },
]
"""

COARSE = DEVICE.replace(
    "reservoir = 10, electrolyte = 20, channel = 10", "reservoir = 5, electrolyte = 10, channel = 5"
)


def rest(duration: str, read: str = "") -> str:
    """Return a step without current, and what is read of it."""
    return f'\n[[protocol]]\ndrive = "open_circuit"\nduration = "{duration}"\n' + (f'read = "{read}"\n' if read else "")


def pulse(drive: str, value: str, duration: str) -> str:
    """Return a pulse."""
    return f'\n[[protocol]]\ndrive = "{drive}"\nvalue = "{value}"\nduration = "{duration}"\npulse = true\n'


def between_reads(step: str) -> str:
    """Return a protocol with a second of rest before a step and one after it, the last half of each read."""
    return rest("1 s", "last 500 ms") + step + rest("1 s", "last 500 ms")


PULSE_BETWEEN_READS = between_reads(pulse("voltage", "0.3 V", "100 ms"))
OUTPUT = """
[output]
profiles = { every = "100 ms" }
fields = { at = ["start", "end of pulse", "end"] }
"""


def write_case(directory: Path, protocol: str = PULSES, output: str = OUTPUT, device: str = DEVICE) -> Path:
    """Make a case directory and return it."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "case.toml").write_text(device + protocol + output)
    return directory


def small_case(directory: Path, protocol: str = PULSES, output: str = OUTPUT, device: str = DEVICE) -> Case:
    """Make a case directory and return the case."""
    return load(write_case(directory, protocol, output, device))


def silent(progress: object) -> None:
    """Show nothing of how far a run is."""


def finished(case: Case, out: Path) -> Run:
    """Run a case to its end and return the run."""
    run_case(case, out, silent)
    return read(out)
