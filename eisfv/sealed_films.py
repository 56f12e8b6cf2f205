"""Semiconductors whose charge only their metal changes, and whether a run keeps it.

Nothing passes between such a film and what it lies on, and no field ends at its metal, so that

    Q(t) = Q(0) -+ integral of I dt        I the imposed current: it leaves at the channel, and enters at the gate

whatever the rest does. Q then sets the voltage, by the level of its carriers, RT/F ln of their amount. A balance holds
to the rounding of its row, dh g eps of the conductance g of its faces, and of a film of few carriers beside a host that
may be more than there are: the voltage would be chance. KEPT of them moves it by 0.3 mV.

Carriers of one kind, n in all, can only be taken out as long as there are any: a current that takes more within h,

    n < -z^-1 (+-) I h

has no solution in a step of h, whatever the rest does. In open circuit a film whose carriers answer DEAD times more
slowly than the protocol step lasts has no voltage (`eisfv.case.emptied_films`), nor one so empty beside a host.
"""

from typing import NamedTuple

from eisfv.constants import FARADAY
from eisfv.device.build import Built
from eisfv.device.bulk import concentrations
from eisfv.device.carriers import bands
from eisfv.device.electron_paths import sealed_films
from eisfv.device.tables import Ints
from eisfv.failure_causes import LOST
from eisfv.model.solver_options import Method
from eisfv.model.steps import Step
from eisfv.spent_places import drained, unset
from eisfv.stepping.accepted import Accepted, Failure
from eisfv.stepping.charged_film import KEPT
from eisfv.stepping.state import State, amounts


class Film(NamedTuple):
    """A film by name, its cells, its carriers with their charges, all of them at rest (mol), the sign of a current into
    it, and its contact."""

    name: str
    cells: Ints
    carriers: dict[int, int]
    rest: float
    inwards: float
    contact: str


class SealedFilms:
    """The films of a device, with what they held when the drive last had a corner."""

    def __init__(self, built: Built, method: Method | None) -> None:
        self.built = built
        # Backward differences sum less of it up: of a few steps, and of rows that keep the charge of their cells.
        self.may_pass = ', solver.method = "bdf", which may pass' if method == "tr_bdf2" else ""
        self.films = []
        for side, number in sealed_films(built.device).items():
            region = built.device.regions[number]
            carriers = {built.number(name): band.charge for name, band in bands(region.material).items()}
            cells = (built.tables.region == number).nonzero()[0]
            whole = concentrations(region, built.device.temperature)
            rest = sum(whole[name] for name in bands(region.material)) * float(built.tables.volume[cells].sum())
            self.films.append(Film(region.name, cells, carriers, rest, 1.0 if side == "gate" else -1.0, side))
        self.begun: list[tuple[float, float]] = []  # charge less what has passed, carriers in all, mol

    def lost(self, accepted: Accepted) -> str:
        """Return which film does not hold at the end of a step what its metal has brought it, in words; else ""."""
        if not self.films:
            return ""
        if accepted.corner or not self.begun:
            passed = 0.0 if accepted.corner else accepted.start.passed
            held = [self.held(film, accepted.start) for film in self.films]
            self.begun = [
                (charge - film.inwards * passed, whole) for film, (charge, whole) in zip(self.films, held, strict=True)
            ]
        for film, (before, whole) in zip(self.films, self.begun, strict=True):
            brought = film.inwards * accepted.end.passed
            charge, _ = self.held(film, accepted.end)
            off = abs(charge - before - brought)
            if off <= KEPT * (whole + abs(brought)):
                continue
            if whole < LOST * film.rest:
                return (
                    f"{film.name} had lost its carriers before ({100.0 * whole / film.rest:.2g} % of those at rest "
                    f"were left): the metal of the {film.contact} passes no charge any more and ends no field, so that "
                    'its voltage has no value; "injecting" with a barrier ends the field'
                )
            return (
                f"{film.name} would hold {FARADAY * charge:.3g} C of carriers, and its metal has left it "
                f"{FARADAY * (before + brought):.3g} C: nothing else reaches it, and that is so little that rounding "
                f"sets the voltage of the {film.contact}; take more carriers in {film.name}{self.may_pass}, or a metal "
                'that ends the field ("injecting" with a barrier)'
            )
        return ""

    def spent(self, failure: Failure, step: Step, current: float) -> bool:
        """Return whether a film, in the last accepted state, has nothing for a current (mol/s of charge), not even in
        the shortest time step that was tried, or less than a constant one takes, or no voltage in open circuit."""
        for film in self.films:
            _, whole = self.held(film, failure.state)
            if len(film.carriers) == 1:
                (charge,) = film.carriers.values()
                if film.inwards * current * failure.h / charge < -whole:
                    return True
        if current != 0.0:
            return any(drained(self.built, failure.state, step))
        return any(unset(self.built, failure.state, step.duration))

    def held(self, film: Film, state: State) -> tuple[float, float]:
        """Return the charge of a film's carriers, and all of them, mol."""
        held = amounts(self.built.tables, state)[film.cells]
        sums = {s: float(held[:, s].sum()) for s in film.carriers}
        return sum(film.carriers[s] * n for s, n in sums.items()), sum(sums.values())
