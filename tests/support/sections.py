"""Sections of the tests: the stacks of `support.devices` laid out in two dimensions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eisfv.device.device import Device
from eisfv.device.section_geometry import BoxSection
from eisfv.mesh.box import Box, Span
from eisfv.model.case_file import Readout
from eisfv.model.contact_edges import ContactEdge
from eisfv.model.interface_laws import Continuous
from eisfv.model.interfaces import Interface
from eisfv.model.regions import Region
from support.devices import mg_electrolyte, mg_stack

WIDTH = 20e-6  # m
WHOLE: Span = (0.0, 1.0)
# Few cells: for what holds on any mesh.
COARSE: Mapping[str, Any] = {
    "first": 2.0,
    "growth": 2.5,
    "host_growth": 2.5,
    "largest": 0.3,
    "lateral_first": 0.05,
    "lateral_growth": 2.0,
    "lateral_largest": 0.2,
}


def under(region: str, kind: str, span: Span, pad: float = 0.2) -> dict[str, ContactEdge]:
    """Return the channel's contacts: one on the whole "bottom", at the "sides", or "pads" at the bottom, each a share
    of the region's span (m)."""
    if kind == "bottom":
        return {"channel": ContactEdge(region, "bottom")}
    if kind == "sides":
        return {"source": ContactEdge(region, "left"), "drain": ContactEdge(region, "right")}
    length = pad * (span[1] - span[0])
    return {
        "source": ContactEdge(region, "bottom", (span[0], span[0] + length)),
        "drain": ContactEdge(region, "bottom", (span[1] - length, span[1])),
    }


def laid(
    device: Device, boxes: Mapping[str, Box], contacts: Mapping[str, ContactEdge], depth: float, mesh: Any
) -> Device:
    """Return the device as a section, its channel read, mesh options changed."""
    x = boxes[BoxSection(depth, boxes, contacts).channel_region].x
    return replace(
        device,
        area=depth * (x[1] - x[0]),
        section=BoxSection(depth, boxes, contacts),
        readout=replace(device.readout, length=None, width=None) if device.readout else None,
        mesh=replace(device.mesh, **mesh),
    )


def layered(
    device: Device, contacts: str = "bottom", spans: Mapping[str, Span] | None = None, width: float = WIDTH, **mesh: Any
) -> Device:
    """Return a stack's layers one below the other, over the whole width or over `spans` (shares of it), as deep as the
    stack's area asks for; the gate on the whole top."""
    top, boxes = 0.0, {}
    for region in device.regions:
        start, stop = (spans or {}).get(region.name, WHOLE)
        boxes[region.name] = Box((start * width, stop * width), (top, top + region.thickness))
        top += region.thickness
    last = device.regions[-1].name
    places = {"gate": ContactEdge(device.regions[0].name, "top"), **under(last, contacts, boxes[last].x)}
    return laid(device, boxes, places, device.area / width, mesh)


def stepped_film(contacts: str = "sides", **mesh: Any) -> Device:
    """Return the Mg stack with a channel of half the electrolyte's width: a step at both its ends."""
    return layered(mg_stack(), contacts, {"channel": (0.25, 0.75)}, **mesh)


def self_gate(device: Device | None = None, width: float = WIDTH, **mesh: Any) -> Device:
    """Return the Mg device with gate film and channel film side by side under one electrolyte."""
    device = device or mg_stack()
    gate, electrolyte, channel = device.regions
    floor = electrolyte.thickness
    boxes = {
        gate.name: Box((0.05 * width, 0.4 * width), (floor, floor + gate.thickness)),
        electrolyte.name: Box((0.0, width), (0.0, floor)),
        channel.name: Box((0.55 * width, 0.95 * width), (floor, floor + channel.thickness)),
    }
    contacts = {"gate": ContactEdge(gate.name, "bottom"), **under(channel.name, "sides", boxes[channel.name].x)}
    return laid(device, boxes, contacts, device.area / width, mesh)


def walled(width: float = 50e-9, stern: float | None = 0.1, **mesh: Any) -> Device:
    """Return a small Mg device whose channel has the electrolyte above it and, behind an upright wall, beside it."""
    device = mg_stack(length=50e-9, stern=stern)
    reservoir, electrolyte, channel = device.regions
    law = device.interfaces[1].laws["Mg"]
    flank = Region("flank", mg_electrolyte(), channel.thickness)
    joints = (
        *device.interfaces,
        Interface(("electrolyte", "flank"), species={"Mg": Continuous(), "TFSI": Continuous()}),
        Interface(("channel", "flank"), species={"Mg": law}, stern_capacitance=stern),
    )
    device = replace(device, regions=(*device.regions, flank), interfaces=joints)
    levels = [0.0]
    for region in (reservoir, electrolyte, channel):
        levels.append(levels[-1] + region.thickness)
    across, cut = (0.0, width), 0.6 * width
    boxes = {
        reservoir.name: Box((0.3 * width, width), (levels[0], levels[1])),
        electrolyte.name: Box(across, (levels[1], levels[2])),
        channel.name: Box((0.0, cut), (levels[2], levels[3])),
        flank.name: Box((cut, width), (levels[2], levels[3])),
    }
    contacts = {"gate": ContactEdge(reservoir.name, "top"), "channel": ContactEdge(channel.name, "left")}
    return laid(device, boxes, contacts, 1e-3, mesh)


def stack_of_section(section: Device) -> Device:
    """Return the stack that a layered section with one contact below is when nothing varies along it."""
    layout = section.section
    assert isinstance(layout, BoxSection)
    box = layout.boxes[layout.channel_region]
    readout = (
        Readout(layout.channel_region, length=box.x[1] - box.x[0], width=layout.depth) if section.readout else None
    )
    return replace(section, section=None, readout=readout)
