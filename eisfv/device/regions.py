"""The materials of the regions as arrays."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.bands import band_sigma, bulk_levels, counted_against, excess_row, recombination_rows
from eisfv.device.device import Device
from eisfv.device.electron_paths import idle
from eisfv.device.hosts import host_curve, host_diffusion, host_sigma, ion_diffusivity, standard_potentials
from eisfv.device.tables import Floats, Ints, padded
from eisfv.model.materials import ELECTRON, HOLE, Material
from eisfv.model.regions import Region
from eisfv.model.species import Bound, Lattice, Ohmic, Sites, Solvated, Stored
from eisfv.physics.hopping import ATTEMPT_FREQUENCY
from eisfv.physics.statistics import ABSENT, KINDS

LEAST_ATTEMPTS = 1.0 + 1e-9  # a release: one at every attempt is eased by no field


class RegionTables(NamedTuple):
    """The arrays of `Tables` that belong to species and regions; meanings and units there."""

    charge: Ints
    kind: Ints
    density: Floats
    mu0: Floats
    frumkin: Floats
    diffusivity: Floats
    conduct: Floats
    hop: Floats
    hop_limit: Floats
    hop_threshold: Floats
    sublattice: Ints
    size: Floats
    fixed: Floats
    permittivity: Floats
    ion: Ints
    sites: Floats
    background: Floats
    curve: Floats
    gradient: Floats
    sigma: Floats
    diffusion: Floats
    mobility: Floats
    trap: Floats
    recombination: Floats
    hole_excess: Floats
    electron: Ints
    hole: Ints


def species_names(device: Device) -> tuple[str, ...]:
    """Return the mobile species of a device in order of appearance, electrons last."""
    names = dict.fromkeys(name for region in device.regions for name in region.material.species)
    walls = [*(joint.adsorbed for joint in device.interfaces), device.gate.sites(), device.channel.sites()]
    names |= dict.fromkeys(name for sites in walls for name in sites)
    return tuple(n for n in names if n != ELECTRON) + ((ELECTRON,) if ELECTRON in names else ())


def region_tables(device: Device, names: Sequence[str]) -> RegionTables:
    """Return the arrays of the regions' materials at the temperature of the device."""
    shape = (len(device.regions), len(names))
    hosts = [region.material.host for region in device.regions]
    tables = RegionTables(
        charge=np.zeros(shape[1], np.int64),
        kind=np.full(shape, ABSENT, np.int64),
        density=np.ones(shape),
        mu0=np.zeros(shape),
        frumkin=np.zeros(shape),
        diffusivity=np.zeros(shape),
        conduct=np.zeros(shape),
        hop=np.zeros(shape),
        hop_limit=np.ones(shape),
        hop_threshold=np.zeros(shape),
        sublattice=np.full(shape, -1, np.int64),
        size=np.zeros(shape),
        fixed=np.zeros(shape[0]),
        permittivity=np.zeros(shape[0]),
        ion=np.array([names.index(host.ion) if host else -1 for host in hosts], np.int64),
        sites=np.ones(shape[0]),
        background=np.zeros(shape[0]),
        curve=padded([curve_row(region, device.temperature) for region in device.regions]),
        gradient=np.array([host.kappa(device.temperature) if host else 0.0 for host in hosts]),
        sigma=padded([sigma_row(region, device.temperature) for region in device.regions]),
        diffusion=where_any(padded([diffusion_row(region, device.temperature) for region in device.regions])),
        mobility=np.zeros(shape[0]),
        trap=trap_rows(device, names),
        recombination=recombination_rows(device, names),
        hole_excess=where_any(padded([excess_row(region.material, HOLE) for region in device.regions])),
        electron=number_of(ELECTRON, names),
        hole=number_of(HOLE, names),
    )
    left_out = idle(device)
    for r, region in enumerate(device.regions):
        fill_species(tables, r, region.material, names, device.temperature)
        if r in left_out:
            tables.kind[r, names.index(ELECTRON)] = ABSENT
        fill_host(tables, r, region, names, device.temperature)
    return tables._replace(size=where_any(tables.size))


def number_of(name: str, names: Sequence[str]) -> Ints:
    """Return the number of a species, -1 without it."""
    return np.array([names.index(name) if name in names else -1], np.int64)


def where_any(rows: Floats) -> Floats:
    """Return rows of the regions, none where no region has any: the kernels ask for their number before each pass."""
    return rows if rows.any() else rows[:0]


