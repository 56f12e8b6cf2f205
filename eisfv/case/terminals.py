"""Terminals that pass no charge, and what then cannot be driven.

A terminal passes charge if field lines end on it, if it takes ions, or if the electrons that it takes reach a store or
the other metal. An insulating one passes none: a drive has no solution there. A metal whose electrons reach nothing is
a capacitor, as field lines end on every metal on an ionic conductor: no steady current passes it.
"""

from collections.abc import Iterator

from eisfv.case import protocol_keys
from eisfv.case.problems import Key, Problem, key_text
from eisfv.device.device import Device
from eisfv.device.electron_paths import Chain, chains, ends_of
from eisfv.model.case_file import CaseFile
from eisfv.model.contacts import Contact, InsulatingContact
from eisfv.model.protocol import Block
from eisfv.model.steps import OpenCircuitStep


def faults(device: Device, file: CaseFile) -> Iterator[Problem]:
    """Yield the drives for which there is no solution."""
    steps = [step for _, step in protocol_keys.of_case(file) if not isinstance(step, Block)]
    driven = any(not isinstance(step, OpenCircuitStep) for step in steps)
    insulated = insulating_ends(device)
    if insulated and (driven or "gate" in insulated):
        yield Problem(("device", "contact", insulated[0]), _insulated(insulated[0]), whole=True)


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
