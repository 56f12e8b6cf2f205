"""The Jacobian of a section is exact, at steps, at upright walls and where three regions meet, its border included."""

from typing import Any

import numpy as np
import pytest

from eisfv.device.meshing import mesh_of
from eisfv.model.along_x import Points
from eisfv.model.interface_laws import ButlerVolmer
from support.devices import mg_stack
from support.jacobian import Dense, assembled, differenced, random_state, worst
from support.sections import layered, self_gate, stepped_film, walled

FEW: dict[str, Any] = {"cells": {"reservoir": 1, "electrolyte": 2, "channel": 2, "flank": 2}, "lateral_cells": 4}
POOR = ButlerVolmer(Points((0.0, 20e-6), (1e-4, 2e-3)), 0.3)
DEVICES = {
    "upright wall": walled(**FEW),
    "upright wall without compact layers": walled(stern=None, **FEW),
    "step, contacts at the sides": stepped_film(**FEW),
    "pads, exchange current along x": layered(mg_stack(length=50e-9, law=POOR), "pads", width=50e-9, **FEW),
    "self-gate": self_gate(mg_stack(length=50e-9), 60e-9, **FEW),
}


@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize("spread", [0.1, 0.6])  # RT; at 2 the hosts have more electrons than their U(x) allows
def test_jacobian_of_a_section_is_the_derivative_of_the_residual(name: str, spread: float) -> None:
    state = random_state(DEVICES[name], 3, spread)
    errors = worst(assembled(*state, 1e-3), differenced(*state, 1e-3))
    assert max(errors.values()) < 1e-7, errors


def test_an_upright_wall_is_among_them() -> None:
    mesh = mesh_of(DEVICES["upright wall"])
    joint = mesh.interface >= 0
    pairs = np.unique(np.stack([mesh.region[mesh.left[joint]], mesh.region[mesh.right[joint]]], axis=1), axis=0)
    np.testing.assert_array_equal(pairs, [(0, 1), (1, 2), (1, 3), (2, 3)])


@pytest.mark.parametrize("part", ["matrix", "column", "row", "row_charge"])
def test_an_error_of_a_thousandth_beside_the_upright_wall_is_seen(part: str) -> None:
    built, u, volts = random_state(DEVICES["upright wall"], 3, 0.1)
    found, expected = assembled(built, u, volts, 1e-3), differenced(built, u, volts, 1e-3)
    wrong = getattr(found, part).copy()
    if part == "matrix":
        row = wrong.shape[0] // len(built.mesh.region) * int(np.flatnonzero(built.mesh.region == 3)[0])
        wrong[row, np.abs(wrong[row]).argmax()] *= 1.001
    else:
        wrong *= 1.001
    assert worst(Dense(**{**vars(found), part: wrong}), expected)[part] > 1e-4
