"""Mistakes in regions and keys: each is one clear line."""

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    "old, new, words",
    [
        pytest.param(
            '"100 um" #',
            '"100" #',
            'device.region[1].thickness = "100" has no unit; write for example "30 nm"',
            id="missing unit",
        ),
        pytest.param('"100 um" #', "100 #", "device.region[1].thickness = 100 has no unit", id="bare number"),
        pytest.param('"100 um" #', '"100 s" #', 'thickness = "100 s" measures time, not length', id="wrong dimension"),
        pytest.param('"100 um" #', '"100 mu" #', 'has the unknown unit "mu"', id="unknown unit"),
        pytest.param('"100 um" #', '"-100 um" #', "must be greater than zero", id="negative thickness"),
        pytest.param('"100 um" #', '"nan um" #', "is not a finite number", id="not a number"),
        pytest.param('"100 um" #', '"inf um" #', "is not a finite number", id="infinite thickness"),
        pytest.param(
            'thickness = "100 um" #',
            "#",
            'thickness is missing; add for example thickness = "80 nm"',
            id="missing thickness",
        ),
        pytest.param(
            'material = "pce_succinonitrile_mg"',
            'material = "pce_sucinonitrile"',
            'did you mean "pce_succinonitrile_mg"?',
            id="unknown material",
        ),
        pytest.param('"pce_succinonitrile_mg"', '"./materials/x.toml"', "there is no file", id="missing material file"),
        pytest.param('"pce_succinonitrile_mg"', '"pd_hx"', "is an electrode", id="an electrode as a region"),
        pytest.param("x = 0.005", "x = 1.2", "initial.x = 1.2 must be between 0 and 1", id="x above one"),
        pytest.param("x = 0.005", "x = 0.0", "initial.x = 0.0 must be between 0 and 1", id="x zero"),
        pytest.param("x = 0.005", "x = nan", "initial.x = nan must be finite", id="x not a number"),
        pytest.param("x = 0.005", 'x = "0.1"', "must be a plain number", id="x in quotes"),
        pytest.param(
            "x = 0.005",
            "x = 0.6",
            "must be below 0.5: each Mg brings 2 electrons",
            id="more electrons than metal atoms",
        ),
        pytest.param(
            "initial.x = 0.005",
            "",
            'initial.x is missing: "mg_wo3" is a host; add for example x = 0.1',
            id="host without x",
        ),
        pytest.param(
            '"100 um" #', '"100 um"\ninitial.x = 0.1 #', "does not belong to an electrolyte", id="x of an electrolyte"
        ),
        pytest.param(
            '"100 um" #',
            '"100 um"\ninitial.concentration.Mg = "50 mol/m^3" #',
            "the bulk is not neutral",
            id="charged electrolyte",
        ),
        pytest.param(
            '"100 um" #',
            '"100 um"\ninitial.concentration.Li = "50 mol/m^3" #',
            "Li is not a mobile species",
            id="concentration of a stranger",
        ),
        pytest.param(
            "initial.x = 0.005",
            'initial = { x = 0.005, concentration = { Mg = "5 mol/m^3" } }',
            "does not belong to a host",
            id="concentration of a host",
        ),
        pytest.param(
            "initial.x = 0.005",
            "initial.x = 0.005\nelectroneutral = true",
            "is for electrolytes",
            id="electroneutral host",
        ),
        pytest.param(
            'name = "channel"', 'name = "reservoir"', "is taken by another region", id="duplicate region name"
        ),
        pytest.param(
            'name = "channel"', 'nmae = "channel"', 'nmae is not a known key; did you mean "name"?', id="misspelt key"
        ),
        pytest.param("[readout]", "[read]", 'read is not a known key; did you mean "readout"?', id="misspelt table"),
    ],
)
def test_a_mistake_is_one_line_of_file_key_and_remedy(
    spoil: Callable[[str, str, str], None], old: str, new: str, words: str
) -> None:
    spoil(old, new, words)
