"""From a validated case to the device that the solver takes."""

from dataclasses import replace

from eisfv.case.checks import readable
from eisfv.case.geometry import Geometry
from eisfv.case.interfaces import working_ion
from eisfv.device.device import Device
from eisfv.mesh.box import Span
from eisfv.model.case_file import CaseFile, DeviceTable, Readout
from eisfv.model.interfaces import Interface
from eisfv.model.regions import Region


def build_device(file: CaseFile, geometry: Geometry) -> Device:
    """Return the device; `completed` has said the region that is read out."""
    table = file.device
    regions = tuple(_region(region, geometry) for region in table.region)
    assert geometry.pairs is not None
    assert geometry.channel is not None
    if geometry.section is not None:
        area = geometry.section.depth * geometry.sizes[regions[geometry.channel].name][0]
    else:
        assert table.area is not None
        area = table.area
    return Device(
        temperature=float(table.temperature),
        area=float(area),
        regions=regions,
        interfaces=tuple(
            _interface(regions[i], regions[j], table, geometry.along.get((i, j))) for i, j in geometry.pairs
        ),
        gate=table.contact.gate,
        channel=table.contact.channel,
        series_resistance=float(table.series_resistance),
        readout=file.readout,
        mesh=file.mesh,
        section=geometry.section,
    )


def readout_of(file: CaseFile, geometry: Geometry) -> Readout | None:
    """Return the read-out with its region said: of the channel, or of the host nearest to the channel contact."""
    if file.readout is None or file.readout.region is not None:
        return file.readout
    assert geometry.channel is not None
    hosts = [region.name for region in file.device.region if readable(region.material)]
    channel = file.device.region[geometry.channel].name
    region = channel if channel in hosts else hosts[-1]
    return replace(file.readout, region=region)


def _region(region: Region, geometry: Geometry) -> Region:
    return region.settled(geometry.sizes[region.name][1] if region.thickness is None else region.thickness)


def _interface(left: Region, right: Region, table: DeviceTable, stretch: Span | None) -> Interface:
    between = (left.name, right.name)
    for entry in table.interface:
        if set(entry.between) == set(between):
            return entry.settled(between, working_ion(left.material, right.material), stretch)
    return Interface(between)
