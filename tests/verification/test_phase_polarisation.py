"""A film of two phases between ohmic contacts: the voltage at which a current makes them change sides.

Ions at rest are level, so that the chemical potential of the neutral host falls as the electrons' level does: V splits
over the phases as their resistances, and one is unstable at its wall where its share reaches the overshoot V_s of its
spinodal: V_s/max(share) for films far thicker than sqrt(kappa), V_s = 21.33 mV and a share of 1/2 where both conduct
alike. Of thinner films the threshold is where the steady film, solved apart from the model, ceases to be stable: 48.51
mV at 60 nm, 44.52 mV at 240 nm, 15 and 60 sqrt(kappa); its fold, beyond which there is none, is at 48.75 and 44.55 mV
(`support.steady_phases`).
"""

from dataclasses import replace

import numpy as np
import pytest

from eisfv.device.device import Device
from eisfv.model.contacts import OhmicContact
from eisfv.model.host_curves import PercolationConductivity
from eisfv.model.mesh_options import MeshOptions
from eisfv.model.regions import Initial, Region
from eisfv.model.solver_options import SolverOptions
from eisfv.model.steps import VoltageStep
from eisfv.model.waveforms import Constant
from eisfv.simulation import Simulation
from support.devices import TEMPERATURE
from support.phases import AREA, OVERSHOOT, filling, regular
from support.steady_phases import threshold_and_fold

UNLIKE = PercolationConductivity(50.0, 55000.0, 0.5, 4.0)  # nine hundred times better in the rich phase


def sandwich(sigma: float | None, thickness: float) -> Device:
    host = regular(sigma=sigma) if sigma is not None else replace(regular(), conductivity=UNLIKE)
    return Device(
        TEMPERATURE,
        AREA,
        (Region("film", host, thickness, Initial(0.5)),),
        (),
        OhmicContact(),
        OhmicContact(),
        mesh=MeshOptions(cells={"film": round(thickness / 1e-9)}),
    )


def flips(millivolts: float, sigma: float | None = 1e-4, thickness: float = 60e-9) -> bool:
    """Return whether the phases, set by 2 mV the other way, change sides; sigma: of both in S/m, None: unlike."""
    simulation = Simulation(sandwich(sigma, thickness), SolverOptions(method="bdf"))
    simulation.run(VoltageStep(1e3, Constant(2e-3)))
    x = filling(simulation)
    assert x[0] < 0.1 < 0.9 < x[-1]
    simulation.run(VoltageStep(4e3, Constant(-1e-3 * millivolts)))
    x = filling(simulation)
    flipped = x[0] > 0.75 and x[-1] < 0.25
    assert flipped or (x[0] < 0.25 and x[-1] > 0.75), "one or the other"
    return bool(flipped)


@pytest.mark.parametrize("sigma", [1e-4, 1e-3, 1e-6])
def test_the_threshold_voltage_is_one_whatever_the_conductivity(sigma: float) -> None:
    """So that the threshold current goes as sigma over thickness. At 1e-6 S/m electrons are slower than the ions."""
    assert not flips(47.5, sigma)
    assert flips(50.0, sigma)


def test_a_thicker_film_flips_earlier_and_no_film_below_twice_the_overshoot() -> None:
    assert not flips(42.0, thickness=120e-9)
    assert flips(47.5, thickness=120e-9)


def test_a_steady_film_is_unstable_before_its_fold_and_both_near_twice_the_overshoot() -> None:
    thin, fold = threshold_and_fold(60e-9, 120)
    np.testing.assert_allclose((thin, fold), (48.506, 48.745), rtol=1e-4)
    thick, further = threshold_and_fold(240e-9, 160)
    assert 2e3 * OVERSHOOT < thick < further < thin
    np.testing.assert_allclose((thick, further), (44.52, 44.55), rtol=1e-3)


@pytest.mark.long
@pytest.mark.parametrize("thickness", [60e-9, 240e-9])
def test_a_film_flips_where_its_steady_state_ceases_to_be_stable_and_not_at_its_fold(thickness: float) -> None:
    """Within 0.4 %: the space charge, which the steady film has not, takes some 0.1 %, the mesh as much."""
    threshold, fold = threshold_and_fold(thickness, round(thickness / 1e-9))
    assert not flips(0.996 * threshold, thickness=thickness)
    above = 1.002 * threshold
    assert flips(above, thickness=thickness)
    assert above < fold or thickness > 60e-9, "this film has a steady state there"


def test_where_the_phases_conduct_unlike_the_overshoot_of_the_poor_one_is_enough() -> None:
    assert not flips(20.5, sigma=None)
    assert flips(24.0, sigma=None)
