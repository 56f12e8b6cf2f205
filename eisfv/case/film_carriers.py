"""Semiconductors behind a metal that ends no field: what tells their level, and how much charge passes there.

An ohmic contact has the level of the neutral film; a band that begins empty has none.

Where nothing else enters the film, what passes such a contact stays in it, as field lines end on neither side of its
metal (Gauss). Of one kind of carrier it can lose no more than it begins with,

    Q = F c L A,    t* = (Q + what has passed before) / |I|

c     concentration of the carriers in the neutral film      mol/m3
L, A  thickness of the film, area                            m, m2
I     a constant current out of the film                     A
"""

from collections.abc import Iterator

from eisfv.case.problems import Key, Problem, key_text
from eisfv.constants import FARADAY
from eisfv.device.bulk import concentrations
from eisfv.device.carriers import bands
from eisfv.device.device import Device
from eisfv.device.electron_paths import ends_of, touching
from eisfv.model.case_file import CaseFile
from eisfv.model.materials import ELECTRON
from eisfv.model.steps import CurrentStep, OpenCircuitStep
from eisfv.model.waveforms import Constant
from eisfv.postprocess.quantities.prefixes import quantity


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
            yield from emptying(file, side, region.name, carrier, charge, sign)


def closed(device: Device, number: int) -> bool:
    """Return whether nothing passes between a region of a stack and its neighbours, and one contact alone touches
    it."""
    ends = [region for region, _ in ends_of(device).values()]
    joints = [passes for a, b, passes, _ in touching(device) if number in (a, b)]
    return device.section is None and ends.count(number) == 1 and not any(joints)


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


def _without_level(side: str, kind: str, name: str, carrier: str) -> str:
    return (
        f"device.contact.{side}: {kind} on {name}, which holds no {carrier} of its own: nothing tells the level of the "
        f"metal; give the {carrier} a concentration and {name} the fixed_charge that balances it, or take "
        '"injecting" with a barrier'
    )
