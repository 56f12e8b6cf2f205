"""Devices of the tests: small, of round numbers, one for each kind of physics."""

from dataclasses import replace
from typing import Any

from eisfv.device.records import (
    BlockingContact,
    ButlerVolmer,
    Contact,
    Device,
    Interface,
    InterfaceLaw,
    MeshOptions,
    OhmicContact,
    ReactiveContact,
    Readout,
    Region,
)
from eisfv.materials.records import (
    Activated,
    AnalyticOpenCircuit,
    Electrode,
    Host,
    Material,
    PercolationConductivity,
    Species,
    TabulatedOpenCircuit,
)

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY, thermal_voltage

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
) -> Material:
    """Return a mixed conductor with the working ion on a lattice and dilute electrons."""
    species = (
        Species(ion, charge, "lattice", SITES, Activated(diffusivity)),
        Species("electron", -1, "dilute", SITES),
    )
    return Material("host", 30.0, species, host=Host(ion, curve, sigma, zero_charge_x, background))


def mg_electrolyte(sigma_e: float = 1e-4, **more: Any) -> Material:
    """Return Mg(TFSI)2 in a solvent with ohmic leakage sigma_e (S/m)."""
    species = (
        Species("Mg", 2, "dilute", 123.0, Activated(4.5e-13), concentration=123.0),
        Species("TFSI", -1, "dilute", 246.0, Activated(2.1e-12), concentration=246.0),
        Species("electron", -1, "ohmic", conductivity=Activated(sigma_e)),
    )
    return replace(Material("pce", 55.0, species), **more)


def mg_stack(
    x: tuple[float, float] = (0.1, 0.004),
    sigma_e: float = 1e-4,
    length: float = 1e-6,
    hosts: tuple[Material, Material] | None = None,
    electrolyte: Material | None = None,
    law: InterfaceLaw = ButlerVolmer(Activated(1e-3), 0.5),
    stern: float | None = 0.1,
    mesh: MeshOptions = MeshOptions(first=1.0, growth=1.4, host_growth=1.3, largest=0.1),
    **more: Any,
) -> Device:
    """Return MgxWO3 | leaky electrolyte | MgxWO3 between ohmic contacts."""
    first, second = hosts or (wo3(), wo3())
    regions = (
        Region("reservoir", first, 80e-9, x[0]),
        Region("electrolyte", electrolyte or mg_electrolyte(sigma_e), length),
        Region("channel", second, 80e-9, x[1]),
    )
    joints = (
        Interface("reservoir", "electrolyte", {"Mg": law}, stern),
        Interface("electrolyte", "channel", {"Mg": law}, stern),
    )
    readout = Readout("channel", 100e-6, 500e-6)
    return Device(
        TEMPERATURE, AREA, regions, joints, OhmicContact(), OhmicContact(), readout=readout, mesh=mesh, **more
    )


def ysz(hop_length: float = 1.2e-9, concentration: float = 100.0, leak: bool = True) -> Material:
    """Return a film that hops protons over the oxygen sites of its pores, on a fixed background."""
    proton = Species(
        "H", 1, "lattice", 48000.0, Activated(2.663e-15), concentration=concentration, hop_length=hop_length
    )
    electron = Species("electron", -1, "ohmic", conductivity=Activated(1e-13))
    species = (proton, electron) if leak else (proton,)
    return Material("ysz", 20.0, species, fixed_charge=-concentration)


def h_stack(
    x: float = 0.1, hop_length: float = 1.2e-9, mesh: MeshOptions = MeshOptions(), leak: bool = True, **more: Any
) -> Device:
    """Return PdHx contact | YSZ 14 nm | HxWO3 10 nm."""
    host = wo3("H", 1, H_CURVE, PercolationConductivity(1.9e-4, 54900.0, 0.937, 2.326), diffusivity=5e-14)
    law = ButlerVolmer(Activated(0.1), 0.5)
    return Device(
        TEMPERATURE,
        9e-12,
        (Region("electrolyte", ysz(hop_length, leak=leak), 14e-9), Region("channel", host, 10e-9, x)),
        (Interface("electrolyte", "channel", {"H": law}, 0.1),),
        ReactiveContact(Electrode("PdHx", "H", 1, 0.0), Activated(0.1), 0.5, 0.1),
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
) -> Material:
    """Return a 1:1 electrolyte; with `sites` (mol/m3) its ions share one lattice."""
    species = tuple(
        Species(
            name,
            charge,
            "dilute" if sites is None else "lattice",
            concentration if sites is None else sites,
            Activated(d),
            concentration=concentration,
            sublattice="solution",
        )
        for name, charge, d in zip(("cation", "anion"), (1, -1), diffusivity, strict=True)
    )
    return replace(Material("binary", permittivity, species), **more)


def one_layer(
    material: Material,
    length: float,
    gate: Contact = BlockingContact(),
    channel: Contact = BlockingContact(),
    mesh: MeshOptions = MeshOptions(),
    **more: Any,
) -> Device:
    """Return a single region between two contacts."""
    return Device(TEMPERATURE, AREA, (Region("layer", material, length, **more),), (), gate, channel, mesh=mesh)


def metal(
    exchange_current: float, stern: float | None = None, potential: float = 0.0, ion: str = "cation"
) -> ReactiveContact:
    """Return a metal that dissolves and deposits the cation."""
    return ReactiveContact(Electrode("metal", ion, 1, potential), Activated(exchange_current), 0.5, stern)


def debye(concentration: float = 10.0, permittivity: float = 80.0) -> float:
    """Return the Debye length (m) of a 1:1 electrolyte."""
    strength = 2.0 * FARADAY**2 * concentration / (GAS_CONSTANT * TEMPERATURE)
    return float((permittivity * VACUUM_PERMITTIVITY / strength) ** 0.5)
