"""The mesh of a stack: every layer graded toward its ends."""

from collections.abc import Sequence
from math import exp, sqrt

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY
from eisfv.device.bulk import debye_length
from eisfv.device.carriers import bands
from eisfv.device.device import Device
from eisfv.device.phases import boundary_cell
from eisfv.mesh.grading import graded, graded_from_one_end
from eisfv.mesh.records import Floats, Mesh
from eisfv.mesh.stack import stack_mesh
from eisfv.model.band_filling import logarithm
from eisfv.model.injecting_contact import InjectingContact

# An electroneutral layer has no space charge to resolve; only diffusion from its ends.
NEUTRAL_FIRST = 1e-3


def cell_sizes(device: Device, number: int) -> Floats:
    """Return the cell sizes (m) of one region of a stack, gate to channel."""
    material = device.regions[number].material
    gate_plain = number == 0 and not device.gate.layered(material)
    channel_plain = number == len(device.regions) - 1 and not device.channel.layered(material)
    return region_sizes(device, number, device.regions[number].height, (gate_plain, channel_plain))


def region_sizes(device: Device, number: int, thickness: float, bare: tuple[bool, bool]) -> Floats:
    """Return cell sizes (m) along y of a region of a thickness (m); bare: no layer at its start, at its end."""
    region, options = device.regions[number], device.mesh
    if region.name in options.cells:
        count = options.cells[region.name]
        return np.full(count, thickness / count)
    length = thickness * NEUTRAL_FIRST
    if not region.material.electroneutral:
        length = options.first * min(thinnest_layer(device, number), thickness)
    growth = options.growth if region.material.host is None else options.host_growth
    largest = min(options.largest * thickness, boundary_cell(region.material.host, device.temperature))
    if bare[0] == bare[1]:
        return graded(thickness, length, growth, largest)
    sizes = graded_from_one_end(thickness, length, growth, largest)
    return sizes if bare[0] else sizes[::-1]


def thinnest_layer(device: Device, number: int) -> float:
    """Return the Debye length (m) of the bulk of a region, or of the carriers that a metal injects where it is less.

    Of the bulk the shorter one, as if all sites were free: under a voltage a layer has other ones than the bulk.
    """
    region, temperature = device.regions[number], device.temperature
    found = debye_length(region, temperature, dilute=True)
    for end, contact in zip(device.ends, (device.gate, device.channel), strict=True):
        if end == number and isinstance(contact, InjectingContact):
            rt = GAS_CONSTANT * temperature
            band = bands(region.material)[contact.carrier]
            held = band.density * exp(logarithm(band.filling, -contact.barrier / rt))
            permittivity = region.material.relative_permittivity * VACUUM_PERMITTIVITY
            found = min(found, sqrt(permittivity * rt / (FARADAY**2 * held)))
    return found


def sizes_of(device: Device, split: int = 1) -> list[Floats]:
    """Return the cell sizes (m) of every region of a stack, every cell split into equal ones."""
    return [np.repeat(cell_sizes(device, number) / split, split) for number in range(len(device.regions))]


def stack_of(device: Device, sizes: Sequence[Floats]) -> Mesh:
    """Return the mesh of a stack with the cell sizes (m) of its regions."""
    return stack_mesh([region.name for region in device.regions], sizes, device.area, contact_nodes(device))


def contact_nodes(device: Device) -> tuple[bool, bool]:
    """Return whether the gate and the channel contact need a surface node.

    A reactive contact acts on the composition at the metal; an electroneutral layer keeps its double layer in the node,
    a wall that adsorbs what it holds.
    """
    gate, channel = (device.regions[number] for number in device.ends)
    ends = ((device.gate, gate), (device.channel, channel))
    needs = [
        contact.surface_node == "always"
        or (contact.surface_node == "neutral" and region.material.electroneutral)
        or bool(contact.sites())
        for contact, region in ends
    ]
    return needs[0], needs[1]
