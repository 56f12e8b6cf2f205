"""The stack that a case states, from its records; where the compact model has no place for one, the reason.

A law, contact, statistics or form that is not named here is refused by its name: nothing is taken for another.
"""

from typing import NoReturn, TypeVar

from eisfv.constants import GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.model import CaseFile, materials
from eisfv.model.case_file import DeviceTable
from eisfv.model.contacts import OhmicContact, ReactiveContact
from eisfv.model.diffusion import ConstantDiffusion
from eisfv.model.interface_laws import Blocking, ButlerVolmer, Continuous, InterfaceLaw
from eisfv.model.interfaces import Interface
from eisfv.model.regions import Region
from eisfv.model.species import Bound, Dilute, Lattice, Ohmic, Species

from .curves import host_curves
from .stack import Electrolyte, Host, InterfaceKinetics, Ion, Metal, Stack
from .unsupported import UnsupportedError

Value = TypeVar("Value")


def read_stack(case: CaseFile) -> Stack:
    """Return the stack of a resolved case. Raises UnsupportedError with the reason where the compact model has no place
    for it."""
    device, readout = case.device, case.readout
    if device.section is not None:
        refuse("the device is a section; the compact model is of a stack")
    if case.start is not None:
        refuse("the run starts from the state of another one, whose compositions its case does not have")
    if readout is None:
        refuse("the case reads no conductance")
    regions, temperature = device.region, float(device.temperature)
    kinds = [region.material.kind for region in regions]
    if kinds not in (["host", "electrolyte", "host"], ["electrolyte", "host"]):
        refuse(f"the stack is {' | '.join(kinds)}; the compact model is of host | electrolyte | host")
    if readout.path == "through":
        refuse("the conductance is read through the stack; the compact model reads along its channel")
    if readout.carriers == "electrons":
        refuse("the conductance is read from the electrons; the compact model reads the ions of its channel")
    if readout.region != regions[-1].name:
        refuse("the conductance is not that of the last region")
    if not isinstance(device.contact.channel, OhmicContact):
        refuse(f"the channel's contact is {device.contact.channel.kind}, not ohmic")
    for contact in (device.contact.gate, device.contact.channel):
        if isinstance(contact, OhmicContact) and contact.loss is not None:
            refuse("a contact's surface loses ions; the compact model keeps them")
    ion = host_of(regions[-1]).ion
    last = interface_of(device, regions[-2], regions[-1])
    gate, gate_interface, leaks = gate_of(device, ion)
    given(readout.width, "readout.width")
    given(readout.length, "readout.length")
    return Stack(
        temperature=temperature,
        area=float(given(device.area, "device.area")),
        series=float(device.series_resistance),
        squares=readout.aspect,
        gate=gate,
        gate_interface=gate_interface,
        electrolyte=electrolyte(regions[-2], ion, leaks and electrons_pass(last), temperature),
        channel_interface=kinetics(law_of(last, ion), last.stern(), 1.0, temperature),
        channel=host(regions[-1], temperature),
    )


def gate_of(device: DeviceTable, ion: str) -> tuple[Host | Metal, InterfaceKinetics, bool]:
    """Return what lies beyond the electrolyte at the gate, its interface, and whether electrons pass that."""
    regions, contact, temperature = device.region, device.contact.gate, float(device.temperature)
    if len(regions) == 3:
        if not isinstance(contact, OhmicContact):
            refuse(f"the reservoir's contact is {contact.kind}, not ohmic")
        if host_of(regions[0]).ion != ion:
            refuse("the two hosts take different ions")
        first = interface_of(device, regions[0], regions[1])
        passing = kinetics(law_of(first, ion), first.stern(), 0.0, temperature)
        return host(regions[0], temperature), passing, electrons_pass(first)
    if not isinstance(contact, ReactiveContact):
        refuse(f"the gate's contact is {contact.kind}; it must be a host or reactive")
    if contact.electrode.ion != ion:
        refuse("the gate's contact exchanges another ion than the channel's")
    passing = kinetics(contact.law, contact.stern_capacitance, 1.0, temperature)
    return Metal(float(contact.electrode.potential)), passing, True


def host(region: Region, temperature: float) -> Host:
    """Return a host region with its curves."""
    material = host_of(region)
    ion = material.working_ion
    if material.diffusion is not None and material.diffusion != ConstantDiffusion("tracer"):
        law = f"{material.diffusion.form}, {material.diffusion.of}"
        refuse(
            f"the diffusivity of {material.ion} in {region.name} follows x ({law}), in the compact model it does not"
        )
    return Host(
        curves=host_curves(material, temperature),
        thickness=float(given(region.thickness, f"the thickness of {region.name}")),
        x=float(given(region.initial.x, f"initial.x of {region.name}")),
        sites=float(ion.density),
        diffusivity=given(ion.diffusivity_at(temperature), f"the diffusivity of {material.ion}"),
        permittivity=material.relative_permittivity * VACUUM_PERMITTIVITY,
    )


