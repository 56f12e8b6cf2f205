"""From the records of a device and its mesh to the arrays of the kernels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.device.bulk import concentrations, debye_length, ideal_potentials, species_of
from eisfv.device.contacts import contact_arrays
from eisfv.device.hosts import host_curve, host_sigma, standard_potentials
from eisfv.device.joints import joint_arrays
from eisfv.device.records import Device, Region
from eisfv.device.tables import ELECTRON, Floats, Ints, Tables
from eisfv.device.weights import current_test_function
from eisfv.mesh.records import Mesh
from eisfv.physics.conductivity import conductivity
from eisfv.physics.hopping import ATTEMPT_FREQUENCY
from eisfv.physics.statistics import ABSENT, DILUTE, LATTICE, OHMIC

KINDS = {"dilute": DILUTE, "lattice": LATTICE, "ohmic": OHMIC}


@dataclass(frozen=True)
class Built:
    """A device on its mesh. bulk (regions, species): y of the neutral bulk at the start."""

    device: Device
    mesh: Mesh
    species: tuple[str, ...]
    tables: Tables
    bulk: Floats

    @property
    def thermal_voltage(self) -> float:
        """Return RT/F in V."""
        return thermal_voltage(self.device.temperature)

    def number(self, name: str) -> int:
        """Return the number of a species."""
        return self.species.index(name)


def species_names(device: Device) -> tuple[str, ...]:
    """Return the mobile species of a device in order of appearance, electrons last."""
    names = dict.fromkeys(s.name for region in device.regions for s in region.material.species)
    return tuple(n for n in names if n != ELECTRON) + ((ELECTRON,) if ELECTRON in names else ())


def build(device: Device, mesh: Mesh) -> Built:
    """Return the device on the mesh as arrays; ValueError where records contradict each other."""
    names = species_names(device)
    temperature = device.temperature
    rt_f2 = GAS_CONSTANT * temperature / FARADAY**2
    regions, count = len(device.regions), len(names)
    charge = np.zeros(count, np.int64)
    kind = np.full((regions, count), ABSENT, np.int64)
    sublattice = np.full((regions, count), -1, np.int64)
    density, diffusivity, conduct, hop, hop_limit = np.ones((5, regions, count))
    diffusivity[:], conduct[:], hop[:] = 0.0, 0.0, 0.0
    frumkin, mu0 = np.zeros((2, regions, count))
    ion = np.full(regions, -1, np.int64)
    background, mobility, fixed, permittivity = np.zeros((4, regions))
    curves: list[Floats] = []
    sigmas: list[Floats] = []
    for r, region in enumerate(device.regions):
        material = region.material
        groups: list[str] = []
        for species in material.species:
            s = names.index(species.name)
            charge[s] = species.charge
            kind[r, s] = KINDS[species.statistics]
            density[r, s] = species.density
            frumkin[r, s] = species.frumkin
            mu0[r, s] = species.offset / (GAS_CONSTANT * temperature)
            hop[r, s] = 0.5 * species.charge * species.hop_length
            if species.diffusivity is not None:
                diffusivity[r, s] = species.diffusivity.at(temperature)
                hop_limit[r, s] = max(1.0, species.hop_length**2 * ATTEMPT_FREQUENCY / diffusivity[r, s])
            if species.conductivity is not None:
                conduct[r, s] = species.conductivity.at(temperature) * rt_f2 / species.charge**2
            if species.statistics == "lattice":
                group = species.sublattice or species.name
                groups += [] if group in groups else [group]
                sublattice[r, s] = groups.index(group)
        fixed[r] = material.fixed_charge
        if not material.electroneutral:
            permittivity[r] = material.relative_permittivity * VACUUM_PERMITTIVITY * rt_f2
        if material.host is not None:
            host = material.host
            ion[r] = names.index(host.ion)
            sites = density[r, ion[r]]
            background[r] = host.background / sites
            fixed[r] += host.background
            mobility[r] = rt_f2 / sites
            curves.append(host_curve(host, int(charge[ion[r]]), temperature))
            sigmas.append(host_sigma(host, temperature))
            ion_mu0, electron_mu0 = standard_potentials(
                curves[-1], int(charge[ion[r]]), sites, density[r, names.index(ELECTRON)], host
            )
            mu0[r, ion[r]], mu0[r, names.index(ELECTRON)] = ion_mu0, electron_mu0
        else:
            curves.append(np.zeros(1))
            sigmas.append(np.zeros(1))
            # The electrolyte's potential is that of a M/Mz+ electrode in its own bulk, which U(x) is measured against.
            own = Region(region.name, material, region.thickness)
            mu0[r] -= np.where(kind[r] > ABSENT, ideal_potentials(own, names), 0.0)
            mu0[r] -= frumkin[r] * (1.0 - 2.0 / (1.0 + np.exp(-ideal_potentials(own, names))))
    bulk = np.array([ideal_potentials(region, names) for region in device.regions])
    volume = mesh.volume.copy()
    storing = storage_of_neutral_ends(device, mesh)
    volume[storing > 0.0] = storing[storing > 0.0]
    with np.errstate(divide="ignore"):
        shape = np.where(mesh.distance > 0.0, mesh.area / np.where(mesh.distance > 0, mesh.distance, 1.0), 0.0)
    test = current_test_function(mesh, bulk_conductivity(device))
    tables = Tables(
        charge,
        kind,
        density,
        mu0,
        frumkin,
        diffusivity,
        conduct,
        hop,
        hop_limit,
        sublattice,
        fixed,
        permittivity,
        ion,
        background,
        padded(curves),
        padded(sigmas),
        mobility,
        mesh.region,
        volume,
        test,
        mesh.left,
        mesh.right,
        shape,
        mesh.distance,
        test[mesh.left] - test[mesh.right],
        *joint_arrays(device, mesh, names, kind, density, diffusivity, conduct, bulk, charge, padded(sigmas)),
        np.array([names.index(ELECTRON) if ELECTRON in names else -1], np.int64),
        *contact_arrays(device, mesh, names, bulk, density, kind),
    )
    return Built(device, mesh, names, tables, bulk)


def bulk_conductivity(device: Device) -> Floats:
    """Return the conductivity (S/m) of each region's neutral bulk, ions and electrons together."""
    temperature = device.temperature
    total = np.zeros(len(device.regions))
    for r, region in enumerate(device.regions):
        amounts = concentrations(region)
        for species in region.material.species:
            if species.conductivity is not None:
                total[r] += species.conductivity.at(temperature)
            elif species.diffusivity is not None:
                mobility = species.diffusivity.at(temperature) * FARADAY**2 / (GAS_CONSTANT * temperature)
                total[r] += species.charge**2 * mobility * amounts[species.name]
        host = region.material.host
        if host is not None and region.x is not None:
            gamma = species_of(region.material, host.ion).charge * region.x
            total[r] += conductivity(host_sigma(host, temperature), gamma)[0]
    return total


