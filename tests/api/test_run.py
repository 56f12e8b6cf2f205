"""A run in memory is the run on disk, without a file; what is read of it has its units."""

import warnings
from pathlib import Path
from pickle import dumps, loads
from typing import Any

import numpy as np
import pytest

import eisfv
from eisfv.result import MemoryDirectory, RunDirectory, in_memory, read
from eisfv.running import run_case
from eisfv.running.progress import Progress
from eisfv.solve.newton import Newton
from eisfv.solve.stage_records import Iterate, Known, Source, Stage
from support.small_case import COARSE, DEVICE, STEP_BY_STEP, small_case, write_case

OUTPUT = "\n[output]\nprofiles = { every = '100 ms' }\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case(tmp_path_factory.mktemp("api") / "case")


@pytest.fixture(scope="module")
def runs(place: Path) -> tuple[eisfv.Run, eisfv.Run]:
    """Return the same case run in memory and on disk."""
    case = eisfv.load(place)
    return eisfv.run(case, quiet=True), eisfv.run(case, place / "runs" / "latest", quiet=True)


def test_a_run_in_memory_has_the_numbers_of_one_on_disk(runs: tuple[eisfv.Run, eisfv.Run]) -> None:
    here, there = runs
    assert (here.directory, here.state, there.state) == (None, "finished", "finished")
    assert here.terminals.equals(there.terminals)
    assert here.profiles.equals(there.profiles)
    assert here.pulses.equals(there.pulses)
    assert here.numerical_error.equals(there.numerical_error)
    assert here.case.toml == there.case.toml
    assert len(here.pulses) == 4
    assert {"mesh", "time", "unresolved"} == set(here.numerical_error.columns)
    said = here.results.numerical_error["mesh"]["conductance"]
    assert here.numerical_error.loc["conductance", "unresolved"] == said["unresolved"]
    assert here.numerical_error.loc["conductance", "mesh"] > 0.0
    for one, other in zip(here.log.splitlines(), there.log.splitlines(), strict=True):
        if "wall" not in one and " after " not in one:
            assert one[20:] == other[20:]


def test_a_case_and_its_run_go_to_another_process_and_come_back(runs: tuple[eisfv.Run, eisfv.Run]) -> None:
    for run in runs:
        assert run.profiles.sizes["profile_time"] > 1  # read before it goes
        other: eisfv.Run = loads(dumps(run))
        assert other.profiles.equals(run.profiles)
        assert other.pulses.equals(run.pulses)
        assert loads(dumps(run.case)).resolved.digest == run.case.resolved.digest


def test_what_is_read_carries_its_units(runs: tuple[eisfv.Run, eisfv.Run]) -> None:
    for run in runs:
        assert run.terminals.voltage.attrs["units"] == "V"
        assert run.terminals.conductance.attrs["long_name"] == "in-plane conductance of the channel"
        assert run.profiles.conductivity.attrs["units"] == "S/m"
        assert set(run.profiles.region.values) == {"reservoir", "electrolyte", "channel"}
        channel = run.profiles.site_fraction_Mg.where(run.profiles.region == "channel", drop=True)
        mean = (channel * channel.width).sum("cell") / channel.width.sum()
        np.testing.assert_allclose(mean[-1], run.terminals.x_channel[-1], rtol=1e-12)


def test_the_pulses_are_under_their_numbers(runs: tuple[eisfv.Run, eisfv.Run]) -> None:
    pulses = runs[0].pulses
    assert list(pulses.index) == [1, 2, 3, 4]
    assert list(pulses.amplitude_unit) == ["V", "A", "V", "A"]
    np.testing.assert_allclose(pulses.dG_S, pulses.G_after_S - pulses.G_before_S, rtol=0, atol=1e-22)


def test_a_run_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "temporary").mkdir()
    case = small_case(tmp_path / "case", device=COARSE)
    before = sorted(tmp_path.rglob("*"))
    opened: list[object] = []
    directory = MemoryDirectory()
    run_case(case, directory, opened.append)
    assert sorted(tmp_path.rglob("*")) == before
    assert opened
    assert directory.results.pulses["dG_S"].size == 4


def test_a_case_that_is_changed_afterwards_does_not_change_its_run(place: Path) -> None:
    case = eisfv.load(place)
    case.set({"mesh.companion": "none", "protocol[1].repeat": 1})
    run = eisfv.run(case, quiet=True)
    case.set("device.temperature", "350 K")
    run.case.set("device.temperature", "250 K")
    assert run.case.resolved.device.temperature == 298.15
    assert "no companion" in run.numerical_error.attrs["reason"]


def test_a_run_that_is_still_running_is_read_as_it_grows(tmp_path: Path) -> None:
    case = small_case(tmp_path / "case", device=COARSE)
    out = tmp_path / "run"
    seen: list[tuple[int, str]] = []
    runs: list[eisfv.Run] = []

    begun = RunDirectory.open_new(tmp_path / "begun")
    with begun:
        assert "running" in eisfv.open(tmp_path / "begun")._repr_html_()

    def look(progress: Progress) -> None:
        if progress.pulse in (1, 4) and len(seen) < progress.pulse:
            runs.append(eisfv.open(out))
            seen.append((progress.pulse, runs[0].state))

    run_case(case, out, look)
    assert runs[0].state == "finished"
    assert len(runs[0].pulses) == 4
    assert {state for _, state in seen} == {"running"}


