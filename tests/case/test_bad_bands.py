"""Mistakes in semiconductors and their contacts: one line that names file, key and remedy."""

from pathlib import Path

import pytest

from eisfv.case import CaseError, load

CASE = """
[case]
title = "a film between two metals"
[device]
temperature = "300 K"
area = "1 mm^2"
[[device.region]]
name = "film"
material = "film"
thickness = "100 nm"
[device.contact.gate]
kind = "injecting"
carrier = "electron"
barrier = "0.2 eV"
[device.contact.channel]
kind = "injecting"
carrier = "hole"
barrier = "0.2 eV"
[[protocol]]
drive = "voltage"
value = "1 V"
duration = "1 s"
[material.film]
kind = "semiconductor"
relative_permittivity = { value = 3.0, source = "test" }
gap = { value = "1 eV", source = "test" }
[material.film.species.electron]
charge = -1
statistics = "band"
density = { value = "1e27 1/m^3", source = "test" }
mobility = { value = "1e-4 cm^2/V/s", source = "test" }
[material.film.species.hole]
charge = 1
statistics = "band"
density = { value = "1e27 1/m^3", source = "test" }
mobility = { value = "1e-4 cm^2/V/s", source = "test" }
"""
GAP = 'gap = { value = "1 eV", source = "test" }\n'
HOLE = CASE[CASE.index("[material.film.species.hole]") :]


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "case.toml"
    file.write_text(text)
    return file


def test_the_case_itself_is_sound(tmp_path: Path) -> None:
    assert load(written(tmp_path, CASE)).device.regions[0].material.kind == "semiconductor"


@pytest.mark.parametrize(
    "old, new, words",
    [
        pytest.param(GAP, "", "gap is missing: electrons and holes are level in the bulk", id="no gap"),
        pytest.param(HOLE, "", 'lies between the bands of "electron" and "hole"', id="a gap without holes"),
        pytest.param("charge = 1\n", "charge = -1\n", "charge = -1 must be 1", id="a negative hole"),
        pytest.param('barrier = "0.2 eV"', 'barrier = "1.2 eV"', "is larger than the gap", id="above the gap"),
        pytest.param('barrier = "0.2 eV"', 'barrier = "-0.2 eV"', "must not be negative", id="a negative barrier"),
        pytest.param('barrier = "0.2 eV"\n', "", "barrier is missing", id="no barrier"),
        pytest.param(
            'carrier = "electron"', 'carrier = "ion"', 'carrier = "ion" is not one of', id="an ion that is injected"
        ),
        pytest.param(
            'charge = 1\nstatistics = "band"',
            'charge = 1\nstatistics = "band"\nconcentration = { value = "1 mol/m^3", source = "test" }',
            "follows from the gap",
            id="a concentration beside the gap",
        ),
        pytest.param(
            GAP,
            'recombination = { value = 1.0, source = "test" }\n',
            "recombination is of electrons with holes across a gap",
            id="recombination without a gap",
        ),
    ],
)
def test_a_mistake_gets_its_line(old: str, new: str, words: str, tmp_path: Path) -> None:
    assert old in CASE
    with pytest.raises(CaseError) as error:
        load(written(tmp_path, CASE.replace(old, new, 1)))
    told = [line for line in error.value.lines if words in line]
    assert len(told) == 1, error.value.lines
    assert told[0].startswith(str(tmp_path / "case.toml"))


def test_a_metal_injects_no_carrier_that_the_film_has_not(tmp_path: Path) -> None:
    text = CASE.replace(HOLE, "").replace(GAP, "")
    with pytest.raises(CaseError) as error:
        load(written(tmp_path, text))
    assert any("injects into a band" in line and "none of holes" in line for line in error.value.lines)
