"""Mistakes in a section: each is one clear line of file, key and remedy, and nothing else is blamed for it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from eisfv.case import CaseError, load
from support.section_case import BOXES, PLANAR, section_case, write_section

GATE, SOURCE, DRAIN = (f"device.section.contact.{name}" for name in ("gate", "source", "drain"))
SECTION = "device.section"
PADS = {f"{SECTION}.source_drain": "bottom", f"{SECTION}.pad": "2 um"}
MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "overlapping boxes": (
        {**BOXES, "device.region[0].y": ["0.9 um", "1.08 um"]},
        'device.region[1] ("electrolyte") overlaps region "reservoir" at x = 0 um to 8 um, y = 900 nm to 1 um',
    ),
    "cells by the solution": (
        {"mesh.grading": "solution"},
        'mesh.grading = "solution" does not go with cells or lateral_... of a section; remove them, or take mesh.error',
    ),
    "overlapping films": (
        {**PLANAR, "device.region[0].x": ["0 um", "13 um"]},
        'device.region[2] ("channel") overlaps region "reservoir" at x = 12 um to 13 um, y = 1 um to 1.08 um',
    ),
    "floating channel": (
        {"device.region[1].x": ["0 um", "5 um"], "device.region[2].x": ["6 um", "9 um"]},
        "device.region[0] (reservoir, electrolyte) touch each other only: nothing joins them to the channel contact",
    ),
    "floating region": (
        {**BOXES, "device.region[0].y": ["1.1 um", "1.2 um"]},
        'device.region[0] ("reservoir") touches no other region: nothing joins it to the channel contact on "channel"',
    ),
    "regions that meet at a corner": (
        {"device.region[0].x": ["0 um", "5 um"], "device.region[1].x": ["5 um", "20 um"]},
        'device.region[0] ("reservoir") touches no other region',
    ),
    "span outside the edge": (
        {f"{GATE}.span": ["5 um", "25 um"]},
        f'{GATE}.span = ["5 um", "25 um"] lies outside the top edge of "reservoir", which runs from 0 um to 20 um',
    ),
    "span beside the edge": ({f"{GATE}.span": ["25 um", "26 um"]}, f"{GATE}.span = "),
    "span without length": ({f"{GATE}.span": ["5 um", "5 um"]}, "must run from the smaller to the larger value"),
    "span reversed": ({f"{GATE}.span": ["5 um", "1 um"]}, "must run from the smaller to the larger value"),
    "span of one end": ({f"{GATE}.span": ["5 um"]}, f'{GATE}.span = ["5 um"] must have 2 entries'),
    "covered edge": (
        {f"{SOURCE}.edge": "top"},
        f'{SOURCE} lies on the top edge of "channel", which other regions cover wholly; choose an open edge',
    ),
    "covered stretch": (
        {
            "device.region[0].x": ["0 um", "12 um"],
            GATE: {"region": "electrolyte", "edge": "top", "span": ["10 um", "15 um"]},
            "device.contact.gate": {"kind": "blocking"},
        },
        'lies where another region covers the top edge of "electrolyte", which is open at 12 um to 20 um',
    ),
    "edge open at two places": (
        {
            "device.region[0].x": ["5 um", "12 um"],
            GATE: {"region": "electrolyte", "edge": "top"},
            "device.contact.gate": {"kind": "blocking"},
        },
        "which is open at 0 um to 5 um and 12 um to 20 um; say where with span",
    ),
    "unknown edge": ({f"{SOURCE}.edge": "lef"}, f'{SOURCE}.edge = "lef" is not one of'),
    "contact on no region": ({f"{SOURCE}.region": "chanel"}, 'is not a region; did you mean "channel"?'),
    "unknown contact": ({"device.section.contact.sorce": {}}, 'is not a known key; did you mean "source"?'),
    "source on drain": (
        {f"{SOURCE}.edge": "bottom", f"{DRAIN}.edge": "bottom"},
        f'{DRAIN} overlaps source at 0 um to 20 um of the bottom edge of "channel"',
    ),
    "pads that meet": ({**PADS, f"{SECTION}.pad": "10 um"}, "write less than half of the 20 um"),
    "source and drain apart": (
        {f"{SOURCE}.region": "electrolyte"},
        f'{DRAIN} lies on "channel" and source on "electrolyte"; put both on one region',
    ),
    "source and channel": (
        {SOURCE: {}, "device.section.contact.channel": {}},
        f"{SOURCE} and channel are both given",
    ),
    "boxes without contacts": ({**BOXES, f"{SECTION}.contact": None}, "device.section.contact is missing"),
    "boxes without a drain": ({**BOXES, DRAIN: None}, f"{DRAIN} is missing (or a channel contact)"),
    "boxes without a gate": ({**BOXES, GATE: None}, f"{GATE} is missing; add [{GATE}]"),
    "contact of boxes without an edge": ({**BOXES, f"{GATE}.edge": None}, f"{GATE}.edge is missing"),
    "x beyond the width": (
        {"device.region[0].x": ["2 um", "22 um"]},
        'device.region[0].x = ["2 um", "22 um"] lies outside the section, whose x runs from 0 um to 20 um',
    ),
    "negative x": ({"device.region[0].x": ["-2 um", "20 um"]}, "lies outside the section"),
    "x reversed": ({"device.region[0].x": ["12 um", "2 um"]}, 'must run from the smaller to the larger value; write'),
    "x without unit": ({"device.region[0].x": ["0", "12 um"]}, 'device.region[0].x[0] = "0" has no unit'),
    "x of a region in one number": ({"device.region[0].x": "5 um"}, "must be a list in [ ]"),
    "y in a stack": ({"device.region[0].y": ["0 um", "1 um"]}, 'does not belong to shape = "stack"; remove it'),
    "stack without thickness": (
        {"device.region[1].thickness": None},
        'device.region[1].thickness is missing: shape = "stack" needs it; add for example thickness = "80 nm"',
    ),
    "boxes with thickness": (
        {**BOXES, "device.region[1].thickness": "1 um"},
        'device.region[1].thickness = "1 um" does not belong to shape = "boxes"; remove it',
    ),
    "boxes without y": ({**BOXES, "device.region[1].y": None}, 'device.region[1].y is missing: shape = "boxes"'),
    "boxes with a width": ({**BOXES, f"{SECTION}.width": "20 um"}, 'does not belong to shape = "boxes"'),
    "film without x": ({**PLANAR, "device.region[2].x": None}, "device.region[2].x is missing"),
    "planar of two regions": (
        {**PLANAR, "device.region": [{"name": "a", "material": "mg_wo3", "thickness": "1 um", "initial": {"x": 0.1},
                                      "x": ["0 um", "1 um"]}], "device.interface": [], "readout.region": "a",
         "mesh.cells": {}},
        'device.region has 1 entries; shape = "planar_self_gate" takes gate film, electrolyte, channel film',
    ),
    "no width": ({f"{SECTION}.width": None}, 'device.section.width is missing: shape = "stack" needs it'),
    "no depth": ({f"{SECTION}.depth": None}, "device.section.depth is missing; add for example depth ="),
    "no shape": ({f"{SECTION}.shape": None}, "device.section.shape is missing; write one of"),
    "unknown shape": ({f"{SECTION}.shape": "stak"}, 'device.section.shape = "stak" is not one of'),
    "shape and mesh": ({f"{SECTION}.mesh": "x.msh"}, "and shape are both given; keep one"),
    "pad without bottom": ({f"{SECTION}.pad": "2 um"}, 'is for source_drain = "bottom"'),
    "bottom without pad": ({f"{SECTION}.source_drain": "bottom"}, "device.section.pad is missing"),
    "area of a section": ({"device.area": "1 cm^2"}, 'device.area = "1 cm^2" does not belong to a section'),
    "readout with a length": ({"readout.length": "10 um"}, 'readout.length = "10 um" does not belong to a section'),
    "centres without a mesh": ({f"{SECTION}.centres": "centroids"}, 'does not belong to shape = "stack"'),
    "interface of regions apart": (
        {"device.interface[1].between": ["reservoir", "channel"]},
        "names regions that do not touch; neighbours are reservoir and electrolyte; electrolyte and channel",
    ),
    "section that is no table": ({SECTION: "stack"}, "device.section = \"stack\" must be a table"),
    "no cells along x": ({"mesh.lateral_cells": 0}, "must be a whole number, at least 1"),
    "lateral growth below one": ({"mesh.lateral_growth": 0.9}, "must be between 1.01 and 1000"),
}  # fmt: skip
STACK_MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "x in a stack": (
        {"device.region[0].x": ["0 um", "1 um"]},
        "device.region[0].x = [\"0 um\", \"1 um\"] does not belong to a stack; remove it, or add [device.section]",
    ),
    "lateral cells": ({"mesh.lateral_cells": 5}, "mesh.lateral_cells = 5 does not belong here: a stack has no cells"),
    "no area": ({"device.area": None}, 'device.area is missing; add for example area = "0.6 cm^2"'),
    "no readout length": ({"readout.length": None}, 'readout.length is missing; add for example length = "100 um"'),
}  # fmt: skip
AS_STACK = {
    SECTION: None,
    "device.area": "0.6 cm^2",
    "readout.length": "1 um",
    "readout.width": "1 um",
    "mesh.lateral_cells": None,
}


def only_line(directory: Path, changes: dict[str, Any]) -> str:
    with pytest.raises(CaseError) as caught:
        section_case(directory, changes)
    assert len(caught.value.lines) == 1, caught.value.lines
    (line,) = caught.value.lines
    return line


@pytest.mark.parametrize("changes, words", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_of_file_key_and_remedy(changes: dict[str, Any], words: str, tmp_path: Path) -> None:
    line = only_line(tmp_path, changes)
    assert words in line
    assert line.startswith(f"{tmp_path / 'case.toml'}: ")


@pytest.mark.parametrize("changes, words", STACK_MISTAKES.values(), ids=STACK_MISTAKES)
def test_a_stack_is_told_what_is_for_sections(changes: dict[str, Any], words: str, tmp_path: Path) -> None:
    assert words in only_line(tmp_path, {**AS_STACK, **changes})


def test_the_stack_without_mistakes_loads(tmp_path: Path) -> None:
    assert section_case(tmp_path, AS_STACK).device.section is None


def test_gate_and_channel_contact_may_lie_on_one_region(tmp_path: Path) -> None:
    assert section_case(tmp_path, {f"{GATE}.region": "channel", f"{GATE}.edge": "bottom"}).device.ends == (2, 2)


def test_mistakes_of_all_kinds_are_told_at_once(tmp_path: Path) -> None:
    changes = {
        "device.area": "1 cm^2",
        f"{SECTION}.depth": "5",
        f"{SECTION}.contact.gate.region": "resrvoir",
        "device.region[0].x": ["0 um", "30 um"],
        "solver.petsc": "gmres",
    }
    with pytest.raises(CaseError) as caught:
        section_case(tmp_path, changes)
    assert len(caught.value.lines) == len(changes)


def test_an_override_is_named_as_the_place_of_its_mistake(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        load(write_section(tmp_path), ["device.section.width=10 nn"])
    assert caught.value.lines[0].startswith("--set: device.section.width")


def test_a_section_of_rectangles_and_a_stack_wait_for_no_mesh_library(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from eisfv.case import load; load(Path(sys.argv[1]));"
        "slow = {'meshio', 'fipy', 'gmsh', 'scipy.sparse', 'scipy.interpolate', 'eisfv.mesh.drawing'};"
        "assert not slow & set(sys.modules)"
    )
    for name, changes in (("section", {}), ("stack", AS_STACK)):
        subprocess.run([sys.executable, "-c", code, str(write_section(tmp_path / name, changes))], check=True)
