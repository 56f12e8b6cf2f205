"""`eisfv new` and `eisfv run` as a newcomer types them: every file there, and readable with the usual tools."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import pyvista
import xarray
from typer.testing import Result

from eisfv.case import load
from support.small_case import write_case

PULSE_HEADER = (
    "index,t_start_s,t_end_s,amplitude,amplitude_unit,G_before_S,G_after_S,dG_S,charge_C,energy_J,x_channel,width_s,"
    "resistors_J,mesh_error,time_error"
)
UNITS = {
    "time": "s",
    "voltage": "V",
    "current": "A",
    "conductance": "S",
    "x_channel": "1",
    "pulse_dG": "S",
    "pulse_charge": "C",
    "pulse_energy": "J",
    "profile_time": "s",
    "y": "m",
    "potential": "V",
    "concentration_Mg": "mol/m3",
}
BAR = re.compile(r"[\x1b\r━╸╺]")


@pytest.fixture(scope="module")
def first(
    typed: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """Return the run directory of a new case and what the run printed."""
    where = tmp_path_factory.mktemp("newcomer")
    made = typed("new", "first", cwd=where)
    assert (made.returncode, made.stderr) == (0, "")
    assert "eisfv run first" in made.stdout
    done = typed("run", "first", cwd=where)
    return where / "first" / "runs" / "latest", done


def test_a_new_case_runs(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = first
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_the_table_of_the_pulses_is_printed(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = first
    for pulse in ("1", "2"):
        assert re.search(rf"^\W*{pulse}\s.*\d", done.stdout, re.MULTILINE), done.stdout


def test_no_progress_bar_is_shown_off_a_terminal(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = first
    assert not BAR.search(done.stdout + done.stderr)


def test_every_file_is_there(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = first
    names = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
    always = [
        "case.resolved.toml",
        "provenance.json",
        "status.json",
        "run.log",
        "result.nc",
        "terminals.csv",
        "pulses.csv",
        "mesh.json",
    ]
    pictures = {f"plots/{name}.png" for name in ("terminals", "profiles", "pulses")}
    indices = {"fields/fields.pvd", "fields/fields_by_step.pvd"}
    assert {*always, *pictures, *indices} <= names
    rest = names - {*always, *pictures, *indices, "checkpoint.h5"}
    assert rest
    assert all(re.fullmatch(r"fields/t\d{6}_(0_reservoir|1_electrolyte|2_channel)\.vtu", name) for name in rest), rest


def test_the_result_file_opens_with_units(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = first
    with xarray.open_dataset(out / "result.nc") as result:
        assert result.attrs["title"] == "A first case: one pulse up, one pulse down"
        assert result.sizes["pulse"] == 2
        units = {name: variable.attrs.get("units") for name, variable in result.variables.items()}
        for name, unit in UNITS.items():
            assert units[name] == unit, name
        assert all(units.values()), units
        assert np.isfinite(result["pulse_dG"]).all()


def test_pulses_have_the_columns_that_are_promised(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = first
    lines = (out / "pulses.csv").read_text().splitlines()
    assert lines[0] == PULSE_HEADER
    assert len(lines) == 3


def test_the_fields_open_region_by_region(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = first
    entries = list(ElementTree.parse(out / "fields" / "fields.pvd").iter("DataSet"))
    times = sorted({float(entry.attrib["timestep"]) for entry in entries})
    np.testing.assert_allclose(times, [0.0, 2.5, 5.0], rtol=1e-12)
    assert len(entries) == 3 * len(times)
    for entry in entries:
        mesh = pyvista.read(out / "fields" / entry.attrib["file"])
        assert mesh.n_cells > 0
        assert np.isfinite(mesh.cell_data["potential"]).all()
        (region,) = np.unique(mesh.cell_data["region"])
        assert int(region) == ["reservoir", "electrolyte", "channel"].index(
            entry.attrib["file"].removesuffix(".vtu").split("_", 2)[2]
        )


def test_the_pictures_are_pictures(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = first
    for picture in (out / "plots").iterdir():
        content = picture.read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(content) > 5000


def test_the_provenance_tells_what_ran(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = first
    told = json.loads((out / "provenance.json").read_text())
    assert {"eisfv", "numpy", "scipy", "numba", "fipy"} <= set(told["versions"])
    assert told["wall_time_s"] > 0.0
    assert told["solver"]["pulses"] == 2
    assert told["solver"]["steps"] > 0
    assert any(len(str(value)) == 64 for value in told.values()), "no digest of the case"


def test_the_resolved_case_is_the_case(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = first
    original, resolved = load(out.parents[1]), load(out / "case.resolved.toml")
    assert resolved.digest == original.digest
    assert resolved.resolved_toml() == (out / "case.resolved.toml").read_text()


def test_the_status_and_the_log_tell_that_it_is_finished(first: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    out, _ = first
    status = json.loads((out / "status.json").read_text())
    assert (status["state"], status["simulated_time_s"]) == ("finished", 7.0)
    assert "finished at t = 7 s" in (out / "run.log").read_text()


def test_the_same_case_in_another_process_gives_the_same_bytes_and_says_nothing_when_quiet(
    first: tuple[Path, subprocess.CompletedProcess[str]], typed: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    out, _ = first
    again = out.with_name("again")
    done = typed("run", out.parents[1], "--out", again, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for name in ("terminals.csv", "pulses.csv"):
        assert (again / name).read_bytes() == (out / name).read_bytes()


def test_out_takes_the_results_elsewhere(tmp_path: Path, invoke: Callable[..., Result]) -> None:
    case = write_case(tmp_path / "case")
    assert invoke("run", case, "--out", tmp_path / "deep" / "down", "--quiet").exit_code == 0
    assert (tmp_path / "deep" / "down" / "pulses.csv").is_file()
    assert not (case / "runs").exists()


def test_set_overrides_what_the_file_says(tmp_path: Path, invoke: Callable[..., Result]) -> None:
    case = write_case(tmp_path / "case")
    words = ["--set", 'device.temperature="350 K"', "--set", "protocol[1].repeat=1", "--quiet"]
    assert invoke("run", case, *words).exit_code == 0
    out = case / "runs" / "latest"
    assert load(out / "case.resolved.toml").device.temperature == 350.0
    assert len((out / "pulses.csv").read_text().splitlines()) == 3


def test_a_case_file_will_do(tmp_path: Path, invoke: Callable[..., Result]) -> None:
    case = write_case(tmp_path / "case")
    assert invoke("run", case / "case.toml", "--quiet").exit_code == 0
    assert (case / "runs" / "latest" / "pulses.csv").is_file()


def test_a_run_can_be_run_again_from_its_own_directory(tmp_path: Path, invoke: Callable[..., Result]) -> None:
    case = write_case(tmp_path / "case")
    out = case / "runs" / "latest"
    assert invoke("run", case, "--set", "protocol[1].repeat=1", "--quiet").exit_code == 0
    before = (out / "pulses.csv").read_bytes()
    assert "holds a finished run" in invoke("run", out).stderr
    assert invoke("run", out, "--force", "--quiet").exit_code == 0
    assert (out / "pulses.csv").read_bytes() == before
    assert not (out / "runs").exists()


def test_the_last_line_of_a_run_tells_its_numerical_error(
    first: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    _, done = first
    assert done.stdout.splitlines()[-1].startswith("numerical error: ")
