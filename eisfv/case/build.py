"""From a validated case file to the records the simulation takes."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from eisfv.case import device_schema, schema
from eisfv.case.fields import Quantity
from eisfv.case.joints import working_ion
from eisfv.case.material_file import ELECTRON
from eisfv.device import records as device
from eisfv.drive.protocol import Block, Protocol, Step
from eisfv.drive.waveforms import Constant, PiecewiseLinear, Waveform
from eisfv.materials.records import Activated, Electrode, Material
from eisfv.observers.options import OutputOptions
from eisfv.stepping.options import SolverOptions

Materials = Mapping[str, Material | Electrode]


def build_device(file: schema.CaseFile, materials: Materials) -> device.Device:
    """Return the device; the read-out of an unnamed region is of the last host."""
    table = file.device
    regions = tuple(_region(entry, materials) for entry in table.region)
    readout = None
    if file.readout is not None:
        region = file.readout.region or last_host(regions)
        readout = device.Readout(region, file.readout.length.si, file.readout.width.si)
    return device.Device(
        temperature=table.temperature.si,
        area=table.area.si,
        regions=regions,
        interfaces=tuple(_interface(left, right, table) for left, right in pairwise(regions)),
        gate=_contact(table.contact.gate, materials),
        channel=_contact(table.contact.channel, materials),
        series_resistance=table.series_resistance.si,
        readout=readout,
        mesh=device.MeshOptions(**{**dict(file.mesh), "cells": dict(file.mesh.cells)}),
    )


def last_host(regions: tuple[device.Region, ...]) -> str:
    """Return the name of the host nearest to the channel contact."""
    return [region.name for region in regions if region.material.host is not None][-1]


def _region(entry: device_schema.Region, materials: Materials) -> device.Region:
    material = materials[entry.material]
    assert isinstance(material, Material)
    if entry.electroneutral is not None:
        material = replace(material, electroneutral=entry.electroneutral)
    own = {name: concentration.si for name, concentration in entry.initial.concentration.items()}
    return device.Region(entry.name, material, entry.thickness.si, entry.initial.x, own)


def _interface(left: device.Region, right: device.Region, table: device_schema.Device) -> device.Interface:
    for entry in table.interface:
        if set(entry.between) == {left.name, right.name}:
            break
    else:
        return device.Interface(left.name, right.name)
    laws = {name: _law(law) for name, law in entry.species.items()}
    if entry.electron is not None:
        laws[ELECTRON] = _law(entry.electron)
    if entry.ion is not None:
        ion = working_ion(left.material, right.material)
        assert ion is not None
        laws[ion] = _law(entry.ion)
    return device.Interface(left.name, right.name, laws, _optional(entry.stern_capacitance))


def _law(entry: device_schema.Law) -> device.InterfaceLaw:
    match entry:
        case device_schema.ButlerVolmer():
            exchange = Activated(entry.exchange_current.si, entry.activation_energy.si)
            return device.ButlerVolmer(exchange, entry.alpha, entry.at_x)
        case device_schema.Continuous():
            return device.Continuous()
        case device_schema.Blocking():
            return device.Blocking()


def _contact(entry: device_schema.Contact, materials: Materials) -> device.Contact:
    match entry:
        case device_schema.OhmicContact():
            return device.OhmicContact()
        case device_schema.BlockingContact():
            return device.BlockingContact(_optional(entry.stern_capacitance), entry.zero_charge_voltage.si)
        case device_schema.ReactiveContact():
            electrode = materials[entry.electrode]
            assert isinstance(electrode, Electrode)
            exchange = Activated(entry.exchange_current.si, entry.activation_energy.si)
            return device.ReactiveContact(electrode, exchange, entry.alpha, _optional(entry.stern_capacitance))
        case device_schema.BathContact():
            return device.BathContact({name: value.si for name, value in entry.concentration.items()})
        case device_schema.InsulatingContact():
            return device.InsulatingContact()


def build_protocol(file: schema.CaseFile) -> Protocol:
    """Return the protocol; neighbouring single steps are one block."""
    blocks: list[Block] = []
    for entry in file.protocol:
        if isinstance(entry, schema.Block):
            blocks.append(Block(tuple(_step(step) for step in entry.steps), entry.repeat))
        elif blocks and blocks[-1].repeat == 1:
            blocks[-1] = Block((*blocks[-1].steps, _step(entry)))
        else:
            blocks.append(Block((_step(entry),)))
    return Protocol(tuple(blocks))


def _step(entry: schema.Step) -> Step:
    read = None if entry.read is None else min(entry.read.si, entry.duration.si)
    waveform = _waveform(entry.value) if isinstance(entry, schema.VoltageStep | schema.CurrentStep) else Constant(0.0)
    return Step(entry.drive, entry.duration.si, waveform, entry.pulse, read)


def _waveform(value: Quantity | schema.Curve[Quantity]) -> Waveform:
    if isinstance(value, Quantity):
        return Constant(value.si)
    return PiecewiseLinear(tuple(t.si for t in value.times), tuple(level.si for level in value.levels))


def build_output(file: schema.CaseFile) -> OutputOptions:
    """Return when which results are written."""
    output = file.output
    return OutputOptions(
        terminals=output.terminals.every.si if isinstance(output.terminals, schema.Every) else None,
        profiles=output.profiles.every.si if isinstance(output.profiles, schema.Every) else None,
        fields=tuple(moment.si if isinstance(moment, Quantity) else moment for moment in output.fields.at),
    )


def build_solver(file: schema.CaseFile) -> SolverOptions:
    """Return how hard the solver tries."""
    solver = file.solver
    return SolverOptions(
        linear=solver.linear,
        petsc=solver.petsc,
        tolerance=solver.tolerance,
        newton=solver.newton,
        smallest_step=solver.smallest_step.si,
        largest_step=_optional(solver.largest_step),
    )


def _optional(quantity: Quantity | None) -> float | None:
    return None if quantity is None else quantity.si
