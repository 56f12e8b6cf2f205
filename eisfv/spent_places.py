"""Where the carriers of a run that cannot go on are spent: an end of a region without ions, a film whose few carriers
are too slow, a host without electrons."""

from collections.abc import Iterator
from math import exp, inf
from typing import NamedTuple

import numpy as np

from eisfv.case.emptied_films import DEAD
from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.build import Built
from eisfv.device.carriers import bands
from eisfv.device.electron_paths import closed, ends_of, fieldless_films
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import of_species, potential
from eisfv.failure_causes import LOST
from eisfv.model.materials import ELECTRON
from eisfv.model.steps import CurrentStep, Step
from eisfv.model.waveforms import Constant
from eisfv.physics.bernoulli import EXPONENT_MAX
from eisfv.physics.statistics import stores
from eisfv.stepping.charged_film import NEAR
from eisfv.stepping.state import State, amounts

USED_UP, STARVED = 1e-3, 5.0  # of its mean amount, and V: less is left where more falls


class Answer(NamedTuple):
    """A semiconductor behind a metal that ends no field: its name, its contact with its kind, and within what time (s)
    its carriers answer, eps_r eps_0 / (F sum of mobility n)."""

    film: str
    side: str
    kind: str
    time: float


def answers(built: Built, state: State) -> Iterator[Answer]:
    """Give the semiconductors behind metals that end no field; inf where not a carrier is left."""
    t, device = built.tables, built.device
    for side, number in fieldless_films(device).items():
        region, contact = device.regions[number], ends_of(device)[side][1]
        own, conducts = t.region == number, 0.0
        for name, band in bands(region.material).items():
            held = float(amounts(t, state)[own, built.number(name)].sum()) / float(t.volume[own].sum())
            conducts += FARADAY * band.mobility * held
        permittivity = region.material.relative_permittivity * VACUUM_PERMITTIVITY
        yield Answer(region.name, side, contact.kind, permittivity / conducts if conducts > 0.0 else inf)


def slow(built: Built, state: State, lasts: float) -> Iterator[str]:
    """Give a sentence for every semiconductor behind a metal that ends no field whose carriers answer more slowly than
    a current lasts (s): what passes such a metal is carriers, and no charge waits for them there."""
    for film, side, kind, time in answers(built, state):
        if lasts < time < inf:
            yield (
                f"the carriers of {film} answer within {time:.2g} s, and the current lasts {lasts:.2g} s: its {kind} "
                f'contact ends no field, and a current has no other way; "injecting" with a barrier ends the field of '
                f"the {side}"
            )


def drained(built: Built, state: State, step: Step | None) -> Iterator[str]:
    """Give a sentence for every semiconductor of one carrier behind a metal that ends no field from which a constant
    current takes more of them than are left and can come, the metal taking what reaches it (level L > RT above its):

        I > F (n / t + N),    N = e^f A D / integral of dx / n_eq,    f = F^2 n h / (eps A R T)

    t  what is left of the time, s; n  what is left of the carriers, mol
    N  the most that come from a neighbour, mol/s, 0 where none pass: n_eq (mol/m3) is what would be level with it, D
       their diffusivity; the film, of height h, comes no more than f RT/F nearer to it as its last carriers leave
    """
    t, device, u = built.tables, built.device, state.at.u
    steady = isinstance(step, CurrentStep) and isinstance(step.value, Constant) and device.section is None
    current, rest = (step.waveform.value(0.0), step.duration - state.offset) if step and steady else (0.0, 0.0)
    for side, number in fieldless_films(device).items():
        region, own, at_gate = device.regions[number], np.flatnonzero(t.region == number), side == "gate"
        if len(region.material.species) != 1 or current == 0.0:
            continue
        ((name, band),) = bands(region.material).items()
        s, row = built.number(name), of_species(built.number(name))
        end, beside = (own[0], own[-1] + 1) if at_gate else (own[-1], own[0] - 1)
        level = float(u[end, row]) - band.charge * at_gate * state.at.voltage
        left, comes = FARADAY * float(amounts(t, state)[own, s].sum()), 0.0
        if t.follow[number, row] == 0.0 or level < NEAR:
            continue
        if not closed(device, number):
            law = laws_at(t, t.region[own], u[own])
            level_with = law.concentration[:, s] * np.exp(np.minimum(u[beside, row] - u[own, row], EXPONENT_MAX))
            eases = np.maximum(law.diffusivity[:, s] * level_with, np.finfo(float).tiny)
            permittivity = region.material.relative_permittivity * VACUUM_PERMITTIVITY
            nearer = left * region.height / (permittivity * device.area * built.thermal_voltage)
            comes = FARADAY * device.area**2 / float((t.volume[own] / eases).sum()) * exp(min(nearer, EXPONENT_MAX))
        taken = band.charge * (-current if at_gate else current) - comes
        if taken * rest > left:
            more = f"no more than {comes:.2g} A of them come" if comes > 0.0 else "no more come"
            yield (
                f"{region.name} has {left:.2g} C of its {name}s left, which the current takes within "
                f"{left / taken:.2g} s, and {more}: then no current can flow; take a smaller current or charge, or "
                f'"injecting" with a barrier, which ends the field of the {side}'
            )