def test_open_takes_a_run_and_the_last_run_of_a_case(
    place: Path, runs: tuple[eisfv.Run, eisfv.Run], tmp_path: Path
) -> None:
    for one in (place, place / "runs" / "latest", str(place)):
        found = eisfv.open(one)
        assert found.pulses.equals(runs[1].pulses)
        assert found.case.toml == runs[1].case.toml
    with pytest.raises(eisfv.ResultError, match="not a run directory"):
        eisfv.open(place / "runs")
    with pytest.raises(eisfv.ResultError, match="has not been run; run it first"):
        eisfv.open(write_case(tmp_path / "other"))


@pytest.mark.parametrize(
    "name", ["open", "load", "info", "new", "compare", "calibrate", "sweep", "open_sweep", "plan_sweep", "extract"]
)
def test_what_is_no_path_is_told(name: str) -> None:
    with pytest.raises(eisfv.EisfvError, match=r"^3 is no path; give one"):
        getattr(eisfv, name)(3)


def test_an_earlier_run_is_not_overwritten_without_force(place: Path, runs: tuple[eisfv.Run, eisfv.Run]) -> None:
    out = place / "runs" / "latest"
    with pytest.raises(eisfv.ResultError, match="force"):
        eisfv.run(place, out, quiet=True)
    with pytest.raises(eisfv.ResultError, match="is for a run in a directory"):
        eisfv.run(place, force=True)
    with pytest.raises(eisfv.ResultError, match="take one of them"):
        eisfv.run(place, out, force=True, resume=True)
    assert read(out).status.state == "finished"


def test_what_a_run_has_reached_comes_with_its_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write_case(tmp_path, device=DEVICE + STEP_BY_STEP)
    stage = Newton.stage

    def failing(
        self: Newton, start: Iterate, known: Known, dh: float, source: Source, *rest: Any, **more: Any
    ) -> Stage:
        found = stage(self, start, known, dh, source, *rest, **more)
        return found if source.kind == "current" else found._replace(converged=False, worst=(15, 1), reason="so")

    monkeypatch.setattr(Newton, "stage", failing)
    with pytest.raises(eisfv.SolverError, match="no solution past t = 1 s") as failure:
        eisfv.run(place, quiet=True)
    run = failure.value.run
    assert (run.state, float(run.terminals.time[-1])) == ("failed", 1.0)
    assert np.isfinite(run.profiles.potential).all()


def test_what_a_user_should_know_is_a_warning_at_his_own_line(place: Path) -> None:
    case = eisfv.load(place)
    case.set({"device.temperature": "100 K", "protocol": [{"drive": "open_circuit", "duration": "1 us"}]})
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        eisfv.run(case)
        eisfv.run(case, quiet=True)
    assert found
    assert any("100 K" in str(warning.message) for warning in found)
    assert len({str(warning.message) for warning in found}) == len(found)  # the quiet run adds none
    assert {warning.filename for warning in found} == {__file__}
    assert all(warning.category is eisfv.EisfvWarning for warning in found)


def test_pictures_are_figures_that_a_notebook_shows(runs: tuple[eisfv.Run, eisfv.Run], tmp_path: Path) -> None:
    for run, what in (*((runs[0], name) for name in ("terminals", "profiles", "pulses")), (runs[1], "pulses")):
        figure = run.plot(what)
        assert figure.axes
        with pytest.raises(eisfv.ResultError, match='"voltage" is no picture of this run; there are terminals'):
            run.plot("voltage")
    notebook: Any = figure
    assert notebook._repr_png_().startswith(b"\x89PNG")
    figure.savefig(tmp_path / "pulses.pdf")
    with pytest.raises(eisfv.ResultError, match="in memory"):
        runs[0].write_pictures()
    assert (runs[1].directory or tmp_path) / "plots" / "pulses.png" in runs[1].write_pictures()


def test_a_notebook_shows_a_run_as_a_table_of_its_pulses(runs: tuple[eisfv.Run, eisfv.Run]) -> None:
    here, there = (run._repr_html_() for run in runs)
    assert "in memory" in here
    assert "runs/latest" in there
    for text in (here, there):
        assert text.count("<tr>") == 5
        assert "numerical error" in text
        assert "500 mV" in text
    assert "in memory" in repr(runs[0])


@pytest.mark.parametrize(("key", "most"), [("profiles", 3), ("terminals", 10)])
def test_a_run_that_does_not_fit_into_memory_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch, key: str, most: int
) -> None:
    size = {"profiles": 8 * 13 * 44, "terminals": 32 * 8}[key]
    monkeypatch.setattr(in_memory, "LARGEST", most * size)
    case = eisfv.load(place)
    other = {"profiles": "terminals", "terminals": "profiles"}[key]
    case.set({f"output.{other}": {"at": []}, "output.fields": {"at": []}, "mesh.companion": "none"})
    with pytest.raises(eisfv.EisfvError, match=rf"give it a directory with out, or write less: output.{key} \(stopped"):
        eisfv.run(case, quiet=True)


def test_a_run_without_profiles_has_none(place: Path) -> None:
    case = eisfv.load(place)
    case.set({"output.profiles": "with fields", "output.fields": {"at": []}, "mesh.companion": "none"})
    run = eisfv.run(case, quiet=True)
    assert not run.profiles.variables
    with pytest.raises(eisfv.ResultError, match="recorded no profiles"):
        run.fipy()