def host_of(region: Region) -> materials.Host:
    """Return the material of a region that is a host, its working ion on a lattice."""
    material = region.medium
    assert isinstance(material, materials.Host), f"{region.name} is {material.kind}"
    for name, species in material.species.items():
        if isinstance(species, Bound):
            refuse(f"{name} is bound at traps in {region.name}; the compact model has free ions")
    if not isinstance(material.species.get(material.ion), Lattice):
        refuse(f"{material.ion} is not on a lattice in {region.name}")
    return material


def electrolyte(region: Region, ion: str, leaks: bool, temperature: float) -> Electrolyte:
    """Return the electrolyte, the working ion first."""
    material = region.medium
    assert isinstance(material, materials.Electrolyte), f"{region.name} is {material.kind}"
    if region.initial.concentration:
        refuse("the electrolyte starts with concentrations of its own")
    ions, leak = [], 0.0
    for name, species in material.species.items():
        if isinstance(species, Ohmic):
            if name != materials.ELECTRON:
                refuse(f"{name} is ohmic in the electrolyte; the compact model lets electrons alone leak")
            leak = species.conductivity_at(temperature) if leaks else 0.0
        else:
            ions.append(ion_of(name, species, temperature))
    ions.sort(key=lambda one: one.name != ion)
    if not ions or ions[0].name != ion:
        refuse(f"the electrolyte does not carry {ion}")
    return Electrolyte(
        thickness=float(given(region.thickness, f"the thickness of {region.name}")),
        permittivity=material.relative_permittivity * VACUUM_PERMITTIVITY,
        ions=tuple(ions),
        fixed=float(material.fixed_charge or 0.0),
        leak=leak,
    )


def ion_of(name: str, species: Species, temperature: float) -> Ion:
    """Return an ion of the electrolyte."""
    if not isinstance(species, Dilute | Lattice):
        refuse(f"{name} follows {species.statistics} statistics; the compact model has dilute and lattice")
    if name == materials.ELECTRON:
        refuse("the electrolyte's electrons carry space charge; the compact model has an ohmic leak")
    if isinstance(species, Lattice) and (species.frumkin is not None or species.sublattice is not None):
        refuse(f"{name} interacts or shares its sites in the electrolyte")
    if species.hop_threshold is not None:
        refuse(f"{name} hops from a threshold field on; the compact model has none")
    return Ion(
        name=name,
        charge=species.charge,
        lattice=isinstance(species, Lattice),
        concentration=float(given(species.concentration, f"the concentration of {name}")),
        density=species.reference_density,
        diffusivity=given(species.diffusivity_at(temperature), f"the diffusivity of {name}"),
        hop=float(species.hop_length or 0.0),
        offset=(species.offset or 0.0) / (GAS_CONSTANT * temperature),
    )


def interface_of(device: DeviceTable, *sides: Region) -> Interface:
    """Return the interface of two regions."""
    names = {side.name for side in sides}
    for entry in device.interface:
        if set(entry.between) == names:
            if entry.adsorbed:
                refuse(f"ions adsorb between {' and '.join(entry.between)}; the compact model has free ions")
            return entry
    refuse(f"the interface of {' and '.join(sorted(names))} is not described")


def law_of(interface: Interface, ion: str) -> InterfaceLaw:
    """Return how the working ion passes an interface."""
    law = interface.ion if interface.ion is not None else interface.laws.get(ion, Blocking())
    if isinstance(law, Blocking):
        refuse(f"{ion} is blocked between {' and '.join(interface.between)}")
    return law


def electrons_pass(interface: Interface) -> bool:
    """Return whether electrons pass an interface; they do unless a law says otherwise."""
    law = interface.laws.get(materials.ELECTRON, Continuous())
    if not isinstance(law, Continuous | Blocking):
        refuse(f"electrons pass an interface by {words(law)}; the compact model has an ohmic leak")
    return isinstance(law, Continuous)


def kinetics(law: InterfaceLaw, stern: float | None, turned: float, temperature: float) -> InterfaceKinetics:
    """Return an interface; turned: 1 where its law is written from the electrolyte to the host, 0 the other way."""
    match law:
        case Continuous():
            return InterfaceKinetics(None, 0.5, None, stern)
        case ButlerVolmer():
            return InterfaceKinetics(law.exchange(temperature), abs(turned - law.alpha), law.at_x, stern)
        case _:
            refuse(f"an ion passes an interface by {words(law)}; the compact model has Butler-Volmer")


def words(law: InterfaceLaw) -> str:
    """Return the name of a law in words."""
    return "-".join(law.law.title().split("_"))


def given(value: Value | None, what: str) -> Value:
    """Return what a case must state."""
    if value is None:
        refuse(f"case.resolved.toml does not state a stack: it lacks {what}")
    return value


def refuse(reason: str) -> NoReturn:
    """Raise UnsupportedError."""
    raise UnsupportedError(reason)