def unset(built: Built, state: State, lasts: float) -> Iterator[str]:
    """Give a sentence for every such semiconductor that sets no voltage in an open circuit that lasts so long (s): what
    passes its metal is less than the rounding of what flows beside it (`eisfv.case.emptied_films`)."""
    for film, side, kind, time in answers(built, state):
        if time > DEAD * lasts:
            yield (
                f"the carriers of {film} answer within {time:.2g} s, and open circuit lasts {lasts:.2g} s: its {kind} "
                f'contact ends no field, so that the {side} is at no voltage of its own; "injecting" with a barrier '
                "ends the field"
            )


def starved(built: Built, state: State) -> Iterator[str]:
    """Give a sentence for every end of a region of a stack at which hardly any ions are left and many volts fall."""
    t, device = built.tables, built.device
    if device.section is not None:
        return
    volts, local = potential(state.at.u) * built.thermal_voltage, laws_at(t, t.region, state.at.u)
    names = ["the gate", *(region.name for region in device.regions), "the channel contact"]
    for r, region in enumerate(device.regions):
        own = np.flatnonzero(built.mesh.region == r)
        stored = [s for s, name in enumerate(built.species) if name in region.material.species and stores(t.kind[r, s])]
        for end, inner, beside in ((own[0], own[1], names[r]), (own[-1], own[-2], names[r + 2])):
            fall = abs(float(volts[end] - volts[inner]))
            for s in stored if fall > STARVED else ():
                mean = float(t.volume[own] @ local.concentration[own, s]) / float(t.volume[own].sum())
                left = float(local.concentration[end, s])
                if left < USED_UP * mean:
                    yield (
                        f"{region.name} has {left:.2g} mol/m3 of its {built.species[s]} left at {beside}, {mean:.3g} "
                        f"on the mean, and {fall:.3g} V fall there"
                    )


def bare(built: Built, state: State) -> Iterator[str]:
    """Give a sentence for every host whose ions have hardly any of their electrons beside them."""
    t, held = built.tables, amounts(built.tables, state)
    for r, region in enumerate(built.device.regions):
        if region.material.host is None:
            continue
        own, electron = built.mesh.region == r, built.number(ELECTRON)
        total = held[own].sum(axis=0)
        left = float(total[electron])
        whole = float(t.charge @ total) + left + region.material.host.fixed_charge * float(t.volume[own].sum())
        if left < LOST * whole:
            yield (
                f"{region.name} has lost its electrons ({100.0 * left / whole:.2g} % of those of its ions are left): "
                "its U(x) is that of a neutral host"
            )
