"""A section with a mesh as a case directory: a drawing of the project, or two quadrilaterals that can be sheared."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from eisfv.case import Case, CaseError, load
from support.section_case import write_section

PLANAR_FOLDER = Path(__file__).parents[2] / "meshes" / "li_planar_selfgate"
DRAWING = PLANAR_FOLDER / "li_planar_selfgate.msh"
DRAWN = {
    "device.section": {"mesh": "drawing.msh", "unit": "1 um", "depth": "200 um"},
    "device.region[0].name": "gate_film",
    "device.region[0].thickness": None,
    "device.region[1].thickness": None,
    "device.region[2].thickness": None,
    "device.interface[0].between": ["gate_film", "electrolyte"],
    "mesh": {},
}


def drawn_case(
    directory: Path, changes: Mapping[str, Any] | None = None, text: str | None = None, trust: bool = False
) -> Case:
    """Return the case with the drawing beside it, or with `text` in its place."""
    write_section(directory, dict(changes) if changes and "device.region" in changes else {**DRAWN, **(changes or {})})
    (directory / "drawing.msh").write_text(text if text is not None else DRAWING.read_text())
    return load(directory, trust=trust)


def lines_of(directory: Path, changes: Mapping[str, Any] | None = None, text: str | None = None) -> list[str]:
    with pytest.raises(CaseError) as caught:
        drawn_case(directory, changes, text)
    return caught.value.lines


TWO_REGIONS = {
    "device.section": {"mesh": "drawing.msh", "unit": "1 nm", "depth": "1 um"},
    "device.region": [
        {"name": "electrolyte", "material": "pce_succinonitrile_mg"},
        {"name": "channel", "material": "mg_wo3", "initial": {"x": 0.1}},
    ],
    "device.interface": [{"between": ["electrolyte", "channel"], "ion": {"law": "blocking"}}],
    "device.contact.gate": {"kind": "blocking"},
    "mesh": {},
}
# Two quadrilaterals, one above the other, sheared by `{0}` for a height of 1.
SHEARED = """$MeshFormat
2.2 0 8
$EndMeshFormat
$PhysicalNames
5
1 1 "gate"
1 2 "source"
1 3 "drain"
2 4 "electrolyte"
2 5 "channel"
$EndPhysicalNames
$Nodes
6
1 0 0 0
2 2 0 0
3 {0} 1 0
4 {1} 1 0
5 {2} 2 0
6 {3} 2 0
$EndNodes
$Elements
5
1 1 2 1 1 1 2
2 1 2 2 2 3 5
3 1 2 3 3 4 6
4 3 2 4 4 1 2 4 3
5 3 2 5 5 3 4 6 5
$EndElements
"""


def sheared(shear: float) -> str:
    return SHEARED.format(shear, 2 + shear, 2 * shear, 2 + 2 * shear)
