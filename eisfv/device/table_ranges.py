"""The measured curves of a device's hosts and the compositions for which they were measured."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from eisfv.device.device import Device
from eisfv.model.diffusion import TabulatedDiffusion
from eisfv.model.host_curves import TabulatedConductivity, TabulatedOpenCircuit

# RT/F of zU over ln(x/(1-x)) between two points. A table that falls by 18 RT/F (450 mV, z = 1) behind a plateau was
# filled across the step at 190, and stopped there at 370: the boundary in the film is thinner than its double layers.
STEEPEST = 250.0


class TableRange(NamedTuple):
    """One table of one region.

    region     its number; material: its name
    what       the curve, "U(x)"; argument "x" or "gamma", which is `factor` times x
    low, high  of the argument
    beyond     what stands for the curve outside
    """

    region: int
    material: str
    what: str
    argument: str
    factor: int
    low: float
    high: float
    beyond: str

    @property
    def text(self) -> str:
        """Return the table as a sentence has it."""
        ends = f"{self.argument} = {self.low:.4g} to {self.high:.4g}"
        return f"{self.what} of {self.material} is a table of {ends}"


def table_ranges(device: Device) -> Iterator[TableRange]:
    """Give every table of every region, U(x) before sigma(gamma) and D(x)."""
    for number, region in enumerate(device.regions):
        host = region.material.host
        if host is None:
            continue
        name = region.material.name
        potential, sigma = host.open_circuit, host.conductivity
        if isinstance(potential, TabulatedOpenCircuit):
            beyond = "it goes on straight in ln(x/(1-x))"
            yield TableRange(number, name, "U(x)", "x", 1, potential.x[0], potential.x[-1], beyond)
        if isinstance(sigma, TabulatedConductivity):
            z = host.working_ion.charge
            beyond = "the value of its end is held"
            yield TableRange(number, name, "sigma(gamma)", "gamma", z, sigma.gamma[0], sigma.gamma[-1], beyond)
        if isinstance(host.diffusion, TabulatedDiffusion):
            beyond = "the value of its end is held"
            x = host.diffusion.x
            yield TableRange(number, name, "D(x)", "x", 1, x[0], x[-1], beyond)


def unmeasured_zero_charge(device: Device) -> Iterator[str]:
    """Give a line for every host whose zero_charge_x lies outside its table of U(x): its double layers rest on it."""
    for table in table_ranges(device):
        host = device.regions[table.region].material.host
        if host is None or table.what != "U(x)" or table.low <= host.zero_charge_x <= table.high:
            continue
        name = device.regions[table.region].name
        yield f"{name}: zero_charge_x = {host.zero_charge_x:.4g}, and {table.text}; beyond, {table.beyond}"


def steep_steps(device: Device) -> Iterator[str]:
    """Give a line for every two points of a U(x) between which no double layer can follow it."""
    for table in table_ranges(device):
        host = device.regions[table.region].material.host
        if host is None or not isinstance(host.open_circuit, TabulatedOpenCircuit):
            continue
        if table.what != "U(x)":
            continue
        x, potential = host.open_circuit.x, host.open_circuit.potential
        # As it is solved with: between two phases that share the film their common tangent stands for the points.
        y = np.log(x) - np.log1p(-np.array(x))
        slopes = np.diff(host.curve(device.temperature).value(y)) / np.diff(y)
        for k in np.flatnonzero(np.abs(slopes) > STEEPEST):
            fall = f"{abs(potential[k + 1] - potential[k]) * 1e3:.4g} mV from x = {x[k]:.6g} to {x[k + 1]:.6g}"
            words = "steeper than a double layer can follow, and a run may stop there; check these two points"
            yield f"{device.regions[table.region].name}: U(x) of {table.material} steps by {fall}: {words}"
