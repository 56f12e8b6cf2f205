"""The scatter of changes by pulses from the noise of the conductance that a run's spectra have."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import eisfv
from eisfv.postprocess.extract.noise import sd_between_reads
from eisfv.postprocess.extract.pulse_noise import read_pulse_noise
from eisfv.result import ResultError
from support.small_case import COARSE, small_case

PULSE = {"drive": "current", "duration": "0.5 s", "pulse": True}
REST = {"drive": "open_circuit", "duration": "10 s", "read": "last 5 s"}
SPECTRUM = {"drive": "impedance", "frequencies": {"from": "1 mHz", "to": "100 kHz", "per_decade": 5}, "noise": True}
PULSE_UP = """
[[protocol]]
drive = "voltage"
value = "0.3 V"
duration = "100 ms"
pulse = true

[[protocol]]
drive = "open_circuit"
duration = "1 s"
"""


@pytest.mark.parametrize("tau", [1.0, 100.0])
def test_two_reads_of_a_relaxing_conductance_differ_by_its_variance(tau: float) -> None:
    """S = 4 v t/(1 + (2 pi f t)^2): the variance of G(t + tau) - G(t) is 2 v (1 - e^(-tau/t))."""
    variance, time = 4e-18, 3.0
    frequency = np.logspace(-6.0, 4.0, 201)
    density = 4.0 * variance * time / (1.0 + (2.0 * np.pi * frequency * time) ** 2)
    exact = np.sqrt(2.0 * variance * -np.expm1(-tau / time))
    np.testing.assert_allclose(sd_between_reads(frequency, density, tau), exact, rtol=5e-3)
    independent = np.sqrt(2.0 * variance)
    assert (exact / independent < 0.6) == (tau < time)  # near ones share what is slow


def extracted(out: Path, *last: dict[str, object], noise: Sequence[Path] = ()) -> tuple[dict[str, Any], float]:
    """Return extract.json of a run, and dw_min_std of aihwkit's; noise: of `eisfv noise`."""
    case = eisfv.load("cases/mg_wo3_pulses")
    case.set({"mesh.grading": "lengths", "mesh.growth": 2.0, "mesh.host_growth": 1.6, "mesh.largest": 0.3})
    case.set("material.pce_succinonitrile_mg.species.electron.conductivity", "1e-10 S/cm")
    up, down = ({**PULSE, "value": value} for value in ("10 uA", "-10 uA"))
    case.set({"protocol": [REST, *([up, REST] * 6), *([down, REST] * 6), *last], "output": {"terminals": "every step"}})
    run = eisfv.run(case, out=out)
    eisfv.extract(run, targets=["aihwkit"], out=out / "made", noise=noise)
    device = json.loads((out / "made" / "device_aihwkit.json").read_text())["devices"]["PiecewiseStepDevice"]
    return json.loads((out / "made" / "extract.json").read_text()), device["fields"]["dw_min_std"]


@pytest.mark.long
def test_an_extraction_has_the_noise_of_a_run_that_was_asked_for_it(tmp_path: Path) -> None:
    (plain, none), (noisy, std) = (extracted(tmp_path / str(len(last)), *last) for last in ((), (SPECTRUM,)))
    assert (plain["noise_modelled"], noisy["noise_modelled"], none) == (False, True, 0.0)
    name = "cycle_to_cycle_noise"
    assert plain["quantities"][name]["value"] is None
    assert "noise = true" in plain["quantities"][name]["reason"]
    assert "a lower limit" in noisy["quantities"][name]["window"]
    np.testing.assert_allclose(std, noisy["quantities"][name]["value"], rtol=0.2)


def test_an_extraction_takes_the_noise_of_a_pulse_up_and_of_one_down(tmp_path: Path) -> None:
    shares = {"up": (5e-8, 1e-10), "down": (-4e-8, 2e-10)}
    folders = [tmp_path / name for name in shares]
    for folder, (change, sd) in zip(folders, shares.values(), strict=True):
        folder.mkdir()
        told = {"quantity": "conductance", "pulse": 1, "value": change, "sd": sd, "unit": "S"}
        (folder / "noise.json").write_text(json.dumps(told))
    made, std = extracted(tmp_path / "run", noise=folders)
    found = made["quantities"]["cycle_to_cycle_noise"]
    np.testing.assert_allclose(found["value"], 0.5 * (1e-10 / 5e-8 + 2e-10 / 4e-8), rtol=1e-12)
    assert "noise of heat and reactions during 2 pulses (1, 1)" in found["window"]
    np.testing.assert_allclose(std, found["value"], rtol=1e-6)


@pytest.mark.parametrize(
    "text, words",
    [
        ("[]", "is not of eisfv noise"),
        ('{"quantity": "x_channel", "pulse": 1, "value": 0.1, "sd": 0.1}', "take the conductance and a pulse"),
        ('{"quantity": "conductance", "pulse": null, "value": 0.1, "sd": 0.1}', "take the conductance and a pulse"),
        ('{"quantity": "conductance", "pulse": 1, "value": 0.0, "sd": 0.1}', "take the conductance and a pulse"),
    ],
)
def test_what_is_no_noise_of_a_pulse(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "noise.json").write_text(text)
    with pytest.raises(ResultError, match=words):
        read_pulse_noise(tmp_path)


def test_the_noise_of_a_pulse_is_written_for_an_extraction(tmp_path: Path) -> None:
    small_case(tmp_path / "case", PULSE_UP, device=COARSE)
    found = eisfv.noise(tmp_path / "case", pulse=1)
    found.write(tmp_path / "noise")
    read = read_pulse_noise(tmp_path / "noise")
    assert (read.pulse, read.change, read.sd) == (1, found.value, found.sd)
    with pytest.raises(ResultError, match=r"noise\.json: is not there; make it with eisfv noise CASE --pulse 1"):
        read_pulse_noise(tmp_path)
