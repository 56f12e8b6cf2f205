"""The mesh of a stack: every layer graded toward its ends."""

import numpy as np

from eisfv.device.bulk import debye_length
from eisfv.device.records import (
    BathContact,
    Device,
    InsulatingContact,
    OhmicContact,
    ReactiveContact,
)
from eisfv.mesh.grading import graded, graded_from_one_end
from eisfv.mesh.records import Floats, Mesh
from eisfv.mesh.stack import stack_mesh

# An electroneutral layer has no space charge to resolve; only diffusion from its ends.
NEUTRAL_FIRST = 1e-3


def cell_sizes(device: Device, number: int) -> Floats:
    """Return the cell sizes (m) of one region, gate to channel."""
    region, options = device.regions[number], device.mesh
    if region.name in options.cells:
        count = options.cells[region.name]
        return np.full(count, region.thickness / count)
    thickness = region.thickness
    length = thickness * NEUTRAL_FIRST
    if not region.material.electroneutral:
        length = options.first * min(debye_length(region, device.temperature), thickness)
    growth = options.growth if region.material.host is None else options.host_growth
    plain = (OhmicContact, InsulatingContact)
    gate_plain = number == 0 and isinstance(device.gate, plain)
    channel_plain = number == len(device.regions) - 1 and isinstance(device.channel, plain)
    if gate_plain == channel_plain:
        return graded(thickness, length, growth, options.largest * thickness)
    sizes = graded_from_one_end(thickness, length, growth, options.largest * thickness)
    return sizes if gate_plain else sizes[::-1]


def mesh_of(device: Device) -> Mesh:
    """Return the mesh of a device."""
    sizes = [cell_sizes(device, number) for number in range(len(device.regions))]
    return stack_mesh([region.name for region in device.regions], sizes, device.area, contact_nodes(device))


def contact_nodes(device: Device) -> tuple[bool, bool]:
    """Return whether the gate and the channel contact need a surface node.

    A reactive contact acts on the composition at the metal; an electroneutral layer keeps its double layer in the node.
    """
    ends = ((device.gate, device.regions[0]), (device.channel, device.regions[-1]))
    needs = [
        isinstance(contact, ReactiveContact)
        or (region.material.electroneutral and not isinstance(contact, (OhmicContact, BathContact, InsulatingContact)))
        for contact, region in ends
    ]
    return needs[0], needs[1]
