"""What a line proposes for a missing key is what that field takes, and a misspelt word finds the one that is meant."""

import inspect
from pathlib import Path

import pytest

from eisfv.case import CaseError, load
from eisfv.case.examples import example, fits
from eisfv.case.problems import did_you_mean
from eisfv.case.schema_types import fields_of
from eisfv.materials import library
from eisfv.model import along_x, contacts, host_curves, interface_laws, interfaces, materials, output, protocol, species
from eisfv.model import case_file as files
from eisfv.model.record import Record
from support.small_case import COARSE, PULSES

MODULES = (along_x, contacts, host_curves, interface_laws, interfaces, materials, output, protocol, species, files)
RECORDS = {record for module in MODULES for _, record in inspect.getmembers(module, inspect.isclass)}
FIELDS = {
    f"{record.__name__}.{key}": (key, field)
    for record in RECORDS
    if issubclass(record, Record)
    for key, field in fields_of(record).items()
    if field.is_required()
}
# Tables, and what refers to something that must be there.
TOLD_IN_WORDS = (" with ", ", ...]", " for a ", "material =", "electrode =", "law =", "profile =", "good =", "poor =")


# Of records that are of volts or amperes only where they are used.
OF_THEIR_USE = {
    "Constant.level",
    "HalfSine.amplitude",
    "Exponential.start",
    "Exponential.end",
    "PiecewiseLinear.levels",
}


@pytest.mark.parametrize("name", sorted(FIELDS.keys() - OF_THEIR_USE))
def test_the_example_of_a_missing_key_is_what_its_field_takes(name: str) -> None:
    key, field = FIELDS[name]
    text = example((key,), field)
    proposed = [f"{key} = {word}" for word in text.partition(" = ")[2].split(" or ")]  # each of several words
    assert all(fits(one, field) for one in proposed) or any(words in text for words in TOLD_IN_WORDS), text


def test_an_example_of_another_field_does_not_fit() -> None:
    _, field = FIELDS["TabulatedOpenCircuit.x"]
    assert not fits('x = ["2 um", "18 um"]', field)
    assert fits("x = [0.1, 0.2, 0.3]", field)


def told(tmp_path: Path, old: str, new: str) -> str:
    """Return the line on a case whose host has something else in its file."""
    text = library.path("mg_wo3").read_text()
    assert old in text
    (tmp_path / "m.toml").write_text(text.replace(old, new, 1))
    (tmp_path / "case.toml").write_text(COARSE.replace('"mg_wo3"', '"./m.toml"') + PULSES)
    with pytest.raises(CaseError) as error:
        load(tmp_path)
    (line,) = error.value.lines
    return line


def test_a_table_without_x_is_told_how_fractions_are_written(tmp_path: Path) -> None:
    text = library.path("mg_wo3").read_text()
    curve = text[text.index("[open_circuit]") : text.index("[conductivity]")]
    line = told(tmp_path, curve, '[open_circuit]\nform = "table"\npotential = ["2 V", "1 V", "0 V"]\nsource = "s"\n')
    assert line.endswith("open_circuit.x is missing; add for example x = [0.1, ...]")


def test_a_host_without_its_uncharged_composition_is_told_a_value_with_a_source(tmp_path: Path) -> None:
    line = told(tmp_path, "zero_charge_x", "# zero_charge_x")
    wanted = 'zero_charge_x is missing; add for example zero_charge_x = { value = 0.1, source = "where it is from" }'
    assert line.endswith(wanted)


def test_a_curve_without_its_form_is_told_the_forms_it_has(tmp_path: Path) -> None:
    line = told(tmp_path, 'form = "analytic"\n', "")
    assert line.endswith('open_circuit.form is missing; add for example form = "analytic" or "table"')


@pytest.mark.parametrize(
    "word, known, meant",
    [
        ("max_step", ["smallest_step", "largest_step", "tolerance"], "largest_step"),
        ("min_step", ["largest_step", "smallest_step"], "smallest_step"),
        ("LiPON", ["li_metal", "lipon", "lfp"], "lipon"),
        ("MG_WO3", ["h_wo3", "mg_wo3"], "mg_wo3"),
    ],
)
def test_the_word_that_is_meant_is_told(word: str, known: list[str], meant: str) -> None:
    assert did_you_mean(word, known) == f'; did you mean "{meant}"?'


def test_a_word_that_looks_like_none_is_told_all() -> None:
    assert did_you_mean("viscosity", ["area", "region"]) == '; known are "area", "region"'
