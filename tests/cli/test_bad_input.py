"""A mistake in the input: one clear line that names file, key, value and remedy; exit code 2; nothing written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from support.small_case import write_case

# what, the text that is replaced, by which, and what the line must say besides the file
MISTAKES = [
    ("missing unit", '"80 nm"', '"80"', ['device.region[0].thickness = "80"', "has no unit", '"30 nm"']),
    ("bare number", '"80 nm"', "80", ["device.region[0].thickness = 80", '"30 nm"']),
    ("wrong dimension", '"0.6 cm^2"', '"0.6 cm"', ['device.area = "0.6 cm"', "length", "area"]),
    ("negative thickness", '"1 um"', '"-1 um"', ['device.region[1].thickness = "-1 um"', "greater than zero"]),
    ("unknown material", '"mg_wo3"', '"mg_wo4"', ["device.region[0].material", 'did you mean "mg_wo3"?']),
    ("filling below zero", "initial.x = 0.0078", "initial.x = -0.1", ["device.region[0].initial.x = -0.1", "between"]),
    ("filling above one", "initial.x = 0.0078", "initial.x = 1.2", ["device.region[0].initial.x = 1.2", "between"]),
    (
        "interface between regions that do not touch",
        'between = ["reservoir", "electrolyte"]',
        'between = ["reservoir", "channel"]',
        ["device.interface[0].between", '["reservoir", "channel"]', "touch"],
    ),
    (
        "step without drive",
        'drive = "open_circuit"\nduration = "1 s"',
        'duration = "1 s"',
        ["protocol[0].drive", "missing"],
    ),
    (
        "step of zero length",
        'duration = "1 s"\nread',
        'duration = "0 s"\nread',
        ["protocol[0].duration", '"0 s"', "500 ms"],
    ),
    ("duplicate region", 'name = "electrolyte"', 'name = "reservoir"', ["device.region[1].name", '"reservoir"']),
    ("unknown key", 'temperature = "', 'temperatur = "', ["device.temperatur", 'did you mean "temperature"?']),
    ("a quantity without quotes", '"1 um"', "1 um", ["is not TOML", "line ", 'stands in quotes: "1 um"']),
    ("degrees", '"298.15 K"', '"25 C"', ["measures charge", 'did you mean "degC"?']),
    (
        "an electrolyte of another ion",
        '"pce_succinonitrile_mg"',
        '"lipon"',
        ["device.interface[0].ion has no working ion: mg_wo3 takes Mg, and lipon has Li", "join materials of one ion"],
    ),
    ("half a key", "stern_capacitance", "stern", ['did you mean "stern_capacitance"?']),
    ("not TOML", "[case]", "[case", ["is not TOML", "line 2"]),
]

# What these break besides is told too.
WITH_CONSEQUENCES = ("duplicate region", "unknown key", "an electrolyte of another ion")

OVERRIDES = [
    ("unknown key", 'device.temperatur="300 K"', ["device.temperatur", 'did you mean "temperature"?']),
    ("unknown region", 'device.region.chanel.thickness="1 nm"', ["device.region.chanel", 'did you mean "channel"?']),
    ("step that is not there", 'protocol[7].duration="1 s"', ["protocol[7]", "2 entries"]),
    ("missing unit", "device.temperature=300", ["device.temperature = 300", '"']),
    ("no value", "device.temperature", ["KEY=VALUE", 'device.temperature="350 K"']),
]

Invoke = Callable[..., Result]


def tree(root: Path) -> set[Path]:
    return set(root.rglob("*"))


def the_line(result: Result) -> str:
    """Return the only line a command has printed."""
    assert result.exit_code == 2, result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    return str(line)


@pytest.mark.parametrize("what, old, new, words", MISTAKES, ids=[mistake[0] for mistake in MISTAKES])
@pytest.mark.parametrize("command", ["run", "check"])
def test_a_mistake_in_the_file_is_one_line(
    tmp_path: Path, invoke: Invoke, command: str, what: str, old: str, new: str, words: list[str]
) -> None:
    case = write_case(tmp_path / "case")
    text = (case / "case.toml").read_text()
    assert old in text
    (case / "case.toml").write_text(text.replace(old, new, 1))
    before = tree(tmp_path)
    result = invoke(command, case)
    lines = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (2, "")
    assert all(line.startswith(f"{case / 'case.toml'}: ") for line in lines)
    assert sum(all(word in line for word in words) for line in lines) == 1, lines
    assert len(lines) == 1 or what in WITH_CONSEQUENCES, lines
    assert tree(tmp_path) == before


@pytest.mark.parametrize("what, override, words", OVERRIDES, ids=[override[0] for override in OVERRIDES])
def test_a_mistake_in_an_override_is_one_line(
    tmp_path: Path, invoke: Invoke, what: str, override: str, words: list[str]
) -> None:
    case = write_case(tmp_path / "case")
    before = tree(tmp_path)
    line = the_line(invoke("run", case, "--set", override))
    assert line.startswith("--set: ")
    assert all(word in line for word in words), line
    assert tree(tmp_path) == before


def test_several_mistakes_are_as_many_lines(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case")
    text = (case / "case.toml").read_text()
    (case / "case.toml").write_text(text.replace('"80 nm"', '"80"').replace('"1 um"', '"-1 um"'))
    result = invoke("run", case)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 3


def test_a_case_that_is_not_there_is_one_line(tmp_path: Path, invoke: Invoke) -> None:
    line = the_line(invoke("run", tmp_path / "none"))
    assert "does not exist" in line
    assert "eisfv new" in line
    assert tree(tmp_path) == set()


@pytest.mark.parametrize("command", ["info", "plot"])
def test_a_run_that_is_not_there_is_one_line(tmp_path: Path, invoke: Invoke, command: str) -> None:
    line = the_line(invoke(command, tmp_path / "none"))
    assert str(tmp_path / "none") in line
    assert "not a run directory" in line


def test_a_case_that_never_ran_is_one_line(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case")
    assert str(case / "runs" / "latest") in the_line(invoke("info", case))


def test_a_new_case_does_not_go_over_an_old_one(tmp_path: Path, invoke: Invoke) -> None:
    case = write_case(tmp_path / "case")
    before = (case / "case.toml").read_bytes()
    assert "choose another name" in the_line(invoke("new", case))
    assert (case / "case.toml").read_bytes() == before


def test_a_right_case_is_no_mistake(tmp_path: Path, invoke: Invoke) -> None:
    result = invoke("check", write_case(tmp_path / "case"))
    assert (result.exit_code, result.stderr) == (0, "")
