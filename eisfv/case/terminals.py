"""Terminals that pass no charge, and what then cannot be driven.

A terminal passes charge if field lines end on it, if it takes ions, or if the electrons that it takes reach a store or
the other metal. The current is the same through every plane of a stack, so that none ever flows where one terminal
passes none: a current has no solution, and in open circuit the voltage has no value of its own.
"""

from collections.abc import Iterator

from eisfv.case import protocol_keys
from eisfv.case.problems import Key, Problem, key_text
from eisfv.device.device import Device
from eisfv.device.electron_paths import Chain, chains, ends_of, stores_electrons
from eisfv.model.case_file import CaseFile
from eisfv.model.contacts import Contact, InsulatingContact
from eisfv.model.protocol import Block
from eisfv.model.steps import CurrentStep, OpenCircuitStep, VoltageStep


def faults(device: Device, file: CaseFile) -> Iterator[Problem]:
    """Yield the drives for which there is no solution."""
    steps = [(key, step) for key, step in protocol_keys.of_case(file) if not isinstance(step, Block)]
    driven = any(not isinstance(step, OpenCircuitStep) for _, step in steps)
    dead = dict(dead_ends(device))
    insulated = insulating_ends(device)
    if insulated and (driven or "gate" in insulated):
        yield Problem(("device", "contact", insulated[0]), _insulated(insulated[0]), whole=True)
        return
    for side, (region, contact) in ends_of(device).items():
        if side in dead and not contact.ends_field(device.regions[region].material):
            if all(isinstance(step, VoltageStep) for _, step in steps):
                continue  # a source holds the voltage, and no current flows
            yield Problem(("device", "contact", side), _dead(device, side, contact, region, dead[side]), whole=True)
            for key, step in steps:
                if isinstance(step, CurrentStep) and (current := step.value.extreme(step.duration)) != 0.0:
                    text = f"{current:.3g} A cannot flow: the {side} contact passes no electrons and ends no field"
                    yield Problem(key, f"{key_text(key)}: {text}", whole=True)
    if without_reference(device):
        text = (
            "device.contact: the potential has no reference: neither contact ends the field and no electrons are "
            "stored between them; give one contact a stern_capacitance"
        )
        yield Problem(("device", "contact"), text, whole=True)


def warnings(device: Device) -> Iterator[str]:
    """Give a line for every terminal whose electrons reach nothing, and for every region whose electrons are left
    out."""
    for side, chain in dead_ends(device):
        region, contact = ends_of(device)[side]
        yield _dead(device, side, contact, region, chain)
    for chain in chains(device):
        if chain.reached == 0:
            for r in sorted(chain.regions):
                name = device.regions[r].name
                yield (
                    f"region {name}: its electrons reach neither a metal nor a host; they carry nothing and are left "
                    "out"
                )


def dead_ends(device: Device) -> Iterator[tuple[str, Chain]]:
    """Give the contacts that take ohmic electrons which reach nothing else, by name, with the chain behind."""
    for chain in chains(device):
        if chain.reached == 1:
            for side in chain.metals:
                if ends_of(device)[side][1].needs is not None:
                    yield side, chain


def without_reference(device: Device) -> bool:
    """Return whether nothing ties the potential inside to a metal."""
    reached = {side for chain in chains(device) if chain.stores for side in chain.metals}
    for side, (region, contact) in ends_of(device).items():
        material = device.regions[region].material
        # A bath holds its own potential, and so do stored electrons at a metal.
        if contact.ends_field(material) or contact.kind == "bath" or side in reached:
            return False
        if contact.needs is not None and stores_electrons(device.regions[region]):
            return False
    return True


def insulating_ends(device: Device) -> list[str]:
    """Return the names of the insulating contacts."""
    return [side for side, (_, contact) in ends_of(device).items() if isinstance(contact, InsulatingContact)]


def _insulated(side: str) -> str:
    return (
        f"device.contact.{side}: insulating: no current and no field reaches it, so no drive can act and its voltage "
        "has no value; take blocking with a stern_capacitance"
    )


def _dead(device: Device, side: str, contact: Contact, region: int, chain: Chain) -> str:
    key: Key = ("device", "contact", side)
    stopped = " and ".join(chain.stopped_by)
    verb = "stop" if len(chain.stopped_by) > 1 else "stops"
    return (
        f"{key_text(key)}: {contact.kind} on {device.regions[region].name}, whose electrons reach nothing: {stopped} "
        f"{verb} them; no steady current can pass. Let electrons pass there, or take blocking"
    )
