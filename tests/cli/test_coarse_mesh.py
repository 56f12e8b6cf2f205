"""A voltage that presses ions together within less than a cell is warned of; a mesh that holds them is not."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

CASES = Path(__file__).parents[2] / "cases"


@pytest.fixture
def compact(tmp_path: Path) -> Path:
    """Return a copy of the compact YSZ device, which `check` may draw in."""
    return copied("h_ysz_compact", tmp_path)


def copied(name: str, place: Path) -> Path:
    """Return a copy of a shipped case's files."""
    return Path(shutil.copytree(CASES / name, place / name, ignore=shutil.ignore_patterns("runs")))


def test_a_mesh_too_coarse_for_its_voltage_is_warned_of(compact: Path, invoke: Callable[..., Result]) -> None:
    text = invoke("check", compact, "--set", "mesh.grading=lengths").stdout
    assert "10 V press its ions within 0.036 nm" in text
    assert "take mesh.first = 0.05" in text


def test_a_mesh_that_holds_the_layer_is_not(compact: Path, invoke: Callable[..., Result]) -> None:
    assert "press its ions" not in invoke("check", compact, "--set", "mesh.error=1e-2").stdout


def test_a_small_voltage_presses_nothing(tmp_path: Path, invoke: Callable[..., Result]) -> None:
    text = invoke("check", copied("mg_voltage_cycling", tmp_path)).stdout
    assert "press its ions" not in text
