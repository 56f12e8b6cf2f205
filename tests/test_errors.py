"""Every error of ours that a user may see has one base, and says with which exit code a command ends."""

import inspect
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest
from typer.testing import CliRunner

import eisfv
import eisfv.postprocess
from eisfv.cli import app
from eisfv.commands import info
from eisfv.errors import FAILED, WRONG_INPUT, EisfvError, one_line

# One ends a run that has done what it was for, one a walk that knows no more; neither leaves its module.
INTERNAL = {"EnoughError", "UnknownChargeError"}
OPTIONAL = {"eisfv.solve.petsc", "eisfv.sweeping.interchange"}  # need what not everybody has, or are programs


def modules() -> list[ModuleType]:
    # eisfv.postprocess lies beside eisfv, where a walk through the one does not find the other.
    walks = (walk_packages(package.__path__, f"{package.__name__}.") for package in (eisfv, eisfv.postprocess))
    names = sorted({module.name for walk in walks for module in walk})
    return [import_module(name) for name in names if name not in OPTIONAL and ".paraview" not in name]


def errors() -> dict[str, type]:
    """Return the exceptions that are defined in the package, by name."""
    found = {}
    for module in modules():
        for name, member in vars(module).items():
            if inspect.isclass(member) and issubclass(member, BaseException) and member.__module__ == module.__name__:
                found[name] = member
    return found


def test_every_error_has_the_base_and_an_exit_code() -> None:
    found = errors()
    assert {"CaseError", "ResultError", "SolverError", "ViewError"} <= set(found)
    for name, error in found.items():
        if name not in INTERNAL and not issubclass(error, Warning):
            assert issubclass(error, EisfvError), name
            assert error.exit_code in (FAILED, WRONG_INPUT), name


@pytest.mark.parametrize("code", [FAILED, WRONG_INPUT])
def test_the_command_line_ends_with_the_code_of_any_of_them(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    class NewError(EisfvError):
        exit_code = code

    def failing(*arguments: object) -> int:
        raise NewError("one line\nanother")

    monkeypatch.setattr(info, "info_command", failing)
    result = CliRunner().invoke(app, ["info"])
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", "one line\nanother\n")


def test_an_error_of_another_kind_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*arguments: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(info, "info_command", failing)
    assert isinstance(CliRunner().invoke(app, ["info"]).exception, ZeroDivisionError)


def test_an_error_is_told_on_one_line() -> None:
    assert one_line(EisfvError("a\n  b")) == "a b"
    assert one_line(EisfvError()) == "EisfvError"
