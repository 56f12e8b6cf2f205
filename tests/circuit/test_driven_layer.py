"""The layer of a film that hops, while a current passes it: against its two equations, integrated without the model."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from eisfv.constants import FARADAY, VACUUM_PERMITTIVITY, thermal_voltage
from eisfv.postprocess.circuit.driven_layer import layer_potential
from eisfv.postprocess.circuit.layers import electrolyte_layer
from eisfv.postprocess.circuit.model import CompactModel
from eisfv.postprocess.circuit.stack import Electrolyte, Ion
from support.compact import Trained

TEMPERATURE = 298.15
VOLT = thermal_voltage(TEMPERATURE)
EPS, SITES, IONS, HOP = 10.0 * VACUUM_PERMITTIVITY, 490.0, 100.0, 1.1e-9
THICKNESS = 14e-9


@pytest.fixture(name="film")
def film_of_protons(ysz: Trained) -> CompactModel:
    """A film of 14 nm, a fifth of its sites filled."""
    ion = Ion("H", 1, True, IONS, SITES, 1e-18, HOP, 0.0)
    electrolyte = Electrolyte(THICKNESS, EPS, (ion,), -IONS, 0.0)
    return replace(
        ysz.model,
        stack=replace(ysz.model.stack, electrolyte=electrolyte),
        layer=electrolyte_layer(electrolyte, TEMPERATURE, 0.2),
        capacitance=EPS / THICKNESS,
        hop=2.0 * VOLT * THICKNESS / HOP,
    )


def integrated(field: float, towards: bool, gathers: bool, charge: float) -> float:
    """Return how far the potential at the interface is from where the bulk's field leads, V, of a layer of `charge`
    (C/m2 of its ions and its background together), by integration out of the bulk along its own direction."""
    theta_0, scale = IONS / SITES, FARADAY / EPS
    unit = 2.0 * VOLT / HOP

    def turned(y: np.ndarray, logit: float) -> list[float]:
        theta = 1.0 / (1.0 + np.exp(-logit))
        local = field + y[0]
        passed = np.sinh(field / unit) / np.sinh(local / unit) * theta_0 * (1.0 - theta_0) / theta / (1.0 - theta)
        per_logit = VOLT / (local * (1.0 - passed))
        return [scale * (SITES * theta - IONS) * per_logit, y[0] * per_logit]

    # Next to the bulk: VT k^2/(1-theta_0) - E (1-2 theta_0)/(1-theta_0) k - E coth(w) F c_0/(eps E_a) = 0.
    lead, middle = VOLT / (1.0 - theta_0), field * (1.0 - 2.0 * theta_0) / (1.0 - theta_0)
    last = field / unit / np.tanh(field / unit) * scale * IONS
    root = np.sqrt(middle**2 + 4.0 * lead * last)
    k = (middle + root if towards else middle - root) / (2.0 * lead)
    small, begin = (1e-4 if gathers else -1e-4), float(np.log(theta_0 / (1.0 - theta_0)))

    def reached(logit: float, y: np.ndarray) -> float:
        return abs(EPS * y[0]) - charge

    reached.terminal = True
    span = begin + small / (1.0 - theta_0), begin + 9.0 * np.sign(small)
    start = [scale * IONS * small / k, 0.0]
    made = solve_ivp(
        lambda logit, y: turned(y, logit), span, start, events=reached, method="LSODA", rtol=1e-8, atol=[1e2, 1e-9]
    )
    assert made.status == 1, "no layer holds so much"
    return abs(float(made.y[1, -1]))


@pytest.mark.parametrize(
    ("volts_per_nm", "towards", "charge"),
    [
        (0.02, True, -7e-3),
        (0.1, True, -7e-3),
        (0.26, True, -7e-3),
        (0.4, True, -3e-3),
        (0.1, False, 7e-3),
        (0.26, False, 1e-2),
    ],
)
def test_a_driven_layer_is_that_of_one_current(
    film: CompactModel, volts_per_nm: float, towards: bool, charge: float
) -> None:
    """Charge < 0: ions have gathered beside the interface."""
    field = volts_per_nm * 1e9
    wanted = integrated(field, towards, charge < 0.0, abs(charge))
    found = abs(layer_potential(film, 1.0)(charge, -EPS * field if towards else EPS * field))
    assert abs(found - wanted) < max(2.5e-3, 0.06 * wanted)


def test_the_layer_in_equilibrium_is_wrong_where_a_field_packs_it(film: CompactModel) -> None:
    wanted = integrated(2.6e8, True, True, 7e-3)
    assert abs(film.layer.function()(-7e-3)) > wanted + 0.02


@pytest.mark.parametrize("charge", [-1e-2, -1e-3, 1e-3, 1e-2])
def test_without_field_the_layer_is_in_equilibrium(film: CompactModel, charge: float) -> None:
    np.testing.assert_allclose(layer_potential(film, 1.0)(charge, 0.0), film.layer.function()(charge), rtol=1e-6)


def test_a_salt_keeps_its_layer_in_any_field(mg: Trained) -> None:
    potential, relaxed = layer_potential(mg.model, 1.0), mg.model.layer.function()
    assert potential(-0.02, -0.01) == relaxed(-0.02)
