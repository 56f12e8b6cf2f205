"""The materials of the regions as arrays."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.bands import band_row, band_sigma
from eisfv.device.bulk import concentrations, ideal_potentials
from eisfv.device.device import Device
from eisfv.device.electron_paths import idle
from eisfv.device.hosts import host_curve, host_sigma, standard_potentials
from eisfv.device.tables import ELECTRON, Floats, Ints, padded
from eisfv.model.materials import Material
from eisfv.model.regions import Initial, Region
from eisfv.model.species import Band, Lattice, Ohmic
from eisfv.physics.conductivity import conductivity
from eisfv.physics.hopping import ATTEMPT_FREQUENCY
from eisfv.physics.open_circuit import SHARED, electron_excess
from eisfv.physics.statistics import ABSENT, KINDS


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
    sublattice: Ints
    fixed: Floats
    permittivity: Floats
    ion: Ints
    sites: Floats
    background: Floats
    curve: Floats
    gradient: Floats
    sigma: Floats
    mobility: Floats
    electron: Ints


def species_names(device: Device) -> tuple[str, ...]:
    """Return the mobile species of a device in order of appearance, electrons last."""
    names = dict.fromkeys(name for region in device.regions for name in region.material.species)
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
        sublattice=np.full(shape, -1, np.int64),
        fixed=np.zeros(shape[0]),
        permittivity=np.zeros(shape[0]),
        ion=np.array([names.index(host.ion) if host else -1 for host in hosts], np.int64),
        sites=np.ones(shape[0]),
        background=np.zeros(shape[0]),
        curve=padded([curve_row(region, device.temperature) for region in device.regions]),
        gradient=np.array([host.kappa(device.temperature) if host else 0.0 for host in hosts]),
        sigma=padded([sigma_row(region, device.temperature) for region in device.regions]),
        mobility=np.zeros(shape[0]),
        electron=np.array([names.index(ELECTRON) if ELECTRON in names else -1], np.int64),
    )
    left_out = idle(device)
    for r, region in enumerate(device.regions):
        fill_species(tables, r, region.material, names, device.temperature)
        if r in left_out:
            tables.kind[r, names.index(ELECTRON)] = ABSENT
        fill_host(tables, r, region, names, device.temperature)
    return tables


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
        hop_length = species.hop_length or 0.0
        tables.density[r, s] = species.reference_density
        tables.mu0[r, s] = (species.offset or 0.0) / (GAS_CONSTANT * temperature)
        tables.hop[r, s] = 0.5 * species.charge * hop_length
        diffusivity = species.diffusivity_at(temperature)
        if diffusivity is not None:
            tables.diffusivity[r, s] = diffusivity
            tables.hop_limit[r, s] = max(1.0, hop_length**2 * ATTEMPT_FREQUENCY / diffusivity)
        if isinstance(species, Lattice):
            tables.frumkin[r, s] = species.frumkin or 0.0
            group = species.sublattice or name
            groups += [] if group in groups else [group]
            tables.sublattice[r, s] = groups.index(group)
    tables.fixed[r] = material.fixed_charge or 0.0
    if not material.electroneutral:
        tables.permittivity[r] = material.relative_permittivity * VACUUM_PERMITTIVITY * rt_f2


def fill_host(tables: RegionTables, r: int, region: Region, names: Sequence[str], temperature: float) -> None:
    """Tie ion and electrons of a host to U(x); give an electrolyte's ions the potential of a M/Mz+ electrode in it."""
    host = region.material.host
    if host is None:
        own = ideal_potentials(replace(region, initial=Initial()), names)
        band = region.material.species.get(ELECTRON)
        if isinstance(band, Band):
            tables.sites[r] = band.density
            e = names.index(ELECTRON)
            own[e] += electron_excess(tables.curve[r], own[e])[0]
        present = tables.kind[r] > ABSENT
        tables.mu0[r] -= np.where(present, own, 0.0)
        tables.mu0[r] -= tables.frumkin[r] * (1.0 - 2.0 / (1.0 + np.exp(-own)))
        return
    ion, electron = int(tables.ion[r]), names.index(ELECTRON)
    sites = float(tables.density[r, ion])
    tables.sites[r] = sites
    tables.background[r] = host.fixed_charge / sites
    tables.mobility[r] = GAS_CONSTANT * temperature / FARADAY**2 / sites
    tables.mu0[r, ion], tables.mu0[r, electron] = standard_potentials(
        tables.curve[r], int(tables.charge[ion]), sites, float(tables.density[r, electron]), host
    )


def curve_row(region: Region, temperature: float) -> Floats:
    """Return the row of a host's U(x), its head of zeros elsewhere."""
    host = region.material.host
    if host is None:
        band = region.material.species.get(ELECTRON)
        return band_row(band) if isinstance(band, Band) else np.zeros(SHARED)
    return host_curve(host, host.working_ion.charge, temperature)


def sigma_row(region: Region, temperature: float) -> Floats:
    """Return the row of a host's sigma(gamma), that of a band against n/N, a single zero elsewhere."""
    host, band = region.material.host, region.material.species.get(ELECTRON)
    if host is not None:
        return host_sigma(host, temperature)
    return band_sigma(band, temperature) if isinstance(band, Band) else np.zeros(1)


def bulk_conductivity(device: Device) -> Floats:
    """Return the conductivity (S/m) of each region's neutral bulk, ions and electrons together."""
    temperature, left_out = device.temperature, idle(device)
    total = np.zeros(len(device.regions))
    for r, region in enumerate(device.regions):
        amounts = concentrations(region)
        for name, species in region.material.species.items():
            if isinstance(species, Ohmic):
                total[r] += 0.0 if r in left_out else species.conductivity_at(temperature)
            elif (diffusivity := species.diffusivity_at(temperature)) is not None:
                mobility = diffusivity * FARADAY**2 / (GAS_CONSTANT * temperature)
                total[r] += species.charge**2 * mobility * amounts[name]
        host = region.material.host
        if host is not None and region.initial.x is not None:
            gamma = host.working_ion.charge * region.initial.x
            total[r] += conductivity(host_sigma(host, temperature), gamma)[0]
    return total
