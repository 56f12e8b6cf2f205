"""From a validated case file to the records the simulation takes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from eisfv.case import device_schema, lateral, schema
from eisfv.case.fields import Quantity
from eisfv.case.joints import working_ion
from eisfv.case.layout import Layout
from eisfv.case.material_file import ELECTRON
from eisfv.device import records as device
from eisfv.drive.protocol import Block, Protocol, Step
from eisfv.drive.waveforms import Constant, PiecewiseLinear, Waveform
from eisfv.materials.records import Activated, Electrode, Material
from eisfv.mesh.box import Span
from eisfv.observers.options import OutputOptions
from eisfv.observers.schedule import Log, Schedule
from eisfv.stepping.options import SolverOptions

Materials = Mapping[str, Material | Electrode]


def build_device(file: schema.CaseFile, materials: Materials, layout: Layout) -> device.Device:
    """Return the device; the read-out of an unnamed region is of the channel, or of the last host."""
    table = file.device
    regions = tuple(_region(entry, materials, layout) for entry in table.region)
    assert layout.pairs is not None
    assert layout.channel is not None
    channel = regions[layout.channel]
    readout = None
    if file.readout is not None:
        region = file.readout.region or (channel.name if channel.material.host is not None else last_host(regions))
        readout = device.Readout(region, _optional(file.readout.length) or 0.0, _optional(file.readout.width) or 0.0)
    if layout.section is not None:
        area = layout.section.depth * layout.sizes[channel.name][0]
    else:
        assert table.area is not None
        area = table.area.si
    mesh = {key: value for key, value in dict(file.mesh).items() if value is not None}
    return device.Device(
        temperature=table.temperature.si,
        area=area,
        regions=regions,
        interfaces=tuple(_interface(regions[i], regions[j], table, layout.along.get((i, j))) for i, j in layout.pairs),
        gate=_contact(table.contact.gate, materials),
        channel=_contact(table.contact.channel, materials),
        series_resistance=table.series_resistance.si,
        readout=readout,
        mesh=device.MeshOptions(**{**mesh, "cells": dict(file.mesh.cells)}),
        section=layout.section,
    )


def last_host(regions: tuple[device.Region, ...]) -> str:
    """Return the name of the host nearest to the channel contact."""
    return [region.name for region in regions if region.material.host is not None][-1]


def _region(entry: device_schema.Region, materials: Materials, layout: Layout) -> device.Region:
    material = materials[entry.material]
    assert isinstance(material, Material)
    if entry.electroneutral is not None:
        material = replace(material, electroneutral=entry.electroneutral)
    own = {name: concentration.si for name, concentration in entry.initial.concentration.items()}
    thickness = entry.thickness.si if entry.thickness is not None else layout.sizes[entry.name][1]
    return device.Region(entry.name, material, thickness, entry.initial.x, own)


def _interface(
    left: device.Region, right: device.Region, table: device_schema.Device, along: Span | None
) -> device.Interface:
    for entry in table.interface:
        if set(entry.between) == {left.name, right.name}:
            break
    else:
        return device.Interface(left.name, right.name)
    laws = {name: _law(law, along) for name, law in entry.species.items()}
    if entry.electron is not None:
        laws[ELECTRON] = _law(entry.electron, along)
    if entry.ion is not None:
        ion = working_ion(left.material, right.material)
        assert ion is not None
        laws[ion] = _law(entry.ion, along)
    if entry.stern_capacitance is None:
        return device.Interface(left.name, right.name, laws)
    return device.Interface(left.name, right.name, laws, *lateral.build(entry.stern_capacitance, along))


def _law(entry: device_schema.Law, along: Span | None) -> device.InterfaceLaw:
    match entry:
        case device_schema.ButlerVolmer():
            current, factor = lateral.build(entry.exchange_current, along)
            exchange = Activated(current, entry.activation_energy.si)
            return device.ButlerVolmer(exchange, entry.alpha, entry.at_x, factor)
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
            law = device.ButlerVolmer(exchange, entry.alpha)
            return device.ReactiveContact(electrode, law, _optional(entry.stern_capacitance))
        case device_schema.BathContact():
            return device.BathContact({name: value.si for name, value in entry.concentration.items()})
        case device_schema.InsulatingContact():
            return device.InsulatingContact()


def build_protocol(file: schema.CaseFile) -> Protocol:
    """Return the protocol; neighbouring single steps are one block."""
    blocks: list[Block] = []
    for entry in file.protocol:
        if isinstance(entry, schema.Block):
            blocks.append(Block(tuple(_steps(entry)), entry.repeat))
        elif blocks and blocks[-1].repeat == 1:
            blocks[-1] = Block((*blocks[-1].steps, _step(entry)))
        else:
            blocks.append(Block((_step(entry),)))
    return Protocol(tuple(blocks))


def _steps(block: schema.Block) -> Iterator[Step]:
    """Give the steps of one pass through a block, those of the blocks in it as often as they repeat."""
    for entry in block.steps:
        if isinstance(entry, schema.Block):
            for _ in range(entry.repeat):
                yield from _steps(entry)
        else:
            yield _step(entry)


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
    return OutputOptions(_schedule(output.terminals), _schedule(output.profiles), _schedule(output.fields))


def _schedule(when: schema.Every | schema.At | schema.Log | str) -> Schedule:
    match when:
        case schema.Every():
            return Schedule(every=when.every.si)
        case schema.At():
            times = sorted(moment.si for moment in when.at if isinstance(moment, Quantity))
            return Schedule(at=tuple(times), words=frozenset(m for m in when.at if isinstance(m, str)))
        case schema.Log():
            return Schedule(log=Log(when.log.first.si, when.log.per_decade))
        case "every step":
            return Schedule(every_step=True)
        case _:
            return Schedule()


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
