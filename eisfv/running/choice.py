"""Whether pilots choose the mesh of a run, what they have chosen, and how a file keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.case.case import Case
from eisfv.device.device import Device
from eisfv.device.section import gaps_of
from eisfv.device.section_geometry import BoxSection, SectionGeometry
from eisfv.device.stack import sizes_of
from eisfv.device.tables import Floats
from eisfv.model.protocol import Protocol
from eisfv.model.solver_options import SolverOptions
from eisfv.remedies import way
from eisfv.result import ResultError, file_names
from eisfv.running.following import Followed


def by_solution(case: Case) -> bool:
    """Return whether the mesh of a case is chosen by pilots; that of another run's state is its own."""
    return leaves_cells(case.device) and file_names.START not in case.attachments


def leaves_cells(device: Device) -> bool:
    """Return whether a device leaves its cells to others: a stack whose case does not cut all its regions, a section of
    rectangles whose case sets nothing of its lines."""
    section: SectionGeometry | None = device.section
    if section is None:
        return device.mesh.by_solution and any(r.name not in device.mesh.cells for r in device.regions)
    return isinstance(section, BoxSection) and device.mesh.lines_by_solution


def options_for(case: Case, processes: int) -> SolverOptions:
    """Return the options of a run whose mesh pilots choose, the tolerance but for what it is to be."""
    if case.device.section is None:
        return case.solver.left_to_pilots(processes)
    return replace(case.solver.completed(), tolerance=case.solver.tolerance)


@dataclass(frozen=True)
class Companions:
    """What pilots say of a run: on every second face, on every fourth, and there at a tighter tolerance. protocol: what
    they have driven."""

    protocol: Protocol
    fine: Followed
    coarse: Followed
    tight: Followed


@dataclass(frozen=True)
class Choice:
    """What the pilots have chosen. sizes: cells of every region, of a section between its lines along x and along y, m;
    expected: error of the mesh; wall s.

    companions  what they say of the run itself, where they drove its protocol and cut all regions
    kept        the file of an earlier `eisfv check` that it was read from
    """

    sizes: tuple[Floats, ...]
    tolerance: float
    pilots: int
    expected: float
    wall: float
    companions: Companions | None = None
    section: bool = False
    kept: Path | None = None

    @property
    def cells(self) -> int:
        """Return the number of cells; of a section, as if its rectangles filled it."""
        return prod(map(len, self.sizes)) if self.section else sum(map(len, self.sizes))

    @property
    def line(self) -> str:
        """Return the line for the log."""
        smallest = min(float(size.min()) for size in self.sizes)
        cells = " x ".join(str(len(size)) for size in self.sizes) if self.section else str(self.cells)
        return (
            f"mesh: {cells} cells from {self.pilots} pilots ({self.wall:.1f} s), smallest {smallest * 1e9:.3g} nm; "
            f"error to expect {self.expected:.1e}; tolerance of a time step {self.tolerance:.2g}"
            + (f"; as eisfv check found it ({self.kept})" if self.kept is not None else "")
        )

    def written(self) -> dict[str, object]:
        """Return what the provenance keeps."""
        return {"pilots": self.pilots, "wall_time_s": self.wall, "expected_error": self.expected}


def fitted(choice: Choice, case: Case) -> Choice:
    """Return a choice for the thicknesses of a case, the cells of a stack stretched alike where they differ."""
    if choice.section:
        return replace(choice, companions=None)
    pairs = zip(choice.sizes, case.device.regions, strict=True)
    return replace(choice, sizes=tuple(size * (region.height / size.sum()) for size, region in pairs), companions=None)


def by_lengths(case: Case) -> Choice:
    """Return the mesh by the case's lengths where pilots find none."""
    boxes = case.device.section
    section = isinstance(boxes, BoxSection)
    sizes = gaps_of(case.device, boxes) if isinstance(boxes, BoxSection) else sizes_of(case.device)
    return Choice(tuple(sizes), case.solver.step_tolerance, 0, float("inf"), 0.0, section=section)


def written(choice: Choice) -> dict[str, Any]:
    """Return what a file keeps of a choice: numbers as the shortest decimals that read back as the same doubles. Its
    companions can be driven again."""
    return {
        "section": choice.section,
        "sizes_m": [size.tolist() for size in choice.sizes],
        "tolerance": choice.tolerance,
        "pilots": choice.pilots,
        "expected_error": choice.expected if choice.pilots else None,
        "wall_time_s": choice.wall,
    }


def choice_of(written: Mapping[str, Any], file: Path, *, kept: bool = False) -> Choice:
    """Return the choice that a file has; kept: it is that of a check. Raises ResultError where it is not of this
    version."""
    try:
        expected = float("inf") if written["expected_error"] is None else float(written["expected_error"])
        sizes = tuple(np.array(size, float) for size in written["sizes_m"])
        numbers = float(written["tolerance"]), int(written["pilots"]), expected, float(written["wall_time_s"])
        return Choice(sizes, *numbers, section=bool(written["section"]), kept=file if kept else None)
    except (KeyError, TypeError, ValueError):
        remedy = f"start over, with {way('force')} or another {way('out')}"
        raise ResultError(f"{file}: is not a mesh of this version of eisfv; {remedy}") from None
