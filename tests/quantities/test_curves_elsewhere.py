"""Every curve reduction in a sweep and in a fit gives the number that it gives in a comparison."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from eisfv.calibration import job as of_fit
from eisfv.postprocess.quantities.curves import CURVES
from eisfv.postprocess.quantities.quantity import Quantity
from eisfv.running import Series
from eisfv.sweeping import tasks
from eisfv.sweeping.faults import Faults
from eisfv.sweeping.quantity_reading import read_quantities
from support.small_case import COARSE, small_case

TIME = np.concatenate([[0.0], np.geomspace(0.01, 30.0, 120)])
HUMP = 2.0 - 3.0 * (TIME - 1.23) ** 2
TERMINALS = {
    "time_s": TIME,
    "step": np.ones(TIME.size),
    "step_time_s": TIME,
    "conductance_S": 1.0 + 0.6 * np.exp(-TIME / 0.2) + 0.3 * np.exp(-TIME / 5.0),
    "voltage_V": 0.5 + 2.0 * np.exp(-((TIME / 1.5) ** 0.6)),
    "current_A": HUMP,
    "leak_current_A": -HUMP,
}
COLUMNS = {"stretched_tau": "voltage_V", "stretched_beta": "voltage_V"}
COLUMNS |= {"peak": "current_A", "x_of_peak": "current_A", "trough": "leak_current_A", "x_of_trough": "leak_current_A"}
AT: dict[str, Any] = {"x_at": "1.4 S", "y_at": "200 ms", "power_law_x_at": "1.4 S", "power_law_y_at": "200 ms"}
OF_LOGARITHMS = ("loglog_slope", "power_law_x_at", "power_law_y_at")


def entry(name: str) -> dict[str, Any]:
    """Return the entry of a sweep file for a reduction; a slope of logarithms knows no zero."""
    select = "last 100" if name in OF_LOGARITHMS else "all"
    column = COLUMNS.get(name, "conductance_S")
    made = {"name": name, "from": "terminals", "column": column, "against": "time_s", "select": select, "reduce": name}
    return made | ({"at": AT[name]} if CURVES[name].takes else {})


def answers() -> dict[str, float]:
    """Return what the reductions themselves make of the curves."""
    at = {"x_at": 1.4, "y_at": 0.2, "power_law_x_at": 1.4, "power_law_y_at": 0.2}
    found = {}
    for name in CURVES:
        rows = slice(-100, None) if name in OF_LOGARITHMS else slice(None)
        found[name] = CURVES[name].find(
            TIME[rows], TERMINALS[COLUMNS.get(name, "conductance_S")][rows], at.get(name, np.nan)
        )
    return found


@pytest.fixture
def quantities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Quantity, ...]:
    """Return every reduction as a sweep file has it; whatever is run gives the curves above."""
    run = SimpleNamespace(terminals=TERMINALS, pulses={}, measures={}, numerical_error={})
    for module in (tasks, of_fit):
        monkeypatch.setattr(module, "run_case", lambda *_, **__: None)
        monkeypatch.setattr(module, "read", lambda _: run)
    monkeypatch.setattr(tasks, "compile_once", lambda _: None)
    case = small_case(tmp_path / "case", device=COARSE)
    faults = Faults(tmp_path / "sweep.toml")
    found = read_quantities([entry(name) for name in CURVES], [], case, faults)
    assert len(found) == len(CURVES)
    return found


def test_in_a_sweep(tmp_path: Path, quantities: tuple[Quantity, ...]) -> None:
    case = small_case(tmp_path / "case", device=COARSE)
    run = SimpleNamespace(overrides=(), key=case.digest)
    meshes = SimpleNamespace(series=lambda *_: None)
    task = SimpleNamespace(
        case=tmp_path / "case",
        file=tmp_path / "sweep.toml",
        keep="none",
        meshes=meshes,
        traces=None,
        quantities=quantities,
    )
    found = tasks.results(run, task, tmp_path / "run")
    assert found.missing == ""
    assert found.outputs == answers()


def test_in_a_fit(tmp_path: Path, quantities: tuple[Quantity, ...]) -> None:
    path = tmp_path / "expected.toml"
    job = of_fit.Job(tmp_path / "case", "", (), tuple((path, one) for one in quantities), Series())
    found = of_fit.run_job(job, str(tmp_path))
    assert found.failure == ""
    assert {name: value for (_, name), value in found.values.items()} == answers()


def test_one_that_does_not_tell_is_an_output_that_a_sweep_lacks_and_ends_a_fit(
    tmp_path: Path, quantities: tuple[Quantity, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    flat = SimpleNamespace(
        terminals=TERMINALS | {"conductance_S": np.ones(TIME.size)}, pulses={}, measures={}, numerical_error={}
    )
    monkeypatch.setattr(of_fit, "read", lambda _: flat)
    (one,) = (quantity for quantity in quantities if quantity.name == "biexponential_tau1")
    job = of_fit.Job(tmp_path / "case", "", (), ((tmp_path / "expected.toml", one),), Series())
    assert "does not change: two exponentials needs a change" in of_fit.run_job(job, str(tmp_path)).failure
