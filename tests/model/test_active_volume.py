"""A film of more active volume takes more ions for the same change of composition; its curves stay."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import CaseError, load
from eisfv.constants import FARADAY
from eisfv.model import read_resolved
from eisfv.result import Run
from support.small_case import DEVICE, finished, pulse, rest

FACTOR = 1.79
PULSE = rest("1 s") + pulse("current", "10 uA", "500 ms") + rest("100 s")
VOLUME = 0.6e-4 * 80e-9 * 30883.0  # mol of sites of the nominal film


def run_of(directory: Path, more: str) -> Run:
    """Return the run of the small synapse with more of its channel said, without a leak: the charge is the ions'."""
    directory.mkdir()
    text = DEVICE.replace("initial.x = 0.005\n", f"initial.x = 0.005\n{more}\n") + PULSE
    (directory / "case.toml").write_text(text + "\n[solver]\nnewton = 1e-9\n")
    tight = "material.pce_succinonitrile_mg.species.electron.conductivity.value='1e-20 S/cm'"
    return finished(load(directory, [tight]), directory / "run")


def test_a_charge_changes_x_by_its_share_of_the_active_volume(tmp_path: Path) -> None:
    for name, more, factor in (("nominal", "", 1.0), ("more", f"active_volume = {FACTOR}", FACTOR)):
        run = run_of(tmp_path / name, more)
        x, g = run.terminals["x_channel"], run.terminals["conductance_S"]
        rise = run.pulses["charge_C"][0] / (2.0 * FARADAY * VOLUME * factor)
        # The double layers give back what they held at the start: 1e-3 of the rise.
        np.testing.assert_allclose(x[-1] - x[0], rise, rtol=5e-3)
        gamma = 2.0 * x[-1]
        filled = (gamma / 0.0263) ** 3.93
        sigma = 100.0 * (5.5e-3 + 547.6 * gamma * filled / (1.0 + filled))
        np.testing.assert_allclose(g[-1], sigma * 80e-9 * 5.0, rtol=5e-3)


def test_the_factor_stands_in_the_resolved_case_once(tmp_path: Path) -> None:
    text = DEVICE.replace("initial.x = 0.005\n", "initial.x = 0.005\nactive_volume = 2.0\n") + PULSE
    (tmp_path / "case.toml").write_text(text)
    case = load(tmp_path)
    again = read_resolved(case.resolved_toml())
    assert again == case.file
    assert again.device.region[2].active_volume == 2.0
    densities = [region.material.host.working_ion.density for region in case.device.regions if region.material.host]
    np.testing.assert_allclose(densities, [30883.0, 61766.0], rtol=1e-15)


def test_an_electrolyte_has_no_active_volume(tmp_path: Path) -> None:
    text = DEVICE.replace('thickness = "1 um"\n', 'thickness = "1 um"\nactive_volume = 2.0\n') + PULSE
    (tmp_path / "case.toml").write_text(text)
    with pytest.raises(CaseError, match=r"region\[1\].active_volume = 2.0 is for hosts"):
        load(tmp_path)
