"""What the tables of a case must be together: regions, read-out, mesh, protocol.

Works on the records; where the file does not validate, on what can be read of it (`partial`), so that these faults are
told beside those of the schema, not after them.
"""

from collections.abc import Iterator, Sequence
from math import log

from eisfv.case import adsorption, along_x, contacts, interfaces, protocol_keys, section_keys
from eisfv.case.geometry import Geometry
from eisfv.case.material_file import charge_faults, mobile
from eisfv.case.problems import Key, Problem, did_you_mean, quoted
from eisfv.device.carriers import bands
from eisfv.model.arrhenius import exponent
from eisfv.model.case_file import CaseFile, DeviceTable, Readout
from eisfv.model.contacts import ReactiveContact, ResistiveContact
from eisfv.model.diffusion import TabulatedDiffusion
from eisfv.model.host_curves import AnalyticOpenCircuit, TabulatedOpenCircuit
from eisfv.model.interface_laws import Kinetic
from eisfv.model.materials import Material
from eisfv.model.record import written
from eisfv.model.regions import Region
from eisfv.model.until import Until
from eisfv.model.vtf import Vtf

# Powers of ten between 298.15 K and the temperature of the device: beyond, products of coefficients leave the doubles.
LARGEST_POWER = 130.0
THINNEST, THICKEST = 1e-11, 100.0  # m: between them lie 13 decades, and a double has 16 digits
MOST_REGIONS = 200


def find(file: CaseFile, geometry: Geometry) -> Iterator[Problem]:
    """Yield every fault between tables. A region's material is None where there is none or it is faulty itself."""
    if file.device is None:
        return
    yield from section_keys.faults(file)
    regions = file.device.region
    if len(regions) > MOST_REGIONS:
        yield Problem(("device", "region"), f"has {len(regions)} entries; a device has {MOST_REGIONS} regions at most")
        return
    names = [region.name for region in regions]
    yield from _cold_faults(file.device)
    for index, region in enumerate(regions):
        key: Key = ("device", "region", index)
        if region.name and region.name in names[:index]:
            yield Problem((*key, "name"), "is taken by another region; give each its own name", region.name)
        if region.thickness is not None and not THINNEST <= region.thickness <= THICKEST:
            remedy = 'is no thickness of a layer: an atom has 0.1 nm; write for example thickness = "80 nm"'
            yield Problem((*key, "thickness"), remedy, written(region.thickness))
        if region.material is not None:
            yield from _region_faults(key, region, region.material)
    if not names or None in names:
        return  # without the regions' names every mention of one would be a fault; the schema says what they lack
    stack = [region.material for region in regions]
    yield from interfaces.faults(file.device.interface, names, stack, geometry.pairs)
    if file.device.contact is not None:
        ends = {"gate": geometry.gate, "channel": geometry.channel}
        yield from contacts.faults(file.device.contact, stack, ends)
        yield from adsorption.faults(file.device, dict(zip(names, stack, strict=True)), ends)
    yield from along_x.faults(file.device, names, geometry)
    yield from _readout_faults(file, names, stack)
    yield from _until_faults(file, stack)
    for name in file.mesh.cells:
        if name not in names:
            yield Problem(("mesh", "cells", name), f"is not a region{did_you_mean(name, names)}")


def _region_faults(key: Key, region: Region, material: Material) -> Iterator[Problem]:
    x, own = region.initial.x, region.initial.concentration
    if material.host is not None:
        ion = material.host.working_ion
        if x is None:
            yield Problem((*key, "initial", "x"), f'is missing: "{material.name}" is a host; add for example x = 0.1')
        elif isinstance(material.host.open_circuit, AnalyticOpenCircuit):
            full = 1.0 / ion.charge if material.host.open_circuit.polarons else 1.0
            if full <= x < 1.0:
                remedy = (
                    f"must be below {full:g}: each {material.host.ion} brings {ion.charge} electrons and each metal "
                    "holds one"
                )
                yield Problem((*key, "initial", "x"), remedy, x)
        elif isinstance(material.host.open_circuit, TabulatedOpenCircuit):
            low, high = material.host.open_circuit.x[0], material.host.open_circuit.x[-1]
            if not low <= x <= high:
                remedy = f"lies outside the table of U(x) of {material.name}, x = {low:g} to {high:g}"
                yield Problem((*key, "initial", "x"), f"{remedy}; start inside it, or measure further", x)
        if own:
            remedy = "does not belong to a host, whose composition is x; remove it"
            yield Problem((*key, "initial", "concentration"), remedy)
        if region.electroneutral:
            yield Problem((*key, "electroneutral"), "is for electrolytes; remove it from a host", True)
        return
    if region.active_volume is not None:
        remedy = "is for hosts, the volume that takes ions over the nominal one; remove it from an electrolyte"
        yield Problem((*key, "active_volume"), remedy, region.active_volume)
    if x is not None:
        remedy = "does not belong to an electrolyte; remove it, or set initial.concentration.NAME"
        yield Problem((*key, "initial", "x"), remedy, x)
    known = list(mobile(material))
    for name in own:
        if name not in known:
            remedy = f'is not a mobile species of "{material.name}"{did_you_mean(name, known)}'
            yield Problem((*key, "initial", "concentration", name), remedy)
        elif name in bands(material) and getattr(material, "gap", None) is not None:
            remedy = "follows from the gap and the charge of the rest; remove it"
            yield Problem((*key, "initial", "concentration", name), remedy)
    if own and set(own) <= set(known) and None not in own.values():
        for sentence in charge_faults(material, own):
            yield Problem((*key, "initial", "concentration"), sentence)


