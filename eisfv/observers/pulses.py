"""One row per pulse: the conductance before and after, the charge and the energy it took.

The conductance before is the last read since the pulse before, else the value where the pulse starts; after, it is the
next read, else the value where the next pulse starts or the protocol ends. A read is the mean over the step's read
window.
"""

from collections.abc import Mapping
from functools import partial

from eisfv.constants import FARADAY
from eisfv.model.steps import Step
from eisfv.observers.integrals import window_integral
from eisfv.observers.observer import Entry, Onlooker, Watched
from eisfv.result import Column
from eisfv.stepping.accepted import Accepted, blended
from eisfv.stepping.state import State

PULSE_COLUMNS = (
    Column("index", "", "pulse, counted from 1", "count"),
    Column("t_start", "s", "start of the pulse"),
    Column("t_end", "s", "end of the pulse"),
    Column("amplitude", "", "height of the pulse, in amplitude_unit"),
    Column("amplitude_unit", "", "V or A", "text"),
    Column("G_before", "S", "channel conductance before the pulse"),
    Column("G_after", "S", "channel conductance after the pulse"),
    Column("dG", "S", "change of the channel conductance by the pulse"),
    Column("charge", "C", "charge through the terminals during the pulse"),
    Column("energy", "J", "energy taken from the source, or from the lines of spikes, during the pulse"),
    Column("x_channel", "", "site fraction of the ion in the channel after the pulse"),
    Column("width", "s", "duration of the pulse"),
    Column("resistors", "J", "of the energy, the heat in the series resistance, or in the divider of spikes"),
)
CARRIED = (
    *("index", "start", "stop", "width", "charge", "energy", "resistors"),
    *("before", "last_read", "read_sum", "read_time"),
)


class Pulses(Onlooker):
    """Rows of pulses.csv. `done` counts the rows written."""

    def __init__(self, watched: Watched) -> None:
        built = watched.built
        self.channel = watched.channel
        self.volt = built.thermal_voltage
        self.row = watched.table("pulses", PULSE_COLUMNS)
        self.index, self.done = 0, 0
        self.pending = False  # a pulse whose conductance after is not known yet
        self.has_read = False  # a read since the last pulse
        self.amplitude, self.unit = 0.0, "V"
        self.resistance = watched.built.device.series_resistance
        self.start = self.stop = self.width = self.charge = self.energy = self.resistors = 0.0
        self.before = self.last_read = self.read_sum = self.read_time = 0.0
        self.step: Step | None = None

    def begin(self, step: Step, state: State) -> None:
        self.step = step
        self.read_sum = self.read_time = 0.0
        if not step.pulse:
            return
        here = self.channel.conductance(state)
        self.finish(here, state)
        self.index += 1
        self.pending = True
        self.before = self.last_read if self.has_read else here
        self.has_read = False
        self.start = state.time
        self.charge = 0.0
        self.energy = self.resistors = step.between_lines or 0.0
        self.amplitude, self.unit = height(step), "V" if step.drive == "voltage" else "A"

    def accept(self, accepted: Accepted) -> None:
        step = self.step
        if step is None:
            return
        start, end, h = accepted.start, accepted.end, accepted.h
        if step.pulse:
            self.charge += FARADAY * (end.passed - start.passed)
            self.energy += FARADAY * self.volt * (end.spent - start.spent)
            if self.resistance:
                self.resistors += self.resistance * squared(accepted)
        # Of the window, what lies in this step: counted from the end, where both end.
        covered = min((step.read or 0.0) - (step.duration - end.offset), h)
        if covered > 0.0:
            self.read_sum += window_integral(partial(self.conductance, accepted), h, covered)
            self.read_time += covered

    def conductance(self, accepted: Accepted, share: float) -> float:
        """Return the conductance (S) inside an accepted step, of what the cells hold there."""
        return self.channel.conductance_of(blended(accepted, share, self.channel.carriers))

    def end(self, step: Step, state: State) -> None:
        if step.pulse:
            self.stop, self.width = state.time, state.offset
        if step.read is None:
            return
        self.last_read, self.has_read = self.read_sum / self.read_time, True
        self.finish(self.last_read, state)

    def close(self, state: State) -> None:
        # The last pulse ends with the conductance where the protocol ends.
        self.finish(self.channel.conductance(state), state)

    def finish(self, after: float, state: State) -> None:
        """Write the pending pulse."""
        if not self.pending:
            return
        self.pending = False
        self.done += 1
        filling = self.channel.filling(state)
        head = (self.index, self.start, self.stop, self.amplitude, self.unit)
        changes = (self.before, after, after - self.before, self.charge, self.energy)
        self.row((*head, *changes, filling, self.width, self.resistors))

    def save(self) -> Mapping[str, Entry]:
        numbers = {f"pulse {name}": getattr(self, name) for name in CARRIED}
        flags = {"pulse pending": int(self.pending), "pulse has_read": int(self.has_read), "pulse done": self.done}
        return {**numbers, **flags, "pulse amplitude": self.amplitude, "pulse unit": self.unit}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.step = step
        for name in CARRIED:
            setattr(self, name, saved[f"pulse {name}"])
        self.pending, self.has_read = bool(saved["pulse pending"]), bool(saved["pulse has_read"])
        self.done, self.amplitude = int(saved["pulse done"]), float(saved["pulse amplitude"])
        self.unit = str(saved["pulse unit"])

    def statistics(self) -> Mapping[str, object]:
        return {"pulses": self.done}


def squared(accepted: Accepted) -> float:
    """Return the integral of the squared current over an accepted step, A2 s; of one that carries a jump, as the scheme
    has it, the current at its end."""
    if accepted.corner:
        return accepted.h * (FARADAY * accepted.end.current) ** 2

    def current(share: float) -> float:
        return FARADAY * float(blended(accepted, share, lambda state: state.current))

    return window_integral(lambda share: current(share) ** 2, accepted.h, accepted.h)


def height(step: Step) -> float:
    """Return the value of a pulse that is largest in magnitude, in V or A."""
    return step.waveform.extreme(step.duration)
