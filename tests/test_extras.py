"""Packages that not everybody needs are told by name, with the command that installs them into this environment."""

import shlex
import sys
import tomllib
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from eisfv import extras

OPTIONAL = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]["optional-dependencies"]


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment with what everybody has, as the installed package would tell of it."""
    lines = [f'{line}; extra == "{extra}"' for extra, wanted in OPTIONAL.items() for line in wanted]

    def nothing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(extras, "requires", lambda name: ["numpy>=2.1", *lines])
    monkeypatch.setattr(extras, "distribution", nothing)


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("extra", ["sweep", "network", "posterior", "cluster", "gmsh"])
def test_the_command_installs_what_pyproject_lists(extra: str) -> None:
    told = extras.missing(extra)
    wanted = [line for line in OPTIONAL[extra] if not line.startswith("eisfv")]
    command = shlex.split(told.split("install: ", 1)[1])
    assert command == [sys.executable, "-m", "pip", "install", *wanted]


@pytest.mark.usefixtures("bare")
def test_without_pip_uv_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    assert f"install: uv pip install --python {sys.executable} 'pyarrow>=18'" in extras.missing("sweep")


def test_nothing_is_asked_for_where_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "requires", lambda name: ['numpy>=2.1; extra == "sweep"'])
    assert extras.missing("sweep") == ""
    extras.require("sweep", "a sweep")


def test_a_source_tree_that_is_not_installed_asks_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(extras, "requires", unknown)
    assert extras.missing("sweep") == ""


@pytest.mark.usefixtures("bare")
def test_what_needs_it_is_named(tmp_path: Path) -> None:
    from eisfv.postprocess.simulators.learning.network import missing
    from eisfv.result.sweep_table import read_sweep

    with pytest.raises(
        extras.MissingPackageError, match=r"^the table of a sweep needs pyarrow and zarr, which are not"
    ):
        read_sweep(tmp_path)
    assert missing("network").startswith("needs scikit-learn, which is not installed; ")
