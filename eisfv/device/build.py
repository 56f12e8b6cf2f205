"""From the records of a device and its mesh to the arrays of the kernels."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from eisfv.constants import GAS_CONSTANT, thermal_voltage
from eisfv.device.bulk import debye_length, ideal_potentials, meant
from eisfv.device.cell_gradients import cell_gradients, no_gradients
from eisfv.device.conductivities import highest_conductivity
from eisfv.device.contacts import contact_tables
from eisfv.device.current_test_function import current_test_function
from eisfv.device.device import Device
from eisfv.device.electron_paths import fieldless_films, sealed_films
from eisfv.device.interfaces import interface_tables
from eisfv.device.planes import Plane, planes, with_planes
from eisfv.device.regions import RegionTables, region_tables, species_names
from eisfv.device.tables import Floats, Ints, Tables, checked
from eisfv.mesh.records import Mesh
from eisfv.model.phase_separation import GradientEnergy
from eisfv.physics.statistics import ABSENT, LATTICE, SOLVATED

HALF_HOP = 5  # column of a row of traps


@dataclass(frozen=True)
class Built:
    """A device on its mesh. bulk (rows of laws, species): y of the neutral bulk at the start, of the regions and of the
    planes behind them."""

    device: Device
    mesh: Mesh
    species: tuple[str, ...]
    tables: Tables
    bulk: Floats
    planes: tuple[Plane, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Return what the rows of laws belong to: the regions, then the planes."""
        return (*self.mesh.regions, *(plane.name for plane in self.planes))

    @property
    def thermal_voltage(self) -> float:
        """Return RT/F in V."""
        return thermal_voltage(self.device.temperature)

    def number(self, name: str) -> int:
        """Return the number of a species."""
        return self.species.index(name)


def build(device: Device, mesh: Mesh, auxiliary: int = 0) -> Built:
    """Return the device on the mesh as arrays; ValueError where records contradict each other.

    auxiliary  unknowns of each cell beside its potential and its species, where no law needs one
    """
    names = species_names(device)
    regions = region_tables(device, names)
    if regions.gradient.any():
        auxiliary = max(auxiliary, 1)
    bulk = np.array([ideal_potentials(region, names, device.temperature) for region in device.regions])
    at_exchange = np.array([meant(region, names, device.temperature) for region in device.regions])
    interfaces = interface_tables(device, mesh, names, regions, at_exchange)
    contacts = contact_tables(device, mesh, names, regions, bulk, at_exchange)
    volume = mesh.volume + storage_of_neutral_ends(device, mesh)
    regions, bulk, row_of, volume, thin = with_planes(device, mesh, names, regions, bulk, volume)
    test = current_test_function(mesh, highest_conductivity(device))
    gradients = cell_gradients(mesh) if regions.trap[:, HALF_HOP].any() else no_gradients(mesh)
    between = mesh.distance > 0.0
    tables = Tables(
        **regions._asdict(),
        follow=follow(regions, auxiliary),
        thin=thin,
        fieldless=at_terminals(fieldless_films(device)),
        sealed=at_terminals(sealed_films(device)),
        region=row_of,
        volume=volume,
        test=test,
        wetting=wetting(device, mesh),
        left=mesh.left,
        right=mesh.right,
        **gradients._asdict(),
        aspect=np.where(between, mesh.area / np.where(between, mesh.distance, 1.0), 0.0),
        distance=mesh.distance,
        test_fall=test[mesh.left] - test[mesh.right],
        **interfaces._asdict(),
        **contacts._asdict(),
    )
    return Built(device, mesh, names, checked(tables), bulk, planes(device))


def at_terminals(films: Mapping[str, int]) -> Ints:
    """Return regions by the number of their terminal, -1 where there is none."""
    return np.array([films.get(side, -1) for side in ("gate", "channel")])


def follow(regions: RegionTables, auxiliary: int) -> Floats:
    """Return what every unknown (regions, unknowns) does when the potential rises: phi itself, and electrons and holes
    where their level is the unknown, which it is unless they sit on a lattice somewhere."""
    count = len(regions.charge)
    out = np.zeros((len(regions.fixed), 1 + count + auxiliary))
    out[:, 0] = 1.0
    for s in (int(regions.electron[0]), int(regions.hole[0])):
        if s >= 0 and not np.isin(regions.kind[:, s], (LATTICE, SOLVATED)).any():
            out[:, 1 + s] = np.where(regions.kind[:, s] == ABSENT, 0.0, float(regions.charge[s]))
    return out


def wetting(device: Device, mesh: Mesh) -> Floats:
    """Return g A / RT (mol) of the walls of every cell, see `eisfv.equations.gradient`."""
    area = np.zeros(mesh.cells)
    faces = np.flatnonzero(mesh.interface >= 0)
    np.add.at(area, mesh.left[faces], mesh.area[faces])
    np.add.at(area, mesh.right[faces], mesh.area[faces])
    np.add.at(area, mesh.contact_cell, mesh.contact_area)
    energy = np.zeros(len(device.regions))
    for r, region in enumerate(device.regions):
        kind = region.material.host.phase_separation if region.material.host is not None else None
        if isinstance(kind, GradientEnergy):
            energy[r] = kind.wetting or 0.0
    return np.asarray(area * energy[mesh.region] / (GAS_CONSTANT * device.temperature))


def storage_of_neutral_ends(device: Device, mesh: Mesh) -> Floats:
    """Return the volume (m3) of the surface nodes of electroneutral regions, 0 elsewhere.

    One Debye length of the bulk holds the double layer: its capacitance at zero charge is then eps / lambda_D, as
    Gouy and Chapman have it; at many RT/F it grows faster than theirs (sinh u against 2 sinh(u/2)).
    """
    stored = np.zeros(mesh.cells)
    faces = np.flatnonzero(mesh.interface >= 0)
    nodes = np.flatnonzero(mesh.contact_distance == 0.0)
    ends = [(mesh.left[f], mesh.area[f]) for f in faces] + [(mesh.right[f], mesh.area[f]) for f in faces]
    ends += [(mesh.contact_cell[b], mesh.contact_area[b]) for b in nodes]
    for cell, area in ends:
        region = device.regions[mesh.region[cell]]
        if region.material.electroneutral:
            stored[cell] = area * min(debye_length(region, device.temperature), region.height)
    return stored
