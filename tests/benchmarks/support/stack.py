"""The stack all benchmarks drive: 80 nm | 1 um | 80 nm of the library's Mg materials, the leak on."""

from dataclasses import replace
from pathlib import Path

from eisfv.case.loading import load
from eisfv.device.device import Device
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant

CASE = Path(__file__).parents[3] / "cases" / "mg_wo3_pulses"
OVERRIDES = (
    "device.region.reservoir.initial.x=0.1",
    "device.region.electrolyte.thickness='1 um'",
    "device.region.channel.initial.x=0.004",
)
RESERVOIR, ELECTROLYTE, CHANNEL = 0, 1, 2
PULSE = VoltageStep(0.5, Constant(1.0))

DEFAULT = MeshOptions()
# About 144 cells: the size for which the cost of an iteration is stated.
SMALL = MeshOptions(growth=1.25, host_growth=1.15)
# The reference of mesh errors.
FINE = MeshOptions(first=0.05, growth=1.02, host_growth=1.01, largest=0.006)


def mg_stack(mesh: MeshOptions = DEFAULT) -> Device:
    """Return the stack on a mesh."""
    return replace(load(CASE, OVERRIDES).device, mesh=mesh)
