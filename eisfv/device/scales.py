"""Lengths, times and resistances of a device: what tells a good mesh and a good protocol before a run."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from math import pi

import numpy as np

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY
from eisfv.device.build import Built
from eisfv.device.bulk import debye_length
from eisfv.device.conductivities import bulk_conductivity
from eisfv.device.device import Device
from eisfv.device.regions import diffusivity_of
from eisfv.device.tables import Floats
from eisfv.model.along_x import largest
from eisfv.model.interface_laws import Kinetic
from eisfv.model.interfaces import Interface
from eisfv.model.materials import CARRIERS, ELECTRON
from eisfv.model.record import Record
from eisfv.model.species import Stored
from eisfv.physics.statistics import ABSENT
from eisfv.physics.transfer import BLOCKING

# Keys by which a law follows the temperature, zero or none where it does not.
FOLLOWING = ("activation_energy", "barrier", "vtf", "capture_energy", "release_energy", "temperature_coefficient")

# Cells that coarse against such a layer put the change by a pulse some 10 % off (a 7 nm film at 10 V).
COARSE = 3.0


@dataclass(frozen=True)
class RegionScales:
    """cells; smallest distance of two cell points and Debye length of the bulk in m; conductivity in S/m of ions and
    electrons together;
    diffusion_time L^2/(pi^2 D) in s of the slowest ion, None without one"""

    cells: int
    smallest: float
    debye: float
    conductivity: float
    diffusion_time: float | None


@dataclass(frozen=True)
class DeviceScales:
    """Linear figures of a stack, by which its double layers follow the drive.

    resistance  R of the regions in series                                                                    ohm
    charging    R C, C the interfaces' double layers in series: after a step of the voltage                    s
    relaxing    that of the overpotential under a current or at open circuit; None where nothing passes        s
    """

    resistance: float
    charging: float
    relaxing: float | None


def region_scales(built: Built, number: int) -> RegionScales:
    """Return the scales of one region."""
    device, mesh = built.device, built.mesh
    region = device.regions[number]
    cells = int(((mesh.region == number) & (mesh.volume > 0.0)).sum())
    diffusivities = [
        found
        for name, species in region.material.species.items()
        if isinstance(species, Stored) and name not in CARRIERS
        if (found := diffusivity_of(region, name, species, device.temperature)) is not None
    ]
    slowest = min(diffusivities, default=None)
    inside = (mesh.distance > 0.0) & (mesh.region[mesh.left] == number) & ~mesh.surface[mesh.left]
    inside &= ~mesh.surface[mesh.right]
    return RegionScales(
        cells,
        float(mesh.distance[inside].min()) if inside.any() else region.height,
        debye_length(region, device.temperature),
        float(bulk_conductivity(device)[number]),
        region.height**2 / (pi**2 * slowest) if slowest else None,
    )


def pressed_layers(built: Built, voltage: float) -> Iterator[tuple[str, float, float]]:
    """Give regions whose cells are too coarse for a voltage (V): name, layer and smallest distance of cell points (m).

    Until it is screened the field presses the ions of an electrolyte of thickness L against the interface within
    RT/(z F E), E = V/L: at 10 V over 7 nm 0.02 nm, far below the Debye length.
    """
    device = built.device
    films = [k for k, region in enumerate(device.regions) if region.material.host is None]
    thickness = sum(device.regions[k].height for k in films)
    for k in films:
        charges = [abs(s.charge) for name, s in device.regions[k].material.species.items() if name not in CARRIERS]
        smallest = region_scales(built, k).smallest
        if charges and voltage > 0.0 and not device.regions[k].material.electroneutral:
            layer = built.thermal_voltage * thickness / (max(charges) * voltage)
            if smallest > COARSE * layer:
                yield device.regions[k].name, layer, smallest


def interface_scales(built: Built) -> Iterator[str]:
    """Give one line for every kinetic law: its charge-transfer resistance RT/(zF i0)."""
    device = built.device
    for interface in device.interfaces:
        for name, current, resistance in transfer_resistances(built, interface):
            yield (
                f"{interface.left} | {interface.right}: {name} exchanges {current:.3g} A/m^2, "
                f"charge-transfer resistance {resistance / device.area:.3g} ohm ({resistance * 1e4:.3g} ohm cm^2)"
            )


def transfer_resistances(built: Built, interface: Interface) -> Iterator[tuple[str, float, float]]:
    """Give of every kinetic law of an interface: species, exchange current (A/m2) and RT/(zF i0) (ohm m2)."""
    for name, law in interface.laws.items():
        if isinstance(law, Kinetic):
            z = abs(int(built.tables.charge[built.number(name)]))
            current = law.largest_exchange(built.device.temperature)
            yield name, current, built.thermal_voltage / (z * current)


def device_scales(built: Built) -> DeviceScales:
    """Return the scales of the whole stack."""
    device = built.device
    conductivity = bulk_conductivity(device)
    resistance = sum(
        region.height / (sigma * device.area) if sigma > 0.0 else np.inf
        for region, sigma in zip(device.regions, conductivity, strict=True)
    )
    elastances = [elastance(device, interface) for interface in device.interfaces]
    charging = resistance / total if 0.0 < (total := sum(elastances)) < np.inf else 0.0
    return DeviceScales(float(resistance), float(charging), relaxing_time(built, np.array(elastances)))


def relaxing_time(built: Built, elastances: Floats) -> float | None:
    """Return how long the overpotential takes after a step of the current (s); elastances: 1/C of each interface (1/F).

        C_i dv_i/dt = I - v_i/R_i - sum_j v_j/R_e,   tau = int (1 - V/V_end) dt,   V = sum v_i

    v_i  overpotential of an interface, I the current                          V, A
    R_i  charge-transfer resistance RT/(zF i0) of its ions in parallel         ohm
    R_e  of the ohmic electrons of all regions between hosts, beside the ions  ohm

    The ions' own resistance counts as small. Alike interfaces without electrons have tau = R_i C_i. None where no
    stationary overpotential is.
    """
    device, t = built.device, built.tables
    keep = (elastances > 0.0) & np.isfinite(elastances)
    conductances = np.array(
        [sum(device.area / each for _, _, each in transfer_resistances(built, one)) for one in device.interfaces]
    )
    leak = 0.0
    if ELECTRON in built.species:
        sigma = t.conduct[:, built.number(ELECTRON)] * FARADAY / built.thermal_voltage  # S/m
        layers = [(k, region) for k, region in enumerate(device.regions) if region.material.host is None]
        if layers and all(sigma[k] > 0.0 for k, _ in layers):
            leak = device.area / sum(region.height / float(sigma[k]) for k, region in layers)
    if not keep.any() or (leak == 0.0 and not conductances[keep].all()):
        return None
    inverse = np.linalg.inv(elastances[keep, None] * (np.diag(conductances[keep]) + leak))
    first = inverse @ elastances[keep]
    return float((inverse @ first).sum() / first.sum())


def elastance(device: Device, interface: Interface) -> float:
    """Return 1/C of an interface's double layer, the compact layer and those of both sides in series (1/F)."""
    found = 0.0
    if interface.stern_capacitance is not None:
        found += 1.0 / (largest(interface.stern_capacitance) * device.area)
    for name in (interface.left, interface.right):
        region = next(r for r in device.regions if r.name == name)
        permittivity = region.material.relative_permittivity * VACUUM_PERMITTIVITY
        found += debye_length(region, device.temperature) / (permittivity * device.area)
    return found


