"""Hosts with plateaus, from the library and as a user tabulates them, from check to extract."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.constants import thermal_voltage
from eisfv.model.phase_separation import GradientEnergy
from eisfv.result import read
from support.commands import invoke
from support.plateau_hosts import LIBRARY, OWN, POTENTIAL, write_case

QUICK = {("two plateaus", 0.1)}
INSIDE = {"li_coo2": (0.55, 0.7, 0.85)}  # of a table that begins later
WALK = [(name, x) for name in (*OWN, *LIBRARY) for x in INSIDE.get(name, (0.03, 0.1, 0.25))]
# The double layers of a film of 40 nm hold a few thousandths of its ions, which the mean x counts.
REST = 5e-3  # V


@pytest.mark.parametrize(
    ("name", "x"), [pytest.param(*one, marks=[] if one in QUICK else [pytest.mark.long]) for one in WALK]
)
def test_a_host_goes_from_check_to_extract_and_rests_at_its_potential(tmp_path: Path, name: str, x: float) -> None:
    case, out = write_case(tmp_path, name, x), tmp_path / "out"
    assert invoke("check", case).exit_code == 0
    ran = invoke("run", case, "--quiet", "--out", out)
    assert ran.exit_code == 0, ran.output
    extracted = invoke("extract", out)
    assert extracted.exit_code == 0, extracted.output
    region = load(case).device.regions[-1]
    host = region.material.host
    assert host is not None
    if isinstance(host.phase_separation, GradientEnergy):
        return  # with a boundary it rests on the plateau, without one on the curve
    rest = read(out).terminals
    mean = rest["x_channel"][-1]
    level = host.curve(298.15).value(np.log([mean / (1.0 - mean)]))[0]
    potential = level * thermal_voltage(298.15) / host.working_ion.charge
    np.testing.assert_allclose(POTENTIAL - rest["voltage_V"][-1], potential, atol=REST)
