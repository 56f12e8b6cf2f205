"""`eisfv characterise`: what it refuses in one line, what it keeps and what it makes."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from eisfv.api import characterising
from eisfv.case import load
from eisfv.case.shipped import cases
from eisfv.result.file_names import CASE
from eisfv.result.status import Status, write_status

SHIPPED = cases()
ALL = ["epsc", "stp", "ltp_ltd", "ppf", "srdp", "svdp", "swdp", "sndp", "stdp"]


@pytest.fixture
def device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[str]]:
    """Return a case and the list of the runs that are made of it; none is made, and no card."""
    place = tmp_path / "device"
    place.mkdir()
    shutil.copy(SHIPPED / "h_ysz_compact" / "case.toml", place)
    made: list[str] = []
    monkeypatch.setattr(characterising, "driven", lambda case, out, *rest, **more: made.append(out.name))
    monkeypatch.setattr(characterising, "write_card", lambda title, folder: ({}, ()))
    return place, made


def keep(place: Path, name: str, text: str = "") -> None:
    """Write a finished run of a protocol file."""
    out = place / characterising.FOLDER / name
    out.mkdir(parents=True)
    case = load(place, [characterising.TOLERANCE], protocol=SHIPPED / "protocols" / f"{name}.toml")
    (out / CASE).write_text(text or case.resolved_toml())
    write_status(out, Status("finished"))


def test_what_is_finished_is_kept_and_made_anew_only_by_force(
    device: tuple[Path, list[str]], invoke: Callable[..., Result]
) -> None:
    place, made = device
    keep(place, "stp")
    assert invoke("characterise", str(place), "--quiet").exit_code == 0
    assert made == [name for name in ALL if name != "stp"]
    made.clear()
    assert invoke("characterise", str(place), "--quiet", "--force").exit_code == 0
    assert made == ALL


def test_a_finished_run_of_another_device_is_no_part_of_the_card(
    device: tuple[Path, list[str]], invoke: Callable[..., Result]
) -> None:
    place, made = device
    keep(place, "stdp", "[case]\n")
    found = invoke("characterise", str(place), "--quiet")
    assert found.exit_code == 2
    assert len(found.stderr.splitlines()) == 1
    assert "started from another case" in found.stderr
    assert "--force" in found.stderr
    assert made == []


def test_all_shipped_protocol_files_are_on_the_card() -> None:
    assert sorted(ALL) == sorted(file.stem for file in (SHIPPED / "protocols").glob("*.toml"))


@pytest.mark.parametrize("name", ["h_pulses", "protocols"])
def test_a_case_without_a_pulse_and_what_is_no_case_are_told_in_a_line(
    name: str, invoke: Callable[..., Result]
) -> None:
    found = invoke("characterise", str(SHIPPED / name))
    assert found.exit_code == 2
    (line,) = found.stderr.splitlines()
    assert ("pulse is missing" if name == "h_pulses" else "has no case.toml") in line
