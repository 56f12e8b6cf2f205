"""The laws of interfaces: what they say of themselves, and how they follow temperature and place."""

from math import exp
from typing import Literal, get_args

import numpy as np
import pytest
from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from eisfv.constants import GAS_CONSTANT
from eisfv.model.along_x import PlacedPatches, Points
from eisfv.model.fields import names_of
from eisfv.model.interface_laws import (
    AnyLaw,
    BarrierTransfer,
    ButlerVolmer,
    CoupledTransfer,
    InterfaceLaw,
    Kinetic,
    MarcusHushChidsey,
)
from eisfv.model.record import RECORD, Reading
from eisfv.physics.transfer import KINDS, transfer, transfer_row

# One of each law with a rate.
EACH = [
    ButlerVolmer(1e-3, 0.3),
    MarcusHushChidsey(1e-3, 5e4),
    CoupledTransfer(1e-3, 4e4),
    BarrierTransfer(1e-3, 6e4, 0.4),
]
each_kinetic_law = pytest.mark.parametrize("law", EACH, ids=lambda law: law.law)


def test_every_law_has_a_name_of_its_own() -> None:
    names = [name for law in get_args(InterfaceLaw) for name in names_of(law, "law")]
    assert len(set(names)) == len(names)
    assert {"butler_volmer", "continuous", "blocking"} <= set(names)


def test_every_kinetic_law_is_tested_here_and_compiled() -> None:
    kinetic = {law for law in get_args(InterfaceLaw) if issubclass(law, Kinetic)}
    assert {type(law) for law in EACH} == kinetic
    assert {name for law in get_args(InterfaceLaw) for name in names_of(law, "law")} == set(KINDS)


@each_kinetic_law
def test_every_kinetic_law_gives_its_numbers(law: Kinetic) -> None:
    numbers = law.parameters(298.15)
    assert all(type(number) is float for number in numbers)
    assert np.isfinite(transfer(transfer_row(law.law, numbers), 0.2, 0.8, 0.3, 0.7, 1.0)).all()


def test_a_kinetic_law_without_numbers_cannot_be_made() -> None:
    @dataclass(frozen=True, config=RECORD)
    class Numberless(Kinetic):
        law: Literal["numberless"] = Field(default="numberless", kw_only=True)

    with pytest.raises(TypeError, match=r"abstract.*parameters"):
        Numberless(1e-3)


@each_kinetic_law
def test_what_a_case_has_of_a_law_is_that_law(law: Kinetic) -> None:
    assert TypeAdapter(AnyLaw).validate_python(law.written(), context=Reading()) == law


def test_butler_volmers_number_is_alpha() -> None:
    assert ButlerVolmer(1e-3, 0.3).parameters(350.0) == (0.3,)


def test_the_number_of_marcus_hush_chidsey_is_its_energy_over_rt() -> None:
    assert MarcusHushChidsey(1e-3, 5e4).parameters(350.0) == (5e4 / (GAS_CONSTANT * 350.0),)


def test_the_exchange_current_follows_arrhenius() -> None:
    law = ButlerVolmer(2e-3, activation_energy=5e4)
    assert law.exchange(298.15) == 2e-3
    ratio = exp(-5e4 / GAS_CONSTANT * (1 / 350.0 - 1 / 298.15))
    np.testing.assert_allclose(law.exchange(350.0) / law.exchange(298.15), ratio, rtol=1e-12)
    assert ButlerVolmer(2e-3).exchange(350.0) == 2e-3


@pytest.mark.parametrize(
    "current, here, there",
    [
        (2e-3, 2e-3, 2e-3),
        (Points((0.0, 1e-5), (2e-3, 0.0)), 2e-3, 1e-3),
        (PlacedPatches(2e-3, 0.0, 4e-6, (False, True), 0.1), 2e-3, 2e-4),
    ],
)
def test_the_exchange_current_has_its_value_at_x(current: object, here: float, there: float) -> None:
    law = ButlerVolmer(current)
    np.testing.assert_allclose((law.exchange(298.15, 0.0), law.exchange(298.15, 5e-6)), (here, there), rtol=1e-12)
    np.testing.assert_allclose(law.largest_exchange(298.15), 2e-3, rtol=1e-12)


def test_a_law_is_written_in_the_order_of_a_case() -> None:
    tree = ButlerVolmer(1e-3, 0.4, at_x=0.1).written()
    assert list(tree) == ["law", "exchange_current", "activation_energy", "alpha", "at_x"]
    assert tree["exchange_current"] == "0.001 A/m^2"
