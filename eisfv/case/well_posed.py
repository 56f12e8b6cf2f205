"""Whether a device has an answer to what is done to it, told from the case alone: what is refused, what warned of.

What has no solution, or none that a device bears, is refused; what is hard but legitimate is a warning.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from eisfv.case import (
    boundary_cells,
    charged_planes,
    drive_size,
    film_carriers,
    host_start,
    surface_charge,
    terminals,
)
from eisfv.case.problems import Problem
from eisfv.device.device import Device
from eisfv.model.case_file import CaseFile

if TYPE_CHECKING:
    from eisfv.case.case import Case


def faults(device: Device, file: CaseFile) -> Iterator[Problem]:
    """Yield what cannot be run."""
    yield from terminals.faults(device, file)
    yield from host_start.faults(device)
    yield from boundary_cells.faults(device)
    yield from film_carriers.faults(device, file)
    yield from drive_size.faults(device, file)
    yield from charged_planes.faults(device, file)
    yield from surface_charge.faults(device)


def warnings(case: "Case") -> Iterator[str]:
    """Give a line for everything that may not end well."""
    yield from terminals.warnings(case.device)
    yield from host_start.warnings(case.device)
    yield from boundary_cells.warnings(case.device)
    yield from drive_size.warnings(case.device, case.file)
    yield from charged_planes.warnings(case.device, case.file)
