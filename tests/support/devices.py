"""Devices of the tests: small, of round numbers, one for each kind of physics."""

from dataclasses import replace
from typing import Any

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.device import Device
from eisfv.model.case_file import Readout
from eisfv.model.contacts import BlockingContact, Contact, OhmicContact, ReactiveContact
from eisfv.model.host_curves import AnalyticOpenCircuit, PercolationConductivity, TabulatedOpenCircuit
from eisfv.model.interface_laws import ButlerVolmer, InterfaceLaw
from eisfv.model.interfaces import Interface
from eisfv.model.materials import Electrode, Electrolyte, Host
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Initial, Region
from eisfv.model.species import Dilute, Lattice, Ohmic

TEMPERATURE = 298.15  # K
VOLT = thermal_voltage(TEMPERATURE)
SITES = 30883.0  # mol/m3, one per tungsten of WO3
MG_CURVE = AnalyticOpenCircuit(2.3, True, 0.428)
H_CURVE = AnalyticOpenCircuit(-0.032, True)
AREA = 1e-4  # m2


def wo3(
    ion: str = "Mg",
    charge: int = 2,
    curve: AnalyticOpenCircuit | TabulatedOpenCircuit = MG_CURVE,
    sigma: PercolationConductivity = PercolationConductivity(0.55, 54760.0, 0.0263, 3.93),
    zero_charge_x: float = 0.01,
    background: float = 0.0,
    diffusivity: float = 1e-15,
) -> Host:
    """Return a mixed conductor with the working ion on a lattice and dilute electrons."""
    species = {
        ion: Lattice(charge, density=SITES, diffusivity=diffusivity),
        "electron": Dilute(-1, density=SITES),
    }
    return Host(30.0, ion, zero_charge_x, species, curve, sigma, background=background, reference="host")


def mg_electrolyte(sigma_e: float = 1e-4, **more: Any) -> Electrolyte:
    """Return Mg(TFSI)2 in a solvent with ohmic leakage sigma_e (S/m)."""
    species = {
        "Mg": Dilute(2, concentration=123.0, diffusivity=4.5e-13),
        "TFSI": Dilute(-1, concentration=246.0, diffusivity=2.1e-12),
        "electron": Ohmic(-1, conductivity=sigma_e),
    }
    return replace(Electrolyte(55.0, species, reference="pce"), **more)


def mg_stack(
    x: tuple[float, float] = (0.1, 0.004),
    sigma_e: float = 1e-4,
    length: float = 1e-6,
    hosts: tuple[Host, Host] | None = None,
    electrolyte: Electrolyte | None = None,
    law: InterfaceLaw = ButlerVolmer(1e-3, 0.5),
    stern: float | None = 0.1,
    mesh: MeshOptions = MeshOptions(first=1.0, growth=1.4, host_growth=1.3, largest=0.1),
    **more: Any,
) -> Device:
    """Return MgxWO3 | leaky electrolyte | MgxWO3 between ohmic contacts."""
    first, second = hosts or (wo3(), wo3())
    regions = (
        Region("reservoir", first, 80e-9, Initial(x[0])),
        Region("electrolyte", electrolyte or mg_electrolyte(sigma_e), length),
        Region("channel", second, 80e-9, Initial(x[1])),
    )
    joints = (
        Interface(("reservoir", "electrolyte"), species={"Mg": law}, stern_capacitance=stern),
        Interface(("electrolyte", "channel"), species={"Mg": law}, stern_capacitance=stern),
    )
    readout = Readout("channel", length=100e-6, width=500e-6)
    return Device(
        TEMPERATURE, AREA, regions, joints, OhmicContact(), OhmicContact(), readout=readout, mesh=mesh, **more
    )


def ysz(hop_length: float = 1.2e-9, concentration: float = 100.0, leak: bool = True) -> Electrolyte:
    """Return a film that hops protons over the oxygen sites of its pores, on a fixed background."""
    proton = Lattice(1, density=48000.0, diffusivity=2.663e-15, concentration=concentration, hop_length=hop_length)
    leakage = {"electron": Ohmic(-1, conductivity=1e-13)} if leak else {}
    return Electrolyte(20.0, {"H": proton, **leakage}, fixed_charge=-concentration, reference="ysz")


def h_stack(
    x: float = 0.1, hop_length: float = 1.2e-9, mesh: MeshOptions = MeshOptions(), leak: bool = True, **more: Any
) -> Device:
    """Return PdHx contact | YSZ 14 nm | HxWO3 10 nm."""
    host = wo3("H", 1, H_CURVE, PercolationConductivity(1.9e-4, 54900.0, 0.937, 2.326), diffusivity=5e-14)
    law = ButlerVolmer(0.1, 0.5)
    return Device(
        TEMPERATURE,
        9e-12,
        (Region("electrolyte", ysz(hop_length, leak=leak), 14e-9), Region("channel", host, 10e-9, Initial(x))),
        (Interface(("electrolyte", "channel"), species={"H": law}, stern_capacitance=0.1),),
        ReactiveContact(Electrode("H", 1, 0.0, reference="PdHx"), ButlerVolmer(0.1, 0.5), 0.1),
        OhmicContact(),
        mesh=mesh,
        **more,
    )


def binary(
    concentration: float = 10.0,
    permittivity: float = 80.0,
    diffusivity: tuple[float, float] = (1e-9, 1e-9),
    sites: float | None = None,
    **more: Any,
) -> Electrolyte:
    """Return a 1:1 electrolyte; with `sites` (mol/m3) its ions share one lattice."""
    species: dict[str, Dilute | Lattice] = {}
    for name, charge, d in zip(("cation", "anion"), (1, -1), diffusivity, strict=True):
        if sites is None:
            species[name] = Dilute(charge, concentration=concentration, diffusivity=d)
        else:
            species[name] = Lattice(
                charge, density=sites, concentration=concentration, diffusivity=d, sublattice="solution"
            )
    return replace(Electrolyte(permittivity, species, reference="binary"), **more)


def one_layer(
    material: Electrolyte | Host,
    length: float,
    gate: Contact = BlockingContact(),
    channel: Contact = BlockingContact(),
    mesh: MeshOptions = MeshOptions(),
    **more: Any,
) -> Device:
    """Return a single region between two contacts."""
    region = Region("layer", material, length, Initial(**more))
    return Device(TEMPERATURE, AREA, (region,), (), gate, channel, mesh=mesh)


def metal(
    exchange_current: float, stern: float | None = None, potential: float = 0.0, ion: str = "cation"
) -> ReactiveContact:
    """Return a metal that dissolves and deposits the cation."""
    return ReactiveContact(Electrode(ion, 1, potential, reference="metal"), ButlerVolmer(exchange_current, 0.5), stern)


def debye(concentration: float = 10.0, permittivity: float = 80.0) -> float:
    """Return the Debye length (m) of a 1:1 electrolyte."""
    strength = 2.0 * FARADAY**2 * concentration / (GAS_CONSTANT * TEMPERATURE)
    return float((permittivity * VACUUM_PERMITTIVITY / strength) ** 0.5)
