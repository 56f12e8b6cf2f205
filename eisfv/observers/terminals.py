"""Time, voltage, current, conductance, filling and leakage: one row per accepted step, or per interval.

The leakage is the electrons' share of the gate current, weighted as the gate current itself
(`eisfv.device.weights`): where the electrolyte resists most, that is the electron current through it.
"""

from collections.abc import Mapping

import numpy as np

from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.model.protocol import Step
from eisfv.observers.flatness import Flatness
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.records import Entry, Row, blended
from eisfv.stepping.integrate import Accepted
from eisfv.stepping.state import State

COLUMNS = (
    ("time", "s", "simulated time"),
    ("voltage", "V", "gate minus channel, at the device"),
    ("current", "A", "into the gate"),
    ("conductance", "S", "in-plane conductance of the channel"),
    ("x_channel", "1", "mean site fraction of the ion in the channel"),
    ("leak_current", "A", "electrons through the electrolyte, counted as the current"),
)


class Terminals:
    """Rows of terminals.csv; keeps the flatness of the current on the way."""

    def __init__(self, built: Built, interval: float | None, row: Row) -> None:
        self.built, self.interval, self.row = built, interval, row
        self.channel = ChannelReadout(built)
        self.flatness = Flatness(built)
        self.electron = int(built.tables.electron[0])
        self.written = 0
        self.started = False

    def begin(self, step: Step, state: State) -> None:
        if not self.started:
            self.started = True
            self.write(state.time, state.at.voltage, state.current, self.channel.fractions(state), state.flow)
            self.written = 1

    def accept(self, accepted: Accepted) -> None:
        self.flatness.accept(accepted)
        end = accepted.end
        if self.interval is None:
            self.write(end.time, end.at.voltage, end.current, self.channel.fractions(end), end.flow)
            return
        while self.written * self.interval <= end.time * (1.0 + 1e-12):
            time = min(self.written * self.interval, end.time)
            self.written += 1
            voltage = float(blended(accepted, time, lambda s: np.array(s.at.voltage)))
            current = float(blended(accepted, time, lambda s: np.array(s.current)))
            fractions, flow = (blended(accepted, time, take) for take in (self.channel.fractions, lambda s: s.flow))
            self.write(time, voltage, current, fractions, flow)

    def end(self, step: Step, state: State) -> None:
        """Nothing: a protocol step ends on an accepted step."""

    def write(self, time: float, voltage: float, current: float, fractions: Floats, flow: Floats) -> None:
        """Append one row; voltage in RT/F, current in mol/s, site fractions of the channel's cells."""
        leak = 0.0
        if self.electron >= 0:
            charge = self.built.tables.charge[self.electron]
            leak = float(charge * FARADAY * (self.built.tables.weight @ flow[:, 1 + self.electron]))
        self.row(
            (
                time,
                voltage * self.built.thermal_voltage,
                current * FARADAY,
                self.channel.conductance_of(fractions),
                self.channel.filling_of(fractions),
                leak,
            )
        )

    def save(self) -> Mapping[str, Entry]:
        return {"terminals written": self.written, **self.flatness.save()}

    def restore(self, saved: Mapping[str, Entry]) -> None:
        self.written, self.started = int(saved["terminals written"]), True
        self.flatness.restore(saved)
