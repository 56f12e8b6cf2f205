"""Interface properties along x: their records, and mistakes in them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eisfv.case import Case, CaseError, load
from eisfv.model.along_x import PlacedPatches, Points
from eisfv.model.interface_laws import ButlerVolmer
from support.section_case import BOXES, section_case, write_section

CURRENT = "device.interface[1].ion.exchange_current"
CAPACITANCE = "device.interface[1].stern_capacitance"
POINTS = {"x": ["0 um", "10 um", "20 um"], "value": ["0.05 uA/cm^2", "0.2 uA/cm^2", "0 uA/cm^2"]}
PATCHES = {"good": "0.1 uA/cm^2", "poor": "0.001 uA/cm^2", "patch": "1 um", "share": 0.3, "seed": 1}
FILE = "x (um),exchange_current (uA/cm^2)\n0,0.05\n10,0.2\n20,0\n"


def law_of(case: Case) -> ButlerVolmer:
    law = case.device.interfaces[1].laws["Mg"]
    assert isinstance(law, ButlerVolmer)
    return law


def test_one_value_is_the_same_everywhere(tmp_path: Path) -> None:
    case = section_case(tmp_path)
    assert law_of(case).exchange_current == 1e-3
    assert case.device.interfaces[1].stern_capacitance == 0.1


def test_points_are_factors_of_the_largest_value(tmp_path: Path) -> None:
    law = law_of(section_case(tmp_path, {CURRENT: POINTS}))
    np.testing.assert_allclose(law.largest_exchange(298.15), 2e-3, rtol=1e-14)
    assert isinstance(law.exchange_current, Points)
    np.testing.assert_allclose(law.exchange_current.factor(np.array([0.0, 10e-6, 20e-6])), [0.25, 1.0, 0.0])


def test_a_file_is_its_points(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(FILE)
    from_file = section_case(tmp_path, {CURRENT: {"profile": "x.csv"}})
    inline = section_case(tmp_path / "inline", {CURRENT: POINTS})
    assert from_file.device == inline.device


def test_units_of_a_file_are_those_of_its_header(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("x (nm), stern_capacitance (F/m^2)\n-5e3,0.1\n\n30000,0.05\n")
    joint = section_case(tmp_path, {CAPACITANCE: {"profile": "x.csv"}}).device.interfaces[1]
    assert joint.stern_capacitance == Points((-5e-6, 3e-5), (0.1, 0.05))


def test_patches_cover_the_interface_and_not_the_section(tmp_path: Path) -> None:
    case = section_case(tmp_path, {CURRENT: PATCHES, "device.region[2].x": ["5 um", "15 um"]})
    patches = law_of(case).exchange_current
    assert isinstance(patches, PlacedPatches)
    np.testing.assert_allclose((patches.start, patches.length, patches.poor_factor), (5e-6, 1e-6, 0.01), rtol=1e-9)
    assert (len(patches.poor), sum(patches.poor)) == (10, 3)
    np.testing.assert_allclose(law_of(case).largest_exchange(298.15), 1e-3, rtol=1e-14)


def test_the_seed_places_the_patches(tmp_path: Path) -> None:
    first, again, other = (
        law_of(section_case(tmp_path / str(k), {CURRENT: {**PATCHES, "seed": seed}})).exchange_current
        for k, seed in enumerate((1, 1, 2))
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({CURRENT: POINTS}, id="points"),
        pytest.param({CURRENT: {"profile": "x.csv"}}, id="file"),
        pytest.param({CURRENT: PATCHES, CAPACITANCE: {**PATCHES, "good": "1 F/m^2", "poor": "0 F/m^2"}}, id="patches"),
    ],
)
def test_the_resolved_text_alone_is_the_same_case(changes: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(FILE)
    case = section_case(tmp_path, changes)
    again = tmp_path / "again"
    again.mkdir()
    (again / "case.resolved.toml").write_text(case.resolved_toml())
    assert load(again) == case
    assert load(again).digest == case.digest


@pytest.mark.parametrize(
    "value, words",
    [
        pytest.param({**PATCHES, "patch": "30 um"}, 'patch = "30 um" must be between 20 nm and 20 um', id="long patch"),
        pytest.param({**PATCHES, "patch": "10 nm"}, 'patch = "10 nm" must be between 20 nm and 20 um', id="tiny patch"),
        pytest.param({**PATCHES, "share": 1.5}, "share = 1.5 must be between 0 and 1", id="share above one"),
        pytest.param({**PATCHES, "seed": -1}, "seed = -1 must be a whole number, at least 0", id="negative seed"),
        pytest.param({**PATCHES, "seed": 1.5}, "seed = 1.5 must be a whole number", id="broken seed"),
        pytest.param({**PATCHES, "poor": "1 uA/cm^2"}, "must be below good = 0.1 uA/cm^2", id="poor above good"),
        pytest.param({**PATCHES, "poor": "1 uF/cm^2"}, "measures capacitance per area, not current", id="poor unit"),
        pytest.param({"good": "1 A/m^2"} | {k: PATCHES[k] for k in ("patch", "share", "seed")},
                     'exchange_current.poor is missing; add for example poor = "0.001 uA/cm^2"', id="no poor"),
        pytest.param({**PATCHES, "sed": 1}, 'sed is not a known key; did you mean "seed"?', id="misspelt key"),
        pytest.param({**POINTS, "x": ["0 um", "20 um", "10 um"]}, "must ascend; write", id="points not ascending"),
        pytest.param({**POINTS, "value": ["0.1 uA/cm^2"]}, "has 1 entries and x has 3", id="too few values"),
        pytest.param({"x": POINTS["x"]}, 'value is missing; add for example value = ["0.1 uA/cm^2"', id="no values"),
        pytest.param({**POINTS, "value": ["0 A/m^2"] * 3}, "is zero everywhere", id="zero everywhere"),
        pytest.param({**POINTS, "value": ["-1 A/m^2"] * 3}, "must not be negative", id="negative"),
        pytest.param({**POINTS, "x": ["0 um", "5 um", "19 um"]},
                     "covers 0 um to 19 um and the interface runs from 0 um to 20 um", id="points that end early"),
        pytest.param({"profile": "none.csv"}, 'profile = "none.csv" does not exist: there is no file', id="no file"),
        pytest.param({"profile": 3}, "profile = 3 must be text in quotes", id="no file name"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(value: dict[str, Any], words: str, tmp_path: Path) -> None:
    assert any(words in line for line in lines_of(tmp_path, {CURRENT: value}))
    assert all(CURRENT in line for line in lines_of(tmp_path, {CURRENT: value}))


@pytest.mark.parametrize(
    "text, words",
    [
        pytest.param(FILE.split("\n", 1)[1], "has no header: its first line must name columns and units", id="header"),
        pytest.param("", "has no header", id="an empty file"),
        pytest.param("x,exchange_current\n0,1\n", 'has no unit of "x" in its header', id="a header without units"),
        pytest.param(
            FILE.replace("exch", "ech"),
            'has no column "exchange_current"; its columns are "x", "echange_current": did you mean',
            id="another column",
        ),
        pytest.param(FILE.replace("(um)", "(s)"), 'has "0 s" in line 2, which measures time, not length', id="unit"),
        pytest.param(FILE.replace("uA/cm^2", "uA"), "which measures current, not current density", id="another unit"),
        pytest.param(FILE.replace("10,", "ten,"), 'has "ten um" in line 3, which is not a finite number', id="text"),
        pytest.param(
            FILE.replace("10,", "25,"), "has in line 4 a value of x that is not above the one before", id="order"
        ),
        pytest.param(FILE.replace("0.05", "-0.05"), "in line 2, which must not be negative", id="negative"),
        pytest.param(FILE.replace("10,", "10,1,"), "has 3 columns in line 3", id="three columns"),
        pytest.param(FILE[: FILE.index("10")], "has fewer than 2 points", id="one point"),
        pytest.param(FILE.replace("\n20", "\n15"), "covers 0 um to 15 um and the interface runs", id="ends early"),
    ],
)
def test_a_mistake_in_a_file_is_one_line(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(text)
    lines = lines_of(tmp_path, {CURRENT: {"profile": "x.csv"}})
    assert len(lines) == 1, lines
    assert words in lines[0]
    assert lines[0].startswith(f"{tmp_path / 'case.toml'}: {CURRENT}")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    (line,) = lines_of(tmp_path, {CURRENT: {"profile": "x.csv"}})
    assert "is not UTF-8 text" in line


def test_a_stack_has_no_x_to_vary_along(tmp_path: Path) -> None:
    stack = {
        "device.section": None,
        "device.area": "0.6 cm^2",
        "readout.length": "1 um",
        "readout.width": "1 um",
        "mesh.lateral_cells": None,
    }
    (line,) = lines_of(tmp_path, {**stack, CURRENT: PATCHES})
    assert "varies along x, which a stack does not have; write one value, or add [device.section]" in line


def test_regions_side_by_side_meet_at_one_x(tmp_path: Path) -> None:
    beside = {
        **BOXES,
        "device.region[2].y": ["0.5 um", "1 um"],
        "device.region[1].x": ["0 um", "12 um"],
        "device.section.contact.source.edge": "top",
        CURRENT: PATCHES,
    }
    (line,) = lines_of(tmp_path, beside)
    assert "these two regions meet side by side, at one x; write one value" in line


def lines_of(directory: Path, changes: dict[str, Any]) -> list[str]:
    with pytest.raises(CaseError) as caught:
        load(write_section(directory, changes))
    return caught.value.lines
