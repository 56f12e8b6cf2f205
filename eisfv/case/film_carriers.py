"""Semiconductors behind a metal that ends no field: what tells their level, and how much charge passes there.

An ohmic contact has the level of the neutral film; a band that begins empty has none.

Where nothing else enters the film, what passes such a contact stays in it, as field lines end on neither side of its
metal (Gauss). Of one kind of carrier it can lose no more than it begins with,

    Q = F c L A,    t* = (Q + what has passed before) / |I|

c     concentration of the carriers in the neutral film      mol/m3
L, A  thickness of the film, area                            m, m2
I     a constant current out of the film                     A

And they have to reach the metal. Where no field ends there, they do by diffusion, until none are left beside it,

    t_s = pi D (F c A / 2 |I|)^2,    D = mobility RT/F

unless the film answers meanwhile, within tau = eps_r eps_0 / (F mobility c): both what relaxes and what the field
brings are a share t_s/tau of that. Sand's time is told of a current where that share is less than SLOW, and the current
lasts LONGER times as long: of the first that flows, through a film in which nothing has moved.

Source: A. J. Bard, L. R. Faulkner, Electrochemical Methods, 2nd ed., Wiley 2001, eq. 8.2.14.
"""

from collections.abc import Iterator
from math import pi

from eisfv.case.problems import Key, Problem, key_text
from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.bulk import concentrations
from eisfv.device.carriers import bands
from eisfv.device.device import Device
from eisfv.device.electron_paths import closed, ends_of
from eisfv.model.case_file import CaseFile
from eisfv.model.materials import ELECTRON
from eisfv.model.steps import CurrentStep, OpenCircuitStep
from eisfv.model.waveforms import Constant
from eisfv.postprocess.quantities.prefixes import quantity

SLOW, LONGER = 0.1, 2.0
DILUTE = 1e-2  # of the states of a band: there D differs from mobility RT/F by less


def faults(device: Device, file: CaseFile) -> Iterator[Problem]:
    """Yield contacts on films without carriers, and currents that take more of them than there are."""
    for side, (number, contact) in ends_of(device).items():
        region = device.regions[number]
        carriers = bands(region.material)
        if contact.level != "electron" or not carriers:
            continue
        carrier = ELECTRON if ELECTRON in carriers else next(iter(carriers))
        held = concentrations(region, device.temperature)[carrier]
        if held == 0.0:
            text = _without_level(side, contact.kind, region.name, carrier)
            yield Problem(("device", "contact", side), text, whole=True)
        elif contact.ends_field(region.material):
            continue
        elif len(region.material.species) == 1 and closed(device, number) and file.start is None:
            charge = FARADAY * held * region.height * device.area
            # A positive current leaves the film through the channel's metal, and enters it through the gate's.
            sign = carriers[carrier].charge * (1.0 if side == "channel" else -1.0)
            problems = list(emptying(file, side, region.name, carrier, charge, sign))
            yield from problems or starving(file, device, side, number, sign)


def emptying(file: CaseFile, side: str, name: str, carrier: str, charge: float, sign: float) -> Iterator[Problem]:
    """Yield the first constant current of a protocol that takes more carriers than a film holds.

    charge: of all carriers, C; sign: of the currents that take them out
    """
    for index, step in enumerate(file.protocol or ()):
        if not isinstance(step, CurrentStep | OpenCircuitStep) or step.until is not None:
            return  # what passes is not known
        current = 0.0
        if isinstance(step, CurrentStep):
            if not isinstance(step.value, Constant):
                return
            current = step.value.extreme(step.duration)
        taken = sign * current * step.duration
        if taken > charge:
            key: Key = ("protocol", index)
            after, whole = quantity(charge / abs(current), "s", 3), quantity(step.duration, "s", 3)
            yield Problem(
                key,
                f"{key_text(key)}: {current:.3g} A takes the last {carrier} out of {name} after {after} of {whole}, "
                f"and then no current can flow; take a smaller current or charge, or device.contact.{side}.kind = "
                '"injecting", which ends the field',
                whole=True,
            )
            return
        charge -= taken


def sand_time(device: Device, number: int, current: float) -> tuple[float, float]:
    """Return when a constant current (A) has taken the carriers of one kind from beside the metal of a film, by
    diffusion alone, and within what they answer, s."""
    region, temperature = device.regions[number], device.temperature
    ((name, band),) = bands(region.material).items()
    held = concentrations(region, temperature)[name]
    diffusivity = band.mobility * GAS_CONSTANT * temperature / FARADAY
    answers = region.material.relative_permittivity * VACUUM_PERMITTIVITY / (FARADAY * band.mobility * held)
    return pi * diffusivity * (FARADAY * held * device.area / (2.0 * current)) ** 2, answers


def starving(file: CaseFile, device: Device, side: str, number: int, sign: float) -> Iterator[Problem]:
    """Yield the first current of a protocol where it takes carriers of one kind from a film at rest faster than they
    come to its metal; sign as of `emptying`."""
    region = device.regions[number]
    ((name, band),) = bands(region.material).items()
    if concentrations(region, device.temperature)[name] > DILUTE * band.density:
        return  # they diffuse faster than RT/F has it
    for index, step in enumerate(file.protocol or ()):
        if isinstance(step, OpenCircuitStep) and step.until is None:
            continue
        if not isinstance(step, CurrentStep) or step.until is not None or not isinstance(step.value, Constant):
            return
        current = step.value.extreme(step.duration)
        if sign * current <= 0.0:
            return
        sand, answers = sand_time(device, number, current)
        if sand < SLOW * answers and step.duration > LONGER * sand:
            key: Key = ("protocol", index)
            after, whole = quantity(sand, "s", 3), quantity(step.duration, "s", 3)
            yield Problem(
                key,
                f"{key_text(key)}: {current:.3g} A takes the last {name} from beside the metal of {region.name} after "
                f"{after} of {whole}, as no more come by diffusion and no field brings any: then no current can flow; "
                f'take a smaller or shorter current, or device.contact.{side}.kind = "injecting", which ends the field',
                whole=True,
            )
        return


def _without_level(side: str, kind: str, name: str, carrier: str) -> str:
    return (
        f"device.contact.{side}: {kind} on {name}, which holds no {carrier} of its own: nothing tells the level of the "
        f"metal; give the {carrier} a concentration and {name} the fixed_charge that balances it, or take "
        '"injecting" with a barrier'
    )