def blocked_ions(built: Built) -> Iterator[tuple[str, str, str]]:
    """Give left region, right region and species for every ion that both sides of an interface know and that is stopped
    between them."""
    t, names = built.tables, [region.name for region in built.device.regions]
    faces = np.flatnonzero(t.interface >= 0)
    _, one_of_each = np.unique(built.mesh.interface[faces], return_index=True)
    for face in faces[np.sort(one_of_each)]:
        near, far = int(built.mesh.region[t.left[face]]), int(built.mesh.region[t.right[face]])
        for s, name in enumerate(built.species):
            known = t.kind[near, s] != ABSENT and t.kind[far, s] != ABSENT
            if known and name not in CARRIERS and t.transfer[t.interface[face], s, 0] == BLOCKING:
                yield names[near], names[far], name


def any_activation(device: Device) -> bool:
    """Return whether anything in a device follows the temperature by a law of its own."""
    return any(map(_follows, (*device.regions, *device.interfaces, device.gate, device.channel)))


def _follows(value: object) -> bool:
    if isinstance(value, Record):
        values = {field.name: getattr(value, field.name) for field in fields(value)}
        return any(bool(values.get(key)) for key in FOLLOWING) or any(map(_follows, values.values()))
    return isinstance(value, dict) and any(map(_follows, value.values()))