def _cold_faults(device: DeviceTable) -> Iterator[Problem]:
    """Yield an activation energy that leaves nothing of its coefficient, or makes it endless."""
    if device.temperature is None:
        return
    temperature = float(device.temperature)
    powers = [(name, exponent(energy, temperature)) for name, energy in _energies(device)]
    powers += [(name, law.of_diffusivity(temperature)) for name, law in _frozen(device)]
    for name, logarithm in powers:
        power = logarithm / log(10.0)
        if logarithm == -float("inf"):
            remedy = f"is not above t0 of {name}, where nothing moves any more; change the temperature or t0"
            yield Problem(("device", "temperature"), remedy, written(device.temperature))
            return
        if abs(power) > LARGEST_POWER:
            remedy = f"makes {name} 10^{power:.0f} times what it is at 298.15 K; change the temperature or the energy"
            yield Problem(("device", "temperature"), remedy, written(device.temperature))
            return


def _energies(device: DeviceTable) -> Iterator[tuple[str, float]]:
    """Give what follows an Arrhenius law, and its activation energy (J/mol)."""
    for region in device.region:
        if region.material is None:
            continue
        for name, species in region.material.species.items():
            yield f"the mobility of {name} in {region.name}", species.activation_energy or 0.0
        if region.material.host is not None:
            host = region.material.host
            yield f"the conductivity of {region.name}", host.conductivity.activation_energy or 0.0
            if isinstance(host.diffusion, TabulatedDiffusion):
                yield f"the mobility of {host.ion} in {region.name}", host.diffusion.activation_energy or 0.0
    for interface in device.interface:
        for law in (interface.ion, interface.electron, *interface.species.values()):
            if isinstance(law, Kinetic):
                yield f"the exchange current at {' | '.join(interface.between or ())}", law.energy
    contacts = () if device.contact is None else (device.contact.gate, device.contact.channel)
    for contact in contacts:
        if isinstance(contact, ReactiveContact) and isinstance(contact.law, Kinetic):
            yield "the exchange current of a contact", contact.law.energy
        if isinstance(contact, ResistiveContact):
            yield "the conductance of a contact", contact.activation_energy or 0.0


def _frozen(device: DeviceTable) -> Iterator[tuple[str, Vtf]]:
    """Give what follows a VTF law, and the law."""
    for region in device.region:
        for name, species in () if region.material is None else region.material.species.items():
            if species.vtf is not None:
                yield f"the mobility of {name} in {region.name}", species.vtf


def _readout_faults(file: CaseFile, names: Sequence[str], stack: Sequence[Material | None]) -> Iterator[Problem]:
    hosts = [name for name, material in zip(names, stack, strict=True) if material is None or readable(material)]
    if file.readout is None:
        for key, step in protocol_keys.of_case(file):
            if getattr(step, "read", None) is not None:
                what = "the length and width of" if section_keys.kind_of(file.device) == "none" else "the name of"
                remedy = f"needs a [readout] table with {what} the read-out region"
                yield Problem((*key, "read"), remedy, step.read.text)
                return
        return
    region = file.readout.region if isinstance(file.readout, Readout) else None
    if region is None and not hosts:
        remedy = "has no host to read and no semiconductor: every region is an electrolyte; remove it"
        yield Problem(("readout",), remedy)
    elif region is not None and region not in hosts:
        what = "is not a host and no semiconductor" if region in names else "is not a region"
        hint = f"; take one of {quoted(hosts)}" if region in names and hosts else did_you_mean(region, hosts)
        yield Problem(("readout", "region"), what + hint, region)
    elif isinstance(file.readout, Readout) and file.readout.carriers == "ions":
        read = region or hosts[-1]
        material = stack[names.index(read)]
        if material is not None and material.host is None:
            remedy = f"is not for {read}, which is no host: a semiconductor conducts by its electrons; remove it"
            yield Problem(("readout", "carriers"), remedy, "ions")


def readable(material: Material) -> bool:
    """Return whether a region of a material has a conductance to read: a host, or a semiconductor."""
    return material.host is not None or bool(bands(material))


def _until_faults(file: CaseFile, stack: Sequence[Material | None]) -> Iterator[Problem]:
    """Yield steps that wait for what the case does not have."""
    hosts = any(material is None or material.host is not None for material in stack)
    for key, step in protocol_keys.of_case(file):
        until = getattr(step, "until", None)
        if not isinstance(until, Until):
            continue
        if until.conductance is not None and file.readout is None:
            remedy = "needs a [readout] table: without one there is no conductance"
            yield Problem((*key, "until", "conductance"), remedy, until.conductance.written())
        if until.x is not None and not hosts:
            remedy = "needs a host: no region of this device has a filling"
            yield Problem((*key, "until", "x"), remedy, until.x.written())
