"""The laws of interfaces: what they say of themselves, and how they follow temperature and place."""

from math import exp
from typing import get_args

import numpy as np
import pytest

from eisfv.constants import GAS_CONSTANT
from eisfv.model.along_x import PlacedPatches, Points
from eisfv.model.fields import names_of
from eisfv.model.interface_laws import ButlerVolmer, InterfaceLaw, Kinetic

KINETIC = [law for law in get_args(InterfaceLaw) if issubclass(law, Kinetic)]


def test_every_law_has_a_name_of_its_own() -> None:
    names = [name for law in get_args(InterfaceLaw) for name in names_of(law, "law")]
    assert len(set(names)) == len(names)
    assert {"butler_volmer", "continuous", "blocking"} <= set(names)


@pytest.mark.parametrize("law", KINETIC)
def test_every_kinetic_law_gives_its_numbers(law: type[Kinetic]) -> None:
    numbers = law(1e-3).parameters(298.15)
    assert all(type(number) is float for number in numbers)


def test_butler_volmers_number_is_alpha() -> None:
    assert ButlerVolmer(1e-3, 0.3).parameters(350.0) == (0.3,)


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
    law = ButlerVolmer(current)  # type: ignore[arg-type]
    np.testing.assert_allclose((law.exchange(298.15, 0.0), law.exchange(298.15, 5e-6)), (here, there), rtol=1e-12)
    np.testing.assert_allclose(law.largest_exchange(298.15), 2e-3, rtol=1e-12)


def test_a_law_is_written_in_the_order_of_a_case() -> None:
    tree = ButlerVolmer(1e-3, 0.4, at_x=0.1).written()
    assert list(tree) == ["law", "exchange_current", "activation_energy", "alpha", "at_x"]
    assert tree["exchange_current"] == "0.001 A/m^2"
