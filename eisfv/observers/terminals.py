"""Time, voltage, current, conductance, filling and leakage: one row per accepted step, or per interval.

The leakage is the electrons' share of the gate current, weighted as the gate current itself
(`eisfv.device.weights`): where the electrolyte resists most, that is the electron current through it.
"""

from collections.abc import Mapping

import numpy as np

from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.drive.protocol import Step
from eisfv.observers.flatness import Flatness
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.records import Entry, Row, blended
from eisfv.solve.newton import Known, Newton
from eisfv.stepping.integrate import Accepted
from eisfv.stepping.tr_bdf2 import State, interpolated

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

    def __init__(self, built: Built, newton: Newton, interval: float | None, row: Row) -> None:
        self.built, self.newton, self.interval, self.row = built, newton, interval, row
        self.channel = ChannelReadout(built)
        self.flatness = Flatness(built)
        self.electron = int(built.tables.electron[0])
        self.written = 0
        self.started = False

    def begin(self, step: Step, state: State) -> None:
        if not self.started:
            self.started = True
            self.write(state.time, state.at.voltage, state.current, state.stored, self.flow(state.at))
            self.written = 1

    def flow(self, at: object) -> Floats:
        """Return the flows through the faces (faces, 1 + species) at a state."""
        self.newton.evaluate(at, Known(self.newton.system.stored, 0.0), 1.0, False)  # type: ignore[arg-type]
        return self.newton.system.flow

    def accept(self, accepted: Accepted) -> None:
        end = accepted.end
        flow = self.flow(end.at)
        self.flatness.accept(accepted, flow)
        if self.interval is None:
            self.write(end.time, end.at.voltage, end.current, end.stored, flow)
            return
        while self.written * self.interval <= end.time * (1.0 + 1e-12):
            time = min(self.written * self.interval, end.time)
            self.written += 1
            states = [accepted.start, accepted.middle or accepted.end, accepted.end]
            stored = blended(accepted, time, tuple(s.stored for s in states))  # type: ignore[arg-type]
            current = blended(accepted, time, tuple(np.array(s.current) for s in states))  # type: ignore[arg-type]
            at = interpolated(*accepted, time)
            self.write(time, at.voltage, float(current), stored, self.flow(at))

    def end(self, step: Step, state: State) -> None:
        """Nothing: a protocol step ends on an accepted step."""

    def write(self, time: float, voltage: float, current: float, stored: Floats, flow: Floats) -> None:
        """Append one row; voltage in RT/F, current in mol/s."""
        leak = 0.0
        if self.electron >= 0:
            charge = self.built.tables.charge[self.electron]
            leak = float(charge * FARADAY * (self.built.tables.weight @ flow[:, 1 + self.electron]))
        self.row(
            (
                time,
                voltage * self.built.thermal_voltage,
                current * FARADAY,
                self.channel.conductance(stored),
                self.channel.filling(stored),
                leak,
            )
        )

    def save(self) -> Mapping[str, Entry]:
        return {"terminals written": self.written, **self.flatness.save()}

    def restore(self, saved: Mapping[str, Entry]) -> None:
        self.written, self.started = int(saved["terminals written"]), True  # type: ignore[arg-type]
        self.flatness.restore(saved)
