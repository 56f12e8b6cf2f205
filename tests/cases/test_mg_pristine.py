"""The experiments on the film with a pristine background: what its charge factor and its curve make of a pulse."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from support.small_case import finished

CASES = Path(__file__).parents[2] / "cases" / "mg_joint" / "pristine"
ONE = ("protocol[1].repeat=1", "protocol[2].repeat=1")


def test_a_pulse_at_five_microsiemens_is_a_third_of_a_microsiemens_by_the_charge_factor(tmp_path: Path) -> None:
    # By charge alone 0.3156 uS; the charge on the nominal volume would give 0.59.
    run = finished(load(CASES / "pulses_low", ONE), tmp_path)
    np.testing.assert_allclose(run.pulses["charge_C"], [5e-6, -5e-6], rtol=1e-6)
    np.testing.assert_allclose(run.pulses["dG_S"][0], 0.313e-6, rtol=0.016)


@pytest.mark.long
def test_one_millisiemens_comes_to_rest_at_forty_microsiemens_within_a_day(tmp_path: Path) -> None:
    run = finished(load(CASES / "retention"), tmp_path)
    hours, conductance = run.terminals["time_s"] / 3600.0, run.terminals["conductance_S"]
    told = np.interp([3.0, 6.0, 8.0, 12.0], hours, conductance)
    np.testing.assert_allclose(told, [180e-6, 73e-6, 55e-6, 43e-6], rtol=0.02)
