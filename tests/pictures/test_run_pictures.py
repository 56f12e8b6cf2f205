"""Every run gets the pictures and the table it has data for."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from eisfv.postprocess.pictures.after_run import finish
from eisfv.postprocess.pictures.pulse_table import pulse_lines
from eisfv.postprocess.pictures.pulses_picture import draw_pulses
from eisfv.postprocess.pictures.run_pictures import plot_run
from eisfv.result import read
from support.written_run import written


@pytest.mark.parametrize(
    "pulses, names", [(0, {"terminals.png", "profiles.png"}), (1, {"terminals.png", "profiles.png", "pulses.png"})]
)
def test_pictures_follow_what_there_is(tmp_path: Path, pulses: int, names: set[str]) -> None:
    drawn = plot_run(read(written(tmp_path / "run", pulses)))
    assert {path.name for path in drawn} == names
    assert all(path.stat().st_size > 5000 for path in drawn)


def test_a_thousand_pulses_are_drawn_and_their_table_is_short(tmp_path: Path) -> None:
    run = read(written(tmp_path / "run", 1000))
    plot_run(run)
    lines = list(pulse_lines(run))
    assert len(lines) == 1 + 40 + 1
    assert "960 more" in "\n".join(lines)


def test_the_table_has_one_row_a_pulse_and_its_units(tmp_path: Path) -> None:
    lines = list(pulse_lines(read(written(tmp_path / "run", 4))))
    assert len(lines) == 5
    assert "dG (µS)" in lines[0]
    assert lines[1].split()[:3] == ["1", "10", "µA"]


def test_a_run_without_pulses_has_no_table(tmp_path: Path) -> None:
    assert list(pulse_lines(read(written(tmp_path / "run", 0)))) == []


def test_the_last_lines_name_files_that_are_there(tmp_path: Path) -> None:
    run = written(tmp_path / "run")
    lines = finish(run, with_table=True)
    named = [word.rstrip(",") for line in lines for word in line.split() if word.startswith(str(run))]
    assert len(named) >= 6
    assert all(Path(name).is_file() for name in named)


@pytest.mark.parametrize(
    "module, absent",
    [
        ("eisfv.result", ("numba", "fipy", "scipy", "xarray", "pyvista", "matplotlib")),
        ("eisfv.postprocess.pictures.after_run", ("numba", "fipy", "petsc4py", "eisfv.solve.newton")),
    ],
)
def test_results_are_read_without_the_solver(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*[m for m in {absent!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(("count", "marks"), [(300, 3), (6000, 1)])
def test_the_conductance_of_very_many_pulses_is_a_line_that_marks_do_not_fill(count: int, marks: int) -> None:
    up = np.arange(count) % 200 < 100
    change = np.where(up, 1e-6, -1e-6)
    pulses = {
        "index": np.arange(1, count + 1),
        "dG_S": change,
        "G_after_S": 1e-3 + np.cumsum(change),
        "energy_J": np.ones(count),
        "amplitude": np.where(up, 1.0, -1.0),
        "amplitude_unit": np.array(["V"] * count),
    }
    figure = Figure()
    assert draw_pulses(SimpleNamespace(pulses=pulses), figure)
    level = figure.axes[1]
    assert len(level.lines) == marks
    np.testing.assert_allclose(level.lines[0].get_ydata(), pulses["G_after_S"] * 1e3)
    assert level.lines[0].get_linestyle() == "-"
