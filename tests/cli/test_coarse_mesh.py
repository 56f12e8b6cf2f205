"""A voltage that presses ions together within less than a cell is warned of; a mesh that holds them is not."""

from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

CASE = Path(__file__).parents[2] / "cases" / "h_ysz_compact"


def test_a_mesh_too_coarse_for_its_voltage_is_warned_of(invoke: Callable[..., Result]) -> None:
    text = invoke("check", CASE, "--set", "mesh.grading=lengths").stdout
    assert "10 V press its ions within 0.036 nm" in text
    assert "take mesh.first = 0.05" in text


def test_a_mesh_that_holds_the_layer_is_not(invoke: Callable[..., Result]) -> None:
    assert "press its ions" not in invoke("check", CASE, "--set", "mesh.error=1e-2").stdout


def test_a_small_voltage_presses_nothing(invoke: Callable[..., Result]) -> None:
    text = invoke("check", CASE.parent / "mg_voltage_cycling").stdout
    assert "press its ions" not in text
