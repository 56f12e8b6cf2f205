"""Where the conductance of a film in a section bends tells how far its conduction problem is off, by closed forms.

G = depth thickness / integral of dx/sigma,  sigma(x);   G = depth integral of sigma dy / length,  sigma(y)
cells that take sigma for even:  |G - G_cells| = sum of h^3 b/24
"""

from collections.abc import Callable
from math import exp, log
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from eisfv.device.tables import Floats
from eisfv.mesh.box import Box
from eisfv.mesh.records import CHANNEL, GATE
from eisfv.mesh.section import Stretch, section_mesh
from eisfv.observers.conductance_bends import WEIGHT
from eisfv.observers.conduction import Conduction
from eisfv.observers.section_conductance import SectionConductance

DEPTH, LENGTH, THICK, SIGMA = 5e-4, 2e-5, 8e-8, 300.0  # m, m, m, S/m
COLUMNS, ROWS = 40, 24
SIZE = np.full(COLUMNS, LENGTH / COLUMNS), np.full(ROWS, THICK / ROWS)
X, Y = (np.cumsum(size) - 0.5 * size for size in SIZE)
Profile = Callable[[Floats, Floats], Floats]


@pytest.fixture(scope="module")
def bends() -> SectionConductance:
    """Bends of a film whose states are its conductivities (columns, rows)."""
    y = np.concatenate([[-THICK], np.append(0.0, np.cumsum(SIZE[1]))])
    boxes = [Box((0.0, LENGTH), (-THICK, 0.0)), Box((0.0, LENGTH), (0.0, THICK))]
    contacts = [Stretch("gate", GATE, 1, -THICK, (0.0, LENGTH), 0)]
    contacts += [Stretch(name, CHANNEL, 0, at, (0.0, THICK), 1) for name, at in (("source", 0.0), ("drain", LENGTH))]
    mesh = section_mesh(["lid", "film"], boxes, (np.append(0.0, np.cumsum(SIZE[0])), y), contacts, DEPTH)
    conduction = Conduction(mesh, 1, DEPTH)
    channel: Any = SimpleNamespace(conduction=conduction, carriers=np.ravel, sigma_of=lambda sigma: sigma)
    return SectionConductance(channel, (X, Y), SIZE)


def on(profile: Profile) -> Any:
    x, y = np.meshgrid(X / LENGTH, Y / THICK, indexing="ij")
    return SIGMA * (profile(x, y) + 0.0 * x)


def told(bends: SectionConductance, axis: int, profile: Profile) -> tuple[float, float]:
    """Return what cells leave of G by the bends along an axis, as if it had come from nothing, and G of the cells."""
    conductance, found = bends.read(on(profile))
    across = np.abs(found[axis]).max(axis=0) @ SIZE[1] if axis == 0 else SIZE[0] @ np.abs(found[axis]).max(axis=0)
    return float(SIZE[axis] ** 3 @ across / 24.0), conductance


K = 6.0  # decades of e over the film


@pytest.mark.parametrize(
    "profile, exact",
    [
        (lambda x, y: np.exp(-K * x), DEPTH * THICK / LENGTH * K / (exp(K) - 1.0)),
        # Of no second derivative: it is that of 1/sigma that counts where one part follows the other.
        (lambda x, y: 0.3 + x, DEPTH * THICK / LENGTH / log(13.0 / 3.0)),
    ],
)
def test_what_columns_leave_of_a_conductance_in_series(
    bends: SectionConductance, profile: Profile, exact: float
) -> None:
    found, conductance = told(bends, 0, profile)
    np.testing.assert_allclose(found, abs(conductance - SIGMA * exact), rtol=0.1)


def test_what_rows_leave_of_a_conductance_in_parallel(bends: SectionConductance) -> None:
    found, conductance = told(bends, 1, lambda x, y: np.exp(-2.0 * y))
    exact = SIGMA * DEPTH * THICK / LENGTH * (1.0 - exp(-2.0)) / 2.0
    # Where it falls slowly the two forms are 1 and 2 - 1 of sigma''.
    np.testing.assert_allclose(found, abs(conductance - exact), rtol=0.1)


def test_an_empty_stretch_asks_for_the_columns_whatever_the_rest_does(bends: SectionConductance) -> None:
    def film(depth: float) -> Profile:
        return lambda x, y: 1.0 - depth * np.exp(-(((x - 0.7) / 0.1) ** 2)) + 0.1 * np.cos(20.0 * x)

    bends.steps.clear()
    bends.begin(on(lambda x, y: 1.0 + 0.1 * np.cos(20.0 * x)))
    bends.look(on(film(1.097)))
    bends.end()
    empty = bends.cubed(0)
    near = np.abs(X / LENGTH - 0.7) < 0.1
    assert empty[near].sum() > 0.95 * empty.sum()
    # What was there before the step, and does not change, asks for nothing where it counts as much as before.
    bends.steps.clear()
    bends.begin(on(film(0.0)))
    bends.look(on(film(0.0)))
    bends.end()
    assert not bends.cubed(0).any()


def test_a_change_is_scaled_by_that_of_the_conductance(bends: SectionConductance) -> None:
    bends.steps.clear()
    before, after = on(lambda x, y: 1.0 + 0.0 * x), on(lambda x, y: 1.0 + 1e-3 * x**2)
    bends.begin(before)
    bends.look(after)
    bends.end()
    # sigma'' = 2e-3/L^2 and Delta G = 1e-3/3 of G: g^3 = 8 * 6/L^3.
    np.testing.assert_allclose(bends.cubed(0)[1:-1] * LENGTH**3, WEIGHT * 6.0, rtol=5e-3)
