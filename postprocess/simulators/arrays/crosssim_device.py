"""The text of the device class for CrossSim 3."""

import numpy as np

from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.simulators.sources import source_of
from eisfv.postprocess.simulators.step_range import StepRange

from .weight_decay import WeightDecay

NODES = 41
NAME = "EISSynapse"
TEXT = '''"""A device for CrossSim 3, written by eisfv from {source}.

Put this file into simulator/devices/custom and import {name} in simulator/devices/device.py, or import it before the
core is made; then

    configure(params)

Conductances are CrossSim's: of the largest, 1 / R_MIN.
"""

from simulator.backend import ComputeBackend
from simulator.devices.idevice import EmptyDevice

xp = ComputeBackend()

R_MIN = {r_min!r}  # ohm
R_MAX = {r_max!r}  # ohm
# Change by one pulse of the finer direction, S, and its spread, S, at these conductances, S
CONDUCTANCE = {conductance}
STEP = {step}
SPREAD = {spread}
RETENTION_TIME = {time}
REST_CONDUCTANCE = {rest}


class {name}(EmptyDevice):
    """Programming to within half a step, and exponential relaxation.

    Programming: pulses until the target is nearest; what is left is anywhere within half a step to either side, the
    step being the smaller of the two directions there{noise}.
    Drift: G(t) = G_rest + (G - G_rest) exp(-t / RETENTION_TIME), time in seconds. CrossSim leaves the programming error
    out at times above 0, so it is in here.
    """

    def programming_error(self, input_):
        """Return the conductances after programming."""
        conductance = input_ / R_MIN
        step = xp.interp(conductance, xp.asarray(CONDUCTANCE), xp.asarray(STEP))
        spread = xp.interp(conductance, xp.asarray(CONDUCTANCE), xp.asarray(SPREAD))
        left = (xp.random.uniform(size=input_.shape) - 0.5) * step
        noise = spread * xp.random.normal(size=input_.shape)
        return (conductance + left + noise) * R_MIN

    def drift_error(self, input_, time):
        """Return the conductances a time after programming."""
        programmed = self.programming_error(input_)
        if time == 0:
            return programmed
        if RETENTION_TIME is None:
            raise ValueError("the run gives no decay: leave the time at 0")
        rest = REST_CONDUCTANCE * R_MIN
        return rest + (programmed - rest) * xp.exp(-xp.asarray(time / RETENTION_TIME))

    def read_noise(self, input_):
        """Return the conductances as they are: the run has no read noise."""
        return input_


def configure(params, read_voltage=None):
    """Set the device of CrossSim's parameters; the read voltage, V, is not of the run: give it where it matters."""
    device = params.xbar.device
    device.Rmin = R_MIN
    device.Rmax = R_MAX
    if read_voltage is not None:
        device.Vread = read_voltage
    device.programming_error.enable = True
    device.programming_error.model = "{name}"
    if RETENTION_TIME is not None:
        device.drift_error.enable = True
        device.drift_error.model = "{name}"
'''


def device_text(extraction: Extraction, steps: StepRange, decay: WeightDecay | str) -> str:
    """Return the Python file."""
    grid = steps.grid(NODES)
    finer = np.minimum(np.abs(steps.step_up(grid)), np.abs(steps.step_down(grid)))
    spread = np.zeros(NODES)
    if extraction.noise:
        spread = np.maximum(*(np.interp(grid, b.nodes, b.spread) for b in (steps.up, steps.down)))
    return TEXT.format(
        source=source_of(extraction),
        name=NAME,
        r_min=1.0 / steps.high,
        r_max=1.0 / steps.low,
        conductance=grid.tolist(),
        step=finer.tolist(),
        spread=spread.tolist(),
        time=f"{decay.time!r}  # s" if isinstance(decay, WeightDecay) else f"None  # s; {decay}",
        rest=f"{decay.rest!r}  # S" if isinstance(decay, WeightDecay) else "None",
        noise=", and the spread of a pulse on top" if extraction.noise else "",
    )
