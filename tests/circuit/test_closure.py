"""ngspice runs the subcircuit under the pulses of a run: those it was fitted to and those it was not.

Bounds are what is reached with a modest margin (README of the two cases): errors of the conductance over its span, of
the changes over their root mean square.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from circuit.conftest import QUICK
from eisfv.postprocess.circuit.closure import by_ngspice
from eisfv.postprocess.circuit.fit import traced
from eisfv.postprocess.circuit.misfits import reads_around_pulses, scaled, spanned
from eisfv.postprocess.circuit.model import Factors
from eisfv.postprocess.circuit.spice import subcircuit
from support.compact import Trained, run_of, trained
from support.ngspice import closed, needs_ngspice

pytestmark = [pytest.mark.ngspice, needs_ngspice]

ONCE = [f"protocol[{block}].repeat=1" for block in (1, 2, 3, 4)]


def pulses(values: tuple[str, ...] = (), durations: tuple[str, ...] = (), rest: str = "", read: str = "") -> list[str]:
    """Return the settings of other pulses of either case."""
    found = list(ONCE)
    for block in (1, 2, 3, 4):
        place = f"protocol[{block}].steps"
        found += [f"{place}[0].value={values[block - 1]}"] if values else []
        found += [f"{place}[0].duration={durations[block - 1]}"] if durations else []
        found += [f"{place}[1].duration={rest}", f"{place}[1].read=last {read}"] if rest else []
    return found


MG = {
    "amplitude": pulses(("30 uA", "-30 uA", "80 uA", "-80 uA")),
    "width": pulses(durations=("100 ms", "200 ms", "50 ms", "1 s")),
    "interval": pulses(rest="2 s", read="1 s"),
}
YSZ = {
    "amplitude": pulses(("9 V", "-9 V", "9 V", "-9 V")),
    "width": pulses(durations=("30 ms", "30 ms", "2 ms", "2 ms")),
    "interval": pulses(rest="200 ms", read="100 ms"),
}
YSZ_BOUNDS = {"amplitude": (0.05, 0.10), "width": (0.06, 0.10), "interval": (0.03, 0.10)}


def test_the_magnesium_train_that_was_fitted_closes(mg: Trained) -> None:
    found = closed(mg.run, mg.fitted.factors)
    assert found.conductance_error < 0.005
    assert found.change_error < 0.005


@pytest.mark.parametrize(
    "train", ["amplitude", *(pytest.param(one, marks=pytest.mark.long) for one in ("width", "interval"))]
)
def test_magnesium_trains_that_were_not_fitted_close(mg: Trained, train: str, tmp_path: Path) -> None:
    found = closed(run_of("mg_compact", tmp_path / "run", *MG[train]), mg.fitted.factors)
    assert found.conductance_error < 0.01
    assert found.change_error < 0.01


def test_the_proton_train_that_was_fitted_closes(ysz: Trained) -> None:
    found = closed(ysz.run, ysz.fitted.factors)
    assert found.conductance_error < 0.02
    assert found.change_error < 0.03


@pytest.mark.parametrize(
    "train", ["width", *(pytest.param(one, marks=pytest.mark.long) for one in ("amplitude", "interval"))]
)
def test_proton_trains_that_were_not_fitted_close(ysz: Trained, train: str, tmp_path: Path) -> None:
    found = closed(run_of("h_ysz_compact", tmp_path / "run", *YSZ[train], *QUICK), ysz.fitted.factors)
    conductance, change = YSZ_BOUNDS[train]
    assert found.conductance_error < conductance
    assert found.change_error < change


def test_a_wrong_factor_does_not_close(mg: Trained, ysz: Trained) -> None:
    wrong = replace(mg.fitted.factors, exchange_channel=1.2 * mg.fitted.factors.exchange_channel)
    assert closed(mg.run, wrong).change_error > 0.01
    wrong = replace(ysz.fitted.factors, hop=1.1 * ysz.fitted.factors.hop)
    assert closed(ysz.run, wrong).change_error > 0.1


@pytest.mark.parametrize("name", ["mg", "ysz"])
def test_ngspice_and_python_integrate_the_same_equations(name: str, request: pytest.FixtureRequest) -> None:
    own: Trained = request.getfixturevalue(name)
    (entry,), factors = own.windows, own.fitted.factors
    python = traced(own.model, factors, entry)
    spice = by_ngspice(own.model, factors, subcircuit(own.model, factors, []), entry)
    ours = np.concatenate([trace.conductance for trace in python])
    pairs = zip(python, spice, strict=True)
    theirs = np.concatenate([np.interp(one.time, other.time, other.conductance) for one, other in pairs])
    assert np.sqrt(np.mean(spanned(theirs, ours) ** 2)) < 1e-3
    steps = [np.subtract(*reads_around_pulses(traces, entry)[::-1]) for traces in (python, spice)]
    assert np.sqrt(np.mean(scaled(steps[1] - steps[0], steps[0]) ** 2)) < 1e-3


@pytest.mark.long
@pytest.mark.parametrize(("name", "bounds"), [("mg_compact", (0.003, 0.003)), ("h_ysz_compact", (0.025, 0.03))])
def test_the_whole_case_closes(name: str, bounds: tuple[float, float], tmp_path: Path) -> None:
    own = trained(run_of(name, tmp_path / "run"))
    found = closed(own.run, own.fitted.factors)
    assert found.conductance_error < bounds[0]
    assert found.change_error < bounds[1]


def test_the_synapse_closes_with_the_cases_own_values(tmp_path: Path) -> None:
    """Nothing fitted: the circuit is the device, pulses of 2 to 6 V and pairs of spikes. Without the free sites that a
    hop needs the film would conduct a fourth more."""
    run = run_of("h_stdp_compact", tmp_path / "run", *QUICK)
    assert closed(run, Factors()).change_error < 0.03
    assert closed(run, Factors(conductivity=1.0 / (1.0 - 100.0 / 490.3))).change_error > 0.1
