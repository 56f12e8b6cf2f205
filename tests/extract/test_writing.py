"""extract.json, report.html and the directory they are in."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.extract import targets
from eisfv.postprocess.extract.measured import Extraction, Measured, Written
from eisfv.postprocess.extract.neutral import measured_tree, neutral_text, numbers
from eisfv.postprocess.extract.reading import Source
from eisfv.postprocess.extract.writing import earlier, write_extraction
from eisfv.result import ResultError


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pictures out of the report: they take most of the time."""
    monkeypatch.setattr("eisfv.postprocess.extract.report.pictures", lambda extraction: [])


def strict(text: str) -> dict[str, object]:
    """Return JSON; NaN and Infinity, which Python would take, are refused."""

    def refuse(word: str) -> float:
        raise ValueError(word)

    tree: dict[str, object] = json.loads(text, parse_constant=refuse)
    return tree


@pytest.mark.usefixtures("bare")
def test_every_value_has_what_it_is_made_of_or_a_reason(source: Source, tmp_path: Path) -> None:
    outcome = write_extraction([source], [], tmp_path / "out", force=False)
    tree = strict((tmp_path / "out" / "extract.json").read_text())
    quantities = tree["quantities"]
    assert isinstance(quantities, dict)
    assert set(quantities) == set(outcome.extraction.quantities)
    for name, one in quantities.items():
        assert set(one) == {"value", "unit", "low", "high", "points", "window", "residual", "reason"}
        if one["value"] is None:
            assert one["reason"], name
        else:
            assert one["points"] > 0, name
            assert one["window"], name
            assert not one["reason"], name
            if one["low"] is not None:
                assert one["low"] <= one["value"] <= one["high"], name


@pytest.mark.usefixtures("bare")
def test_the_run_is_named_with_the_digest_of_its_case(source: Source, tmp_path: Path) -> None:
    write_extraction([source], [], tmp_path / "out", force=False)
    tree = strict((tmp_path / "out" / "extract.json").read_text())
    runs = tree["runs"]
    assert isinstance(runs, list)
    assert runs[0]["state"] == "finished"
    assert runs[0]["pulses"] == 16
    assert len(runs[0]["case_sha256"]) == 64
    assert tree["noise_modelled"] is False


def test_equal_runs_give_equal_files(source: Source, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_extraction([source], [], tmp_path / name, force=False)
    for file in ("extract.json", "report.html"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_what_is_not_finite_never_reaches_the_file() -> None:
    tree = measured_tree({"a": Measured(float("nan"), "S", 1.0, 2.0), "b": Measured(1.0, "S", float("-inf"), 2.0)})
    assert tree["a"]["value"] is None
    assert tree["a"]["reason"]
    assert tree["b"]["value"] == 1.0
    assert tree["b"]["low"] is None
    assert numbers(np.array([1.0, np.nan, np.inf])) == [1.0, None, None]


def test_the_check_for_strict_json_sees_a_nan() -> None:
    with pytest.raises(ValueError, match="NaN"):
        strict('{"a": NaN}')


def test_files_of_targets_are_named_as_they_lie(extraction: Extraction, tmp_path: Path) -> None:
    written = {"one": Written((tmp_path / "folder" / "a.txt",), {"x": Measured(1.0, "S", points=3, window="all")})}
    tree = strict(neutral_text(extraction, [""], written, tmp_path))
    assert tree["targets"] == {
        "one": {"files": ["folder/a.txt"], "reason": "", "quantities": measured_tree(written["one"].quantities)}
    }


def fake(reason: str = "", files: tuple[str, ...] = ("a.txt", "folder/b.txt")) -> targets.Target:
    """Return a target that writes small files, or fails."""

    def write(extraction: Extraction, out: Path) -> Written:
        if reason:
            raise ValueError(reason)
        for name in files:
            (out / name).parent.mkdir(exist_ok=True)
            (out / name).write_text(name)
        return Written(tuple(out / name for name in files))

    return write


@pytest.mark.usefixtures("bare")
def test_a_target_that_fails_leaves_the_others(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "target", lambda name: fake("singular matrix" if name == "circuit" else ""))
    outcome = write_extraction([source], ["circuit", "network"], tmp_path / "out", force=False)
    assert outcome.written["circuit"].reason == "failed: ValueError: singular matrix"
    assert outcome.written["network"].files
    assert (tmp_path / "out" / "folder" / "b.txt").read_text() == "folder/b.txt"


def test_every_target_of_the_table_can_be_loaded() -> None:
    assert all(callable(targets.target(name)) for name in targets.TARGETS)


@pytest.mark.usefixtures("bare")
def test_an_extraction_is_replaced_only_when_asked_and_whole(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(targets, "target", lambda name: fake())
    write_extraction([source], ["network"], out, force=False)
    (out / "mine.txt").write_text("mine")
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    with pytest.raises(ResultError, match="force = True"):
        write_extraction([source], ["network"], out, force=False)
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    monkeypatch.setattr(targets, "target", lambda name: fake(files=("c.txt",)))
    write_extraction([source], ["network"], out, force=True)
    assert sorted(path.name for path in out.iterdir() if path.is_file()) == [
        "c.txt",
        "extract.json",
        "mine.txt",
        "report.html",
    ]
    assert not (out / "folder" / "b.txt").exists()


@pytest.mark.usefixtures("bare")
def test_a_file_of_somebody_else_is_never_replaced(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.txt").write_text("mine")
    monkeypatch.setattr(targets, "target", lambda name: fake())
    for force in (False, True):
        with pytest.raises(ResultError, match="of no extraction"):
            write_extraction([source], ["network"], out, force=force)
        assert [path.name for path in out.iterdir()] == ["a.txt"]
        assert (out / "a.txt").read_text() == "mine"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"eisfv_extraction": 1}', "\x00"])
def test_an_extract_json_of_another_kind_is_not_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "extract.json").write_text(text)
    with pytest.raises(ResultError, match="is not an extraction"):
        earlier(tmp_path, force=True)


def test_names_that_lead_out_of_the_directory_are_not_followed(tmp_path: Path) -> None:
    tree = {"eisfv_extraction": 1, "targets": {"x": {"files": ["../a", "/etc/b", "c/../../d", "e/f.txt"]}}}
    (tmp_path / "extract.json").write_text(json.dumps(tree))
    assert earlier(tmp_path, force=True) == {"extract.json", "report.html", "e/f.txt"}


@pytest.mark.usefixtures("bare")
def test_nothing_to_extract_writes_nothing(source: Source, tmp_path: Path) -> None:
    bare = replace(source, run=type(source.run)(source.run.path, source.run.status))
    bare.run.__dict__["pulses"] = {}
    bare.run.__dict__["terminals"] = {"time_s": np.array([0.0]), "conductance_S": np.array([0.0])}
    outcome = write_extraction([bare], [], tmp_path / "out", force=False)
    assert outcome.files == ()
    assert not (tmp_path / "out").exists()
