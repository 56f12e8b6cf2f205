"""Hosts that are full or empty, and when that ends a run.

What is left of a host's ions is SPENT where double precision no longer tells it from nothing beside what it can hold,

    empty: n < SPENT N,    full: N - n < SPENT N

n  ions in the host                                                                            mol
N  what it can hold: of sites, or of electrons where they are polarons                         mol

Its U(x) means nothing there: it goes on with ln n, and a device that goes on with it is a capacitor, V = I t/C, whose
last digits decide how far. A current that has brought a host there ends the run, unless something else carries it, as
the leakage of an electrolyte does: where the device as it conducts, or the rate at which its voltage rises, needs no
more for the rest of the protocol step than its electrolytes bear, it goes on. What nothing leaks through has a matrix
of roundings, and what it conducts is chance; its voltage rises straight.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.failure_causes import borne, needed
from eisfv.model.host_curves import AnalyticOpenCircuit
from eisfv.model.steps import Step
from eisfv.model.waveforms import Constant
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Source
from eisfv.stepping.accepted import Accepted
from eisfv.stepping.state import State, amounts

SPENT = 1e-12  # thousands of cells, each to the rounding of its own amount
MOVED = 10.0  # RT/F: less than that the voltage moves only where no host has been spent, which takes ln(1/SPENT)
FULL = 1e-2  # of what a host can hold: what is told as its end where a run has stopped for another reason


class Filling(NamedTuple):
    """What a host holds, and can hold, in mol: of its ions before, now, at most; and its sites."""

    name: str
    charge: int
    before: float
    now: float
    room: float
    sites: float

    def side(self, share: float) -> str:
        """Return "full" or "empty" where less than a share of the room, or of what there was, is left; else ""."""
        if self.now > (1.0 - share) * self.room:
            return "full"
        return "empty" if self.now < share * self.before else ""

    def told(self, side: str, time: float, current: float) -> str:
        """Return a sentence on the end of a host; time: when its protocol step began, s; current: constant, A."""
        way = abs((self.room if side == "full" else 0.0) - self.before)
        since = ""
        if current != 0.0 and way > FULL * self.room:
            since = f" since t = {time + way * self.charge * FARADAY / abs(current):.5g} s"
        return f"{self.name} is {side}{since} (x = {self.now / self.sites:.4g}): the current has nowhere to go"


def fillings(built: Built, begun: State, state: State) -> Iterator[Filling]:
    """Give what every host holds; begun: the state when the protocol step began."""
    t = built.tables
    before, now = amounts(t, begun), amounts(t, state)
    for r, region in enumerate(built.device.regions):
        host = region.material.host
        if host is None:
            continue
        z, s = host.working_ion.charge, built.number(host.ion)
        own = built.mesh.region == r
        sites = float(t.volume[own].sum()) * float(t.density[r, s])
        polarons = isinstance(host.open_circuit, AnalyticOpenCircuit) and host.open_circuit.polarons
        room = sites / z if polarons else sites
        yield Filling(region.name, z, float(before[own, s].sum()), float(now[own, s].sum()), room, sites)


def exhausted(built: Built, begun: State, state: State, current: float) -> Iterator[str]:
    """Give a sentence for every host that is full or empty, with the time since when where a constant current (A) did
    it."""
    for filling in fillings(built, begun, state):
        side = filling.side(FULL)
        if side:
            yield filling.told(side, begun.time, current)


def ended(
    built: Built, newton: Callable[[], Newton], step: Step, begun: State, accepted: Accepted, source: Source
) -> str:
    """Return why an imposed current cannot go on behind an accepted step, or "".

    newton: gives one by whose ledger nothing else counts; source: at the end of the protocol step
    """
    state = accepted.end
    if abs(state.at.voltage - begun.at.voltage) < MOVED:
        return ""
    most = borne(built)
    for filling in fillings(built, begun, state):
        empty = filling.now < SPENT * filling.room and filling.now <= filling.before
        full = filling.room - filling.now < SPENT * filling.room and filling.now >= filling.before
        if not (empty or full):
            continue
        steady = isinstance(step.waveform, Constant)
        voltage = state.at.voltage * built.thermal_voltage
        if abs(voltage) <= most and steady and step.until is None:
            rest = step.duration - state.offset
            straight = (
                voltage + (state.at.voltage - accepted.start.at.voltage) * built.thermal_voltage * rest / accepted.h
            )
            voltage = min(straight, needed(built, newton(), state, source, rest)[0], key=abs)
        if abs(voltage) > most:
            told = filling.told("empty" if empty else "full", begun.time, source.value * FARADAY if steady else 0.0)
            return f"{told}; to charge the rest of the device, or to leak through it, takes more than {most:.3g} V"
    return ""
