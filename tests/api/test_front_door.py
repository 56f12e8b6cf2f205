"""`import eisfv` gives everything and costs nothing; what the docstrings show is so."""

import ast
import doctest
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import eisfv
from eisfv.cli import app
from eisfv.fresh_processes import without_main

ROOT = Path(__file__).parents[2]
MODULES = sorted(path.stem for path in (ROOT / "eisfv" / "api").glob("*.py") if path.stem != "__init__")
HEAVY = ("numpy", "pandas", "xarray", "numba", "pydantic", "matplotlib", "fipy", "typer", "rich", "eisfv.api")


@pytest.mark.parametrize("name", eisfv.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(eisfv, name).__doc__
    assert name in dir(eisfv)


def test_names_for_types_are_those_that_are_there() -> None:
    tree = ast.parse(Path(eisfv.__file__).read_text())
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    typed = {alias.asname or alias.name: f"{node.module}:{alias.name}" for node in imports for alias in node.names}
    assert set(typed) == set(eisfv.PLACES) == set(eisfv.__all__)
    for name, place in typed.items():
        module, _, there = place.partition(":")
        assert getattr(import_module(module), there) is getattr(eisfv, name)


def test_a_name_that_is_not_there_is_told_as_of_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'eisfv' has no attribute 'simulate'"):
        eisfv.simulate  # noqa: B018


def test_importing_imports_nothing_heavy() -> None:
    code = f"import eisfv, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_types_are_announced() -> None:
    package_data = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    assert "py.typed" in package_data["eisfv"]
    assert (ROOT / "eisfv" / "py.typed").is_file()


@pytest.mark.parametrize("name", MODULES)
def test_what_the_docstrings_show_is_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(import_module(f"eisfv.api.{name}")).failed == 0


def test_docstrings_show_how_the_functions_are_called() -> None:
    finder = doctest.DocTestFinder()
    shown = {name: finder.find(import_module(f"eisfv.api.{name}")) for name in MODULES}
    assert sum(bool(test.examples) for tests in shown.values() for test in tests) >= 10


def test_every_command_has_its_function() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    groups = {group.name for group in app.registered_groups}
    of_a_run = {"plot"}  # eisfv.open(RUN).write_pictures()
    assert commands | groups <= set(eisfv.__all__) | of_a_run
    assert callable(eisfv.Run.write_pictures)


SCRIPT = """
import os
from eisfv.sweeping.local import LocalExecutor

print("the script runs", flush=True)
with LocalExecutor(1) as executor:
    print(executor.submit(os.getpid).result() != os.getpid())
"""


def test_processes_that_are_started_do_not_run_the_script_again(tmp_path: Path) -> None:
    """A script without `if __name__ == "__main__"` may sweep and calibrate: its children do not."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("the script runs\nTrue\n", 0), done.stderr


def test_the_script_of_this_process_is_its_own_again() -> None:
    before = dict(vars(sys.modules["__main__"]))
    with without_main():
        assert vars(sys.modules["__main__"])["__spec__"] is None
    assert vars(sys.modules["__main__"]) == before