def storage_of_neutral_ends(device: Device, mesh: Mesh) -> Floats:
    """Return the volume (m3) of the surface nodes of electroneutral regions, 0 elsewhere.

    One Debye length of the bulk holds the double layer: its capacitance at zero charge is then eps / lambda_D, as
    Gouy and Chapman have it; at many RT/F it grows faster than theirs (sinh u against 2 sinh(u/2)).
    """
    stored = np.zeros(mesh.cells)
    for face in np.flatnonzero(mesh.interface >= 0):
        for cell in (mesh.left[face], mesh.right[face]):
            region = device.regions[mesh.region[cell]]
            if region.material.electroneutral:
                stored[cell] = mesh.area[face] * debye_length(region, device.temperature)
    for contact in np.flatnonzero(mesh.contact_distance == 0.0):
        region = device.regions[mesh.region[mesh.contact_cell[contact]]]
        if region.material.electroneutral:
            stored[mesh.contact_cell[contact]] = mesh.contact_area[contact] * debye_length(region, device.temperature)
    return stored


def padded(rows: Sequence[Floats]) -> Floats:
    """Return rows of different length as one array, zeros behind."""
    out = np.zeros((len(rows), max(len(row) for row in rows)))
    for k, row in enumerate(rows):
        out[k, : len(row)] = row
    return out


__all__ = ["Built", "Floats", "Ints", "build"]
