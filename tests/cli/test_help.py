"""Help: an example for every command, and an answer before anything heavy is imported."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable

import pytest
import typer
from typer.testing import Result

from eisfv.cli import app

COMMANDS = (
    "new",
    "check",
    "run",
    "characterise",
    "calibrate",
    "compare",
    "extract",
    "sweep",
    "plot",
    "impedance",
    "sensitivity",
    "noise",
    "benchmark",
    "info",
    "schema",
)
HEAVY = (
    "numpy",
    "scipy",
    "numba",
    "fipy",
    "matplotlib",
    "pyvista",
    "vtkmodules",
    "h5py",
    "xarray",
    "pint",
    "pyarrow",
    "zarr",
    "parsl",
    "sklearn",
)

IMPORTED = """
import sys
from eisfv.cli import app
try:
    app(sys.argv[1:])
except SystemExit:
    pass
print(*(name for name in {heavy} if name in sys.modules), file=sys.stderr)
"""


def imported_by(*words: str) -> set[str]:
    """Return which of the heavy packages a command line imports."""
    script = IMPORTED.format(heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script, *words], text=True, capture_output=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_gives_an_example_that_can_be_typed(command: str, invoke: Callable[..., Result]) -> None:
    text = re.sub(r"\s+", " ", invoke(command, "--help").stdout)
    example = re.search(r"Example: eisfv (\w+) (.*)$", text.strip())
    assert example is not None, text
    assert example.group(1) == command
    typed = typer.main.get_command(app)
    parsed = typed.get_command(typed.make_context("eisfv", ["info"]), command)
    parsed.make_context(command, shlex.split(example.group(2)))


def test_an_example_with_an_unknown_option_cannot_be_typed() -> None:
    typed = typer.main.get_command(app)
    parsed = typed.get_command(typed.make_context("eisfv", ["info"]), "run")
    with pytest.raises(Exception, match="No such option"):
        parsed.make_context("run", ["case", "--resumed"])


def test_help_names_the_exit_codes(invoke: Callable[..., Result]) -> None:
    text = re.sub(r"\s+", " ", invoke("--help").stdout)
    assert all(command in text for command in COMMANDS)
    assert "0 done" in text
    assert "2 the input is wrong" in text


@pytest.mark.parametrize("words", [("--help",), *((command, "--help") for command in COMMANDS)])
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    assert imported_by(*words) == set()


def test_a_command_at_work_is_seen_to_import() -> None:
    assert "numpy" in imported_by("info", "mg_wo3")


@pytest.mark.parametrize("words", [("--version",), ("info",)])
def test_versions_and_names_are_told_without_importing_anything_heavy(words: tuple[str, ...]) -> None:
    assert imported_by(*words) == set()


@pytest.mark.parametrize(
    "words, told",
    [
        (("check", "case", "--bogus"), "eisfv check: No such option: --bogus; eisfv check --help has what it takes"),
        (("rnu",), "eisfv: No such command 'rnu'. Did you mean 'run'?"),
        (("run",), "eisfv run: Missing argument 'case'"),
        (("run", "case", "--set"), "eisfv run: Option '--set' requires an argument"),
        (("--bogus",), "eisfv: No such option: --bogus"),
        (("sweep", "gather", "--bogus"), "eisfv sweep gather: No such option: --bogus"),
    ],
)
def test_what_is_mistyped_is_one_line(words: tuple[str, ...], told: str, invoke: Callable[..., Result]) -> None:
    result = invoke(*words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
