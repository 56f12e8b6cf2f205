"""What a run reports, at the end of every protocol step: the numbers whose numerical error is told.

charge             into the gate since the start                              C
voltage            gate minus channel                                         V
duration           of the protocol steps so far that wait                     s
conductance        of the channel, where it is read                           S
content of A in r  what a region holds of a stored species, without electrons mol

A step that waits is over where what it waits for comes: two runs are compared there, at times of their own, which are
compared too, as long as the same ends their steps.
"""

from array import array
from collections.abc import Mapping

import numpy as np

from eisfv.constants import AVOGADRO, ELEMENTARY_CHARGE, FARADAY
from eisfv.device.build import Built
from eisfv.device.tables import Floats
from eisfv.model.materials import CARRIERS
from eisfv.model.steps import Step
from eisfv.observers.observer import Entry, Onlooker
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.thresholds import Thresholds
from eisfv.physics.statistics import stored_where
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.path import Path
from eisfv.stepping.state import State, amounts

CHARGE, VOLTAGE, DURATION, CONDUCTANCE = "charge", "voltage", "duration", "conductance"
STEPS = {"ends": "d", "orders": "b", "counts": "q"}  # what is kept of the time steps, its type
ITS_TIME = "its time"  # what ends a step that does not wait, or waits in vain
SMALL = 0.1  # smallest change that counts, over the largest
# Changes below these shares are rounding: of what the ions of the device are worth, of RT/F, of the value itself, of
# the charge that has passed. Less than one carrier more or less is no change, whatever it is of.
NOISE_CHARGE, NOISE_VOLTAGE, NOISE_VALUE, NOISE_CONTENT = 1e-12, 1e-9, 1e-10, 1e-4
ONE = 1.0 / AVOGADRO  # mol


class Reported(Onlooker):
    """The reported numbers of a run, one row at its start and one after every protocol step.

    names, units of the quantities
    endings  by protocol step the quantity that has ended it, as `until` calls it; else `ITS_TIME`
    ends, orders, counts  of its accepted time steps: end (s since the protocol step began), order; how many there were
                          when a protocol step was over
    """

    def __init__(self, built: Built, channel: ChannelReadout, start: State) -> None:
        self.built, self.channel, self.thresholds = built, channel, Thresholds(built, channel)
        self.endings: list[str] = []
        self.ends, self.orders, self.counts = array("d"), array("b"), array("q")
        self.staged = False  # whether steps had stages between, and no order of their own
        regions = len(built.mesh.regions)
        kinds = stored_where(built.tables.kind[:regions])
        self.held = [
            (r, int(s)) for r in range(regions) for s in np.flatnonzero(kinds[r]) if built.species[s] not in CARRIERS
        ]
        self.held += [(r, built.number(name)) for r, plane in enumerate(built.planes, regions) for name in plane.sites]
        self.names = [CHARGE, VOLTAGE, DURATION, *([CONDUCTANCE] if self.reads else [])]
        self.units = ["C", "V", "s", *(["S"] if self.reads else []), *("mol" for _ in self.held)]
        self.names += [f"content of {built.species[s]} in {built.places[r]}" for r, s in self.held]
        self.charge = self.duration = 0.0
        self.numbers = array("d")
        self.of_one = ONE * float(np.abs(channel.slope_by_amounts(start)).max(initial=0.0))  # carrier, S
        self.note(start)

    @property
    def reads(self) -> bool:
        """Return whether the case reads a conductance."""
        return self.channel.factor > 0.0 or self.channel.conduction is not None

    @property
    def rows(self) -> Floats:
        """Return the numbers (1 + protocol steps, quantities)."""
        return np.array(self.numbers).reshape(-1, len(self.names))

    @property
    def scale(self) -> Floats:
        """Return what the errors of the changes (protocol steps, quantities) are relative to, `noise` at least."""
        changes = np.abs(np.diff(self.rows, axis=0))
        largest = changes.max(axis=0)
        own, species = len(self.names) - len(self.held), np.array([s for _, s in self.held])
        for q, s in enumerate(species, own):
            changes[:, q] = largest[own:][species == s].max()
        return np.asarray(np.maximum(np.maximum(changes, SMALL * largest), self.noise))

    @property
    def noise(self) -> Floats:
        """Return the changes (quantities) up to which they are rounding, or less than one carrier's."""
        rows = self.rows
        start, first = rows[0], len(self.names) - len(self.held)
        contents = start[first:]
        charges = np.array([abs(self.built.tables.charge[s]) for _, s in self.held], float)
        noise = NOISE_VALUE * np.abs(start)
        passed = np.abs(np.diff(rows[:, 0])).max(initial=0.0)
        noise[first:] = np.maximum(noise[first:], max(NOISE_CONTENT * passed / FARADAY, ONE))
        noise[0] = max(NOISE_CHARGE * FARADAY * float(charges @ contents), ELEMENTARY_CHARGE)
        if self.reads:
            at = self.names.index(CONDUCTANCE)
            noise[at] = max(noise[at], self.of_one)
        noise[1] = NOISE_VOLTAGE * self.built.thermal_voltage
        return np.asarray(noise)

    def path(self, number: int) -> Path | None:
        """Return the time steps of a protocol step (from 0); None where no other run can take the same."""
        if self.staged:
            return None
        here = slice(self.counts[number - 1] if number else 0, self.counts[number])
        return Path(np.array(self.ends[here]), np.array(self.orders[here], np.int8))

    def accept(self, accepted: Accepted) -> None:
        self.ends.append(accepted.end.offset)
        self.orders.append(1 + len(accepted.before))
        self.staged |= accepted.middle is not None
        self.charge += FARADAY * (accepted.end.passed - accepted.start.passed)

    def end(self, step: Step, state: State) -> None:
        if step.until is not None:
            self.duration += state.offset
        self.note(state)
        self.counts.append(len(self.ends))
        self.endings.append(self.ending(step, state))

    def ending(self, step: Step, state: State) -> str:
        """Return what has ended a step."""
        if step.until is None:
            return ITS_TIME
        excess, name = self.thresholds.nearest(step.until, state)
        return name if state.offset < step.duration or excess >= 0.0 else ITS_TIME

    def note(self, state: State) -> None:
        """Append a row."""
        held = amounts(self.built.tables, state)
        region, row = self.built.mesh.region, self.built.tables.region
        self.numbers.extend((self.charge, state.at.voltage * self.built.thermal_voltage, self.duration))
        if self.reads:
            self.numbers.append(self.channel.conductance_of(self.channel.carriers_of(held)))
        self.numbers.extend(
            float(held[(region if r < len(self.built.mesh.regions) else row) == r, s].sum()) for r, s in self.held
        )

    def save(self) -> Mapping[str, Entry]:
        endings = "\n".join(self.endings)
        sums = {"reported charge": self.charge, "reported duration": self.duration}
        steps = {f"reported {name}": np.array(getattr(self, name)) for name in STEPS}
        flag = {"reported staged": int(self.staged)}
        return {"reported": np.array(self.numbers), **sums, **steps, **flag, "reported endings": endings}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.numbers = array("d", np.asarray(saved["reported"], float))
        self.charge, self.duration = float(saved["reported charge"]), float(saved["reported duration"])
        self.endings = str(saved["reported endings"]).splitlines()
        for name, kind in STEPS.items():
            setattr(self, name, array(kind, np.asarray(saved[f"reported {name}"]).tolist()))
        self.staged = bool(saved["reported staged"])
