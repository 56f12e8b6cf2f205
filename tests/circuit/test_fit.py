"""The fit: factors near one on a run of the same physics, and the right ones back where they are known."""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.postprocess.circuit.fit import fit, free_factors, misfits, traced
from eisfv.postprocess.circuit.misfits import charges_of, reads_around_pulses
from eisfv.postprocess.circuit.model import Factors
from eisfv.postprocess.circuit.windows import Window
from eisfv.result import Run
from support.compact import Trained


@pytest.mark.parametrize("name", ["mg", "ysz"])
def test_the_fit_misses_less_than_the_cases_own_values(name: str, request: pytest.FixtureRequest) -> None:
    trained: Trained = request.getfixturevalue(name)
    own, fitted = (
        float(np.sqrt(np.sum(misfits(trained.model, factors, trained.run, trained.windows) ** 2)))
        for factors in (Factors(), trained.fitted.factors)
    )
    assert fitted <= own
    np.testing.assert_allclose(fitted, trained.fitted.residual, rtol=0.05)


@pytest.mark.parametrize("name", ["mg", "ysz"])
def test_the_factors_are_of_order_one_and_inside_their_intervals(name: str, request: pytest.FixtureRequest) -> None:
    trained: Trained = request.getfixturevalue(name)
    for factor in free_factors(trained.model):
        value = getattr(trained.fitted.factors, factor)
        assert 0.4 < value < 2.5, factor
        assert trained.fitted.low[factor] < value < trained.fitted.high[factor]


def test_magnesium_needs_no_correction_beyond_three_percent(mg: Trained) -> None:
    values = [getattr(mg.fitted.factors, factor) for factor in free_factors(mg.model)]
    np.testing.assert_allclose(values, 1.0, atol=0.03)


def test_factors_that_mean_nothing_in_a_model_are_not_fitted(mg: Trained, ysz: Trained) -> None:
    assert "hop" not in free_factors(mg.model)
    assert "hop" in free_factors(ysz.model)
    assert mg.fitted.factors.hop == 1.0


def test_known_factors_come_back_as_far_as_the_run_shows_them(mg: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run made by the compact model itself, with factors of its own. Of two alike interfaces in series it shows the
    product of the exchange currents; which of them is the smaller one is the prior's."""
    known = Factors(exchange_gate=1.5, exchange_channel=1.1, leak=1.2, sigma=1.1)
    (entry,) = mg.windows
    made = traced(mg.model, known, entry)
    before, after = reads_around_pulses(made, entry)
    window: Window = replace(
        entry,
        voltage=tuple(trace.voltage for trace in made),
        conductance=tuple(trace.conductance for trace in made),
    )
    run = Run(mg.run.path, mg.run.status)
    table = {"G_before_S": before, "G_after_S": after, "dG_S": after - before, "charge_C": charges_of(made, entry)}
    monkeypatch.setitem(run.__dict__, "pulses", {**mg.run.pulses, **table})
    found = fit(mg.model, run, [window]).factors
    for factor in ("leak", "sigma"):
        np.testing.assert_allclose(getattr(found, factor), getattr(known, factor), rtol=0.01)
    product, wanted = (both.exchange_gate * both.exchange_channel for both in (found, known))
    np.testing.assert_allclose(product, wanted, rtol=0.08)
