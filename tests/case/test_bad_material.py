"""Mistakes in a material file: the line names that file."""

from pathlib import Path

import pytest

from eisfv.case import CaseError, load
from eisfv.materials import library

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses" / "case.toml"


@pytest.mark.parametrize(
    "old, new, words",
    [
        pytest.param(
            '"1e-11 cm^2/s"',
            '"1e-11 cm"',
            'species.Mg.diffusivity.value = "1e-11 cm" measures length',
            id="wrong dimension",
        ),
        pytest.param("zero_charge_x = {", "zero_charge = {", 'did you mean "zero_charge_x"?', id="misspelt key"),
        pytest.param(
            ', source = "estimate: divalent ion in an oxide, 0.5 to 0.9 eV"',
            "",
            "activation_energy.source is missing",
            id="no source",
        ),
        pytest.param(
            '{ value = "0.7 eV", source = "estimate: divalent ion in an oxide, 0.5 to 0.9 eV" }',
            '"0.7 eV"',
            "needs its source",
            id="a bare value",
        ),
        pytest.param(
            'ion = "Mg"', 'ion = "Mq"', 'ion = "Mq" is not among the species; known are "Mg"', id="unknown ion"
        ),
        pytest.param('kind = "host"', 'kind = "hots"', 'kind = "hots" is no kind of material', id="unknown kind"),
        pytest.param('kind = "host"', "", "kind is no kind of material; write one of", id="no kind"),
        pytest.param("charge = 2", "charge = 0", "must be a cation", id="an ion without charge"),
        pytest.param('form = "percolation"', 'form = "percolating"', 'did you mean "percolation"?', id="unknown form"),
        pytest.param(
            "[species.electron]", "[species.hole]", "species.electron is missing", id="host without electrons"
        ),
        pytest.param(
            "polarons = true", "polarons = true\nx = [0.1]", "x is not a known key", id="a table in an analytic curve"
        ),
    ],
)
def test_the_line_names_the_material_file(old: str, new: str, words: str, tmp_path: Path) -> None:
    text = library.path("mg_wo3").read_text()
    assert old in text
    (tmp_path / "case.toml").write_text(MAIN.read_text().replace('"mg_wo3"', '"mine.toml"'))
    (tmp_path / "mine.toml").write_text(text.replace(old, new, 1))
    with pytest.raises(CaseError) as error:
        load(tmp_path)
    named = [line for line in error.value.lines if words in line]
    assert len(named) == 1, error.value.lines
    assert named[0].startswith(f"{tmp_path / 'mine.toml'}: ")


def test_a_charged_electrolyte_is_refused_with_its_sum(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(MAIN.read_text().replace("pce_succinonitrile_mg", "mine.toml"))
    text = library.path("pce_succinonitrile_mg").read_text()
    (tmp_path / "mine.toml").write_text(text.replace('"246 mol/m^3"', '"240 mol/m^3"'))
    with pytest.raises(CaseError, match=r"\+246 \(Mg\) -240 \(TFSI\) = 6 mol/m\^3"):
        load(tmp_path)
