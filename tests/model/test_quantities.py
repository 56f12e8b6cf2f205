"""A number of a record is in SI and remembers how it was written."""

import pickle
from copy import deepcopy
from dataclasses import replace

import pytest
from pydantic import ValidationError

from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.materials import Electrode, read_material
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.quantity import Quantity, Series
from eisfv.model.record import written
from eisfv.model.solver_options import SolverOptions

ELECTRODE = {"kind": "electrode", "ion": "H", "charge": 1, "potential": {"value": "20 mV", "source": "a paper"}}


def test_a_quantity_is_a_number_with_its_text() -> None:
    width = Quantity(8e-8, "80 nm")
    assert width == 8e-8
    assert type(2.0 * width) is float
    assert written(width) == "80 nm"


@pytest.mark.parametrize("value", [Quantity(8e-8, "80 nm", "a paper"), Series((1.0, 2.0), "a paper")])
def test_copies_keep_text_and_source(value: Quantity | Series) -> None:
    for copy in (deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert copy == value
        assert vars_of(copy) == vars_of(value)


def vars_of(value: Quantity | Series) -> tuple[object, ...]:
    return type(value), value.source, getattr(value, "text", None)


def test_a_value_of_a_material_keeps_its_source() -> None:
    electrode = read_material("./metals/pd_hx.toml", ELECTRODE)
    assert isinstance(electrode, Electrode)
    assert (electrode.potential, electrode.name, electrode.reference) == (0.02, "pd_hx", "./metals/pd_hx.toml")
    assert electrode.written() == ELECTRODE | {"title": ""}


@pytest.mark.parametrize("value", ["20 mV", 0.02, {"value": 0.02, "source": "a paper"}, {"value": "20 mV"}])
def test_in_a_file_a_value_has_unit_and_source(value: object) -> None:
    with pytest.raises(ValidationError):
        read_material("x", {**ELECTRODE, "potential": value})


def test_in_python_a_plain_number_is_si() -> None:
    electrode = Electrode("H", 1, 0.02)
    assert electrode.potential == 0.02
    assert written(replace(electrode, potential=0.5).potential) == {"value": "0.5 V", "source": "given in Python"}


@pytest.mark.parametrize(
    "make",
    [
        lambda: ButlerVolmer(-1.0),
        lambda: ButlerVolmer(1e-3, alpha=1.5),
        lambda: ButlerVolmer("1 s"),
        lambda: SolverOptions(linear="pets"),
        lambda: MeshOptions(growth=0.5),
        lambda: MeshOptions(growht=1.5),
    ],
)
def test_a_record_is_checked_when_it_is_made(make: object) -> None:
    with pytest.raises(ValidationError):
        make()
