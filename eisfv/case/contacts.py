"""What contacts must be to the regions behind them."""

from collections.abc import Iterator, Mapping, Sequence

from eisfv.case.problems import Key, Problem, did_you_mean, quoted
from eisfv.device.carriers import bands
from eisfv.model.case_file import Contacts
from eisfv.model.contact_kind import ContactKind
from eisfv.model.contacts import BathContact, Contact, OhmicContact, ReactiveContact, polarisable
from eisfv.model.injecting_contact import InjectingContact
from eisfv.model.interface_laws import Kinetic
from eisfv.model.materials import ELECTRON, Electrode, Material
from eisfv.model.record import written
from eisfv.model.species import Band


def faults(table: Contacts, stack: Sequence[Material | None], ends: Mapping[str, int | None]) -> Iterator[Problem]:
    """Yield what is wrong with `device.contact`: what the region behind a contact must have.

    ends  number of the region behind the gate and the channel contact, None where it cannot be told
    """
    for side, contact in (("gate", table.gate), ("channel", table.channel)):
        key: Key = ("device", "contact", side)
        if isinstance(contact, ReactiveContact) and isinstance(contact.law, Kinetic):
            current = contact.law.exchange_current
            if current is not None and not isinstance(current, float):
                yield Problem((*key, "exchange_current"), "varies along x, which a contact does not; write one value")
        end = ends[side]
        region = stack[end] if end is not None else None
        if region is not None and isinstance(contact, ContactKind):
            yield from _species_faults(key, contact, region)


def _species_faults(key: Key, contact: Contact, region: Material) -> Iterator[Problem]:
    species = region.species
    electrode = getattr(contact, "electrode", None)
    if isinstance(electrode, Electrode):
        key_of_electrode = (*key, "electrode")
        if electrode.ion not in species:
            remedy = f'exchanges "{electrode.ion}", which "{region.name}" does not have; it has {quoted(species)}'
            yield Problem(key_of_electrode, remedy, electrode.reference)
        elif species[electrode.ion].charge != electrode.charge:
            own, other = electrode.charge, species[electrode.ion].charge
            remedy = f'has {electrode.ion} of charge {own}, "{region.name}" of {other}'
            yield Problem(key_of_electrode, remedy, electrode.reference)
    elif isinstance(contact, InjectingContact):
        if contact.carrier is None or contact.barrier is None:
            return  # the schema says it
        if not isinstance(species.get(contact.carrier), Band):
            has = bands(region)
            remedy = f'injects into a band, and "{region.name}" has none of {contact.carrier}s'
            hint = f"; it has {quoted(has)}" if has else '; take kind = "ohmic" or "blocking"'
            yield Problem((*key, "carrier"), remedy + hint, contact.carrier)
        elif (gap := getattr(region, "gap", None)) is not None and contact.barrier > gap:
            remedy = f'is larger than the gap of "{region.name}", {gap.text}; give that of the other carrier'
            yield Problem((*key, "barrier"), remedy, written(contact.barrier))
    elif contact.needs == ELECTRON and ELECTRON not in species and not (contact.kind == "ohmic" and bands(region)):
        remedy = f'needs electrons and "{region.name}" has none; write kind = "blocking" or "reactive"'
        yield Problem((*key, "kind"), remedy, contact.kind)
    if isinstance(contact, OhmicContact) and contact.stern_capacitance is not None and not polarisable(region):
        remedy = "is for electrons that store nothing; remove it: here they screen the field themselves"
        yield Problem((*key, "stern_capacitance"), remedy, getattr(contact.stern_capacitance, "text", ""))
    if isinstance(contact, OhmicContact) and contact.loss is not None and region.host is None:
        remedy = f'is of the ion of a host, and "{region.name}" is none; remove it'
        yield Problem((*key, "loss"), remedy)
    if isinstance(contact, OhmicContact) and contact.back_gate is not None and not bands(region):
        remedy = f'is of a semiconductor, whose carriers are bands, and "{region.name}" has none; remove it'
        yield Problem((*key, "back_gate"), remedy)
    if isinstance(contact, BathContact):
        for name in contact.concentration:
            if name not in species:
                remedy = f'is not a species of "{region.name}"{did_you_mean(name, list(species))}'
                yield Problem((*key, "concentration", name), remedy)
    law = getattr(contact, "law", None)
    if isinstance(law, Kinetic) and law.at_x is not None and region.host is None:
        yield Problem((*key, "at_x"), "needs a host behind the contact; remove it", law.at_x)
