"""Interface laws as arrays, one row per interface face."""

from collections.abc import Sequence
from math import log
from typing import NamedTuple

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.bulk import NONE
from eisfv.device.device import Device
from eisfv.device.regions import RegionTables
from eisfv.device.tables import Floats, Ints, padded
from eisfv.errors import EisfvError
from eisfv.mesh.records import Mesh
from eisfv.model.interface_laws import Blocking, Continuous, InterfaceLaw, Kinetic
from eisfv.model.interfaces import Interface
from eisfv.model.materials import CARRIERS
from eisfv.model.species import Bound
from eisfv.physics.conductivity import conductivity
from eisfv.physics.solvation import solvated_share
from eisfv.physics.statistics import ABSENT, DILUTE, LATTICE, OHMIC, SOLVATED
from eisfv.physics.transfer import exchange_activity, transfer_row

# A continuous quantity crosses a film this thin compared with the half cells beside it.
CONTINUITY = 1e-4
ABSENT_BELOW = 0.5 * log(NONE)  # RT


class NoCompositionError(EisfvError):
    """An exchange current says nothing of a rate."""


class InterfaceTables(NamedTuple):
    """The arrays of `Tables` that belong to interfaces; meanings and units there."""

    interface: Ints
    transfer: Floats
    transfer_rate: Floats
    compact_layer: Floats


def interface_tables(
    device: Device, mesh: Mesh, names: Sequence[str], regions: RegionTables, meant: Floats
) -> InterfaceTables:
    """Return the laws of every interface face; ValueError where a species on both sides has none.

    meant (regions, species): y at which exchange currents are meant, RT
    """
    temperature = device.temperature
    faces = np.flatnonzero(mesh.interface >= 0)
    number = np.full(len(mesh.left), -1, np.int64)
    number[faces] = np.arange(len(faces))
    rows: list[Floats] = []
    rate = np.zeros((len(faces), len(names)))
    compact_layer = np.zeros(len(faces))
    rt_f2 = GAS_CONSTANT * temperature / FARADAY**2
    half = half_distances(mesh)
    for j, face in enumerate(faces):
        area = mesh.area[face]
        x = float(mesh.position[mesh.left[face], 0])
        sides = (int(mesh.region[mesh.left[face]]), int(mesh.region[mesh.right[face]]))
        interface = interface_between(device, sides)
        halves = [float(half[cell]) for cell in (mesh.left[face], mesh.right[face])]
        stern = interface.stern(x)
        if stern is None:
            layers = [
                device.regions[r].material.relative_permittivity * VACUUM_PERMITTIVITY / h
                for r, h in zip(sides, halves, strict=True)
            ]
            compact_layer[j] = min(layers) / CONTINUITY * area * rt_f2
        else:
            compact_layer[j] = stern * area * rt_f2
        for s, name in enumerate(names):
            law: InterfaceLaw = Blocking()
            if ABSENT not in (regions.kind[sides[0], s], regions.kind[sides[1], s]) and not bound(device, sides, name):
                law = law_of(device, interface, name)
            row = transfer_row(law.law, law.parameters(temperature) if isinstance(law, Kinetic) else ())
            rows.append(row)
            if isinstance(law, Continuous):
                ease = [through(device, regions, r, s, h) for r, h in zip(sides, halves, strict=True)]
                rate[j, s] = (min(ease) if name in CARRIERS else max(ease)) / CONTINUITY * area
            elif isinstance(law, Kinetic):
                shares = [composition(device, regions, meant, r, s, law.at_x) for r in sides]
                charge = int(regions.charge[s])
                rate[j, s] = rate_constant(row, law.exchange(temperature, x), charge, shares[0], shares[1]) * area
    transfer = padded(rows).reshape(len(faces), len(names), -1) if rows else np.zeros((0, len(names), 1))
    return InterfaceTables(number, transfer, rate, compact_layer)


def rate_constant(
    row: Floats, exchange_current: float, charge: int, left: tuple[float, float], right: tuple[float, float]
) -> float:
    """Return k0 (mol m^-2 s^-1) of a law that has an exchange current (A/m2) between two compositions (theta, v)."""
    return exchange_current / (abs(charge) * FARADAY * exchange_activity(row, *left, *right))


def interface_between(device: Device, sides: tuple[int, int]) -> Interface:
    """Return the interface record of two regions, a plain one when the case has none."""
    names = {device.regions[r].name for r in sides}
    for interface in device.interfaces:
        if {interface.left, interface.right} == names:
            return interface
    first, second = (device.regions[r].name for r in sides)
    return Interface((first, second))


def bound(device: Device, sides: tuple[int, int], name: str) -> bool:
    """Return whether a species is bound on either side, and does not pass therefore."""
    return any(isinstance(device.regions[r].material.species.get(name), Bound) for r in sides)


def law_of(device: Device, interface: Interface, name: str) -> InterfaceLaw:
    """Return the law of a species that both sides know; electrons pass unless the case says otherwise."""
    if name in interface.laws:
        return interface.laws[name]
    if name in CARRIERS:
        return Continuous()
    raise ValueError(f"interface {interface.left} | {interface.right}: {name} is on both sides and has no law")


def half_distances(mesh: Mesh) -> Floats:
    """Return the distance (cells) in m to the nearest neighbour: of a surface node to the cell behind it."""
    half = np.full(mesh.cells, np.inf)
    beside = np.flatnonzero(mesh.interface < 0)
    for side in (mesh.left, mesh.right):
        np.minimum.at(half, side[beside], mesh.distance[beside])
    return half


def composition(
    device: Device, regions: RegionTables, meant: Floats, r: int, s: int, at_x: float | None
) -> tuple[float, float]:
    """Return theta and the free fraction of a species at which an exchange current is meant."""
    if device.regions[r].material.host is not None and at_x is not None:
        return at_x, 1.0 - at_x
    kind = regions.kind[r, s]
    if kind in (LATTICE, DILUTE, SOLVATED) and meant[r, s] < ABSENT_BELOW:
        region = device.regions[r]
        raise NoCompositionError(
            f"region {region.name}: the exchange current of an ion that is not there at the start is meant at no "
            f"composition; give {region.material.name} a concentration of it"
        )
    if kind == LATTICE:
        theta = 1.0 / (1.0 + np.exp(-meant[r, s]))
        return float(theta), float(1.0 - theta)
    if kind == DILUTE:
        return float(np.exp(meant[r, s])), 1.0
    if kind == SOLVATED:
        theta, free = solvated_share(meant[r], regions.size[r], s)
        return float(theta), float(free)
    raise ValueError(f"region {device.regions[r].name}: a species that is not stored there has no exchange current")


def through(device: Device, regions: RegionTables, r: int, s: int, half: float) -> float:
    """Return the flow per area and RT (mol m^-2 s^-1) that a species' half cell carries: where it is stored, at its
    site or reference density."""
    if regions.kind[r, s] == OHMIC:
        return float(regions.conduct[r, s] / half)
    if regions.diffusivity[r, s] == 0.0:  # the electrons of a host
        rt_f2 = GAS_CONSTANT * device.temperature / FARADAY**2
        return float(conductivity(regions.sigma[r], 1e-2)[0] * rt_f2 / half)
    return float(regions.diffusivity[r, s] * regions.density[r, s] / half)
