"""A small case whose parameters are to be found again from what a run with known ones gave."""

from pathlib import Path

from eisfv.case import load
from eisfv.result import read
from eisfv.running import run_case
from support.small_case import COARSE, PULSE_BETWEEN_READS, silent, write_case

CURRENT = """
[[calibrate.parameter]]
key = "device.interface[0].ion.exchange_current"
also = [{ key = "device.interface[1].ion.exchange_current", factor = 2.0 }]
low = "0.02 uA/cm^2"
high = "2 uA/cm^2"
scale = "log"
start = "0.1 uA/cm^2"
"""
SLOPE = """
[[calibrate.parameter]]
key = "material.mg_wo3.conductivity.slope"
low = "200 S/cm"
high = "1000 S/cm"
"""
IDLE = """
[[calibrate.parameter]]
key = "material.mg_wo3.species.Mg.activation_energy"
low = "0.5 eV"
high = "0.9 eV"
"""
ONE_TARGET = """
[[calibrate.target]]
quantity = "conductance before"
"""
TARGETS = (
    ONE_TARGET
    + """
[[calibrate.target]]
quantity = "charge"
"""
)
TRUE = {
    "device.interface[0].ion.exchange_current": (0.3, "uA/cm^2"),
    "device.interface[1].ion.exchange_current": (0.6, "uA/cm^2"),
    "material.mg_wo3.conductivity.slope": (700.0, "S/cm"),
}
QUANTITY = """
[[quantity]]
name = "{name}"
value = "{value!r} {unit}"
tolerance = 0.01
kind = "calibrated"
source = "a run with known parameters"
from = "pulses"
column = "{column}"
select = "all"
reduce = "first"
"""


def calibrated_case(directory: Path, table: str = CURRENT + SLOPE + TARGETS) -> Path:
    """Make the case with the expected.toml of a run with TRUE, and return its directory."""
    write_case(directory, PULSE_BETWEEN_READS, table, COARSE)
    case = load(directory, [f'{key}="{value} {unit}"' for key, (value, unit) in TRUE.items()])
    run_case(case, directory / "known", silent)
    pulses = read(directory / "known").pulses
    columns = {"conductance before": ("G_before_S", "S"), "charge": ("charge_C", "C")}
    texts = [
        QUANTITY.format(name=name, value=float(pulses[column][0]), unit=unit, column=column)
        for name, (column, unit) in columns.items()
    ]
    (directory / "expected.toml").write_text("".join(texts))
    return directory