def fill_species(tables: RegionTables, r: int, material: Material, names: Sequence[str], temperature: float) -> None:
    """Write the species of one region."""
    rt_f2 = GAS_CONSTANT * temperature / FARADAY**2
    groups: list[str] = []
    for name, species in material.species.items():
        s = names.index(name)
        tables.charge[s] = species.charge
        tables.kind[r, s] = KINDS[species.statistics]
        if isinstance(species, Ohmic):
            tables.conduct[r, s] = species.conductivity_at(temperature) * rt_f2 / species.charge**2
            continue
        tables.density[r, s] = species.reference_density
        tables.mu0[r, s] = (species.offset or 0.0) / (GAS_CONSTANT * temperature)
        tables.hop[r, s] = 0.5 * species.charge * (species.hop_length or 0.0)
        tables.hop_threshold[r, s] = (
            abs(tables.hop[r, s]) * (species.hop_threshold or 0.0) / thermal_voltage(temperature)
        )
        set_diffusivity(tables, r, s, species, species.diffusivity_at(temperature))
        if isinstance(species, Solvated):
            tables.size[r, s] = species.size
        if isinstance(species, Lattice):
            tables.frumkin[r, s] = species.frumkin or 0.0
        if isinstance(species, Sites):
            group = species.group or name
            groups += [] if group in groups else [group]
            tables.sublattice[r, s] = groups.index(group)
    tables.fixed[r] = material.fixed_charge or 0.0
    if not material.electroneutral:
        tables.permittivity[r] = material.relative_permittivity * VACUUM_PERMITTIVITY * rt_f2


def trap_rows(device: Device, names: Sequence[str]) -> Floats:
    """Return a row [region, free species, bound species, capture, release (1/s), half the hop out times z (m), attempts
    over release] for the traps of every region."""
    rows = []
    for r, region in enumerate(device.regions):
        for name, species in region.material.species.items():
            if isinstance(species, Bound):
                capture, release = species.rates(device.temperature)
                half_hop = 0.5 * species.charge * (species.release_length or 0.0)
                place = float(r), float(names.index(species.of)), float(names.index(name))
                attempts = max(ATTEMPT_FREQUENCY / release, LEAST_ATTEMPTS) if release else np.inf
                rows.append([*place, capture, release, half_hop, attempts])
    return np.array(rows).reshape(-1, 7)


def set_diffusivity(tables: RegionTables, r: int, s: int, species: Stored, diffusivity: float | None) -> None:
    """Write a diffusivity (m2/s), and how far a field may raise it."""
    if diffusivity is not None:
        tables.diffusivity[r, s] = diffusivity
        tables.hop_limit[r, s] = max(1.0, (species.hop_length or 0.0) ** 2 * ATTEMPT_FREQUENCY / diffusivity)


def started_diffusivity(region: Region, temperature: float) -> float | None:
    """Return the D (m2/s) of a host's ion at the composition of the start, None without one."""
    host, x = region.material.host, region.initial.x
    return None if host is None or x is None else ion_diffusivity(host, x, temperature)


def fill_host(tables: RegionTables, r: int, region: Region, names: Sequence[str], temperature: float) -> None:
    """Tie ion and electrons of a host to U(x); give an electrolyte's ions the potential of a M/Mz+ electrode in it."""
    host = region.material.host
    if host is None:
        own = bulk_levels(region, names, temperature)
        band = counted_against(region.material)
        if band is not None:
            tables.sites[r] = band.density
        present = tables.kind[r] > ABSENT
        tables.mu0[r] -= np.where(present, own, 0.0)
        tables.mu0[r] -= tables.frumkin[r] * (1.0 - 2.0 / (1.0 + np.exp(-own)))
        return
    ion, electron = int(tables.ion[r]), names.index(ELECTRON)
    sites = float(tables.density[r, ion])
    tables.sites[r] = sites
    set_diffusivity(tables, r, ion, host.working_ion, started_diffusivity(region, temperature))
    tables.background[r] = host.fixed_charge / sites
    tables.mobility[r] = GAS_CONSTANT * temperature / FARADAY**2 / sites
    tables.mu0[r, ion], tables.mu0[r, electron] = standard_potentials(
        tables.curve[r], int(tables.charge[ion]), sites, float(tables.density[r, electron]), host
    )


def curve_row(region: Region, temperature: float) -> Floats:
    """Return the row of a host's U(x), its head of zeros elsewhere."""
    host = region.material.host
    if host is None:
        return excess_row(region.material, ELECTRON)
    return host_curve(host, host.working_ion.charge, temperature)


def sigma_row(region: Region, temperature: float) -> Floats:
    """Return the row of a host's sigma(gamma), that of a band against n/N, a single zero elsewhere."""
    host = region.material.host
    return band_sigma(region.material, temperature) if host is None else host_sigma(host, temperature)


def diffusivity_of(region: Region, name: str, species: Stored, temperature: float) -> float | None:
    """Return the D (m2/s) of a species in the bulk at the start; None of a host's electrons."""
    host = region.material.host
    if host is not None and name == host.ion:
        return started_diffusivity(region, temperature)
    return species.diffusivity_at(temperature)


def diffusion_row(region: Region, temperature: float) -> Floats:
    """Return the row of a host's D(x), a single zero elsewhere and where D is constant."""
    host = region.material.host
    return np.zeros(1) if host is None else host_diffusion(host, temperature)
