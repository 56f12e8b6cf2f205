"""How far a device is beyond what a protocol step waits for."""

from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.model.until import Until
from eisfv.observers.readout import ChannelReadout
from eisfv.stepping.state import State


class Thresholds:
    """The quantities of `until`, as terminals.csv has them."""

    def __init__(self, built: Built, channel: ChannelReadout) -> None:
        self.volt, self.channel = built.thermal_voltage, channel

    def nearest(self, until: Until, state: State) -> tuple[float, str]:
        """Return by how much a state is beyond the nearest of the thresholds, over that threshold, and its name; below
        zero where it is beyond none."""
        return max(
            (threshold.excess(self.value(name, state)) / (abs(threshold.level) or 1.0), name)
            for name, threshold in until.thresholds.items()
        )

    def excess(self, until: Until, state: State) -> float:
        """Return by how much a state is beyond the nearest of the thresholds."""
        return self.nearest(until, state)[0]

    def value(self, name: str, state: State) -> float:
        """Return a quantity by its name: V, A, S or a site fraction."""
        if name == "voltage":
            return state.at.voltage * self.volt
        if name == "current":
            return state.current * FARADAY
        return self.channel.conductance(state) if name == "conductance" else self.channel.filling(state)
