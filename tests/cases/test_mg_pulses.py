"""The Mg cases of charging and pulses: their drives are the paper's, and what their READMEs say of the model holds."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from eisfv.case import load
from eisfv.case.case import Case
from eisfv.constants import FARADAY
from eisfv.result import Run
from support.small_case import finished

CASES = Path(__file__).parents[2] / "cases"
TIGHT = 'material."../mg_galvanostatic/materials/pce_tight.toml".species.electron.conductivity'
LEAKY = f"{TIGHT}=1e-6 S/cm"
ONE_CYCLE = "protocol[0].repeat=1"


def case(name: str, *settings: str) -> Case:
    """Return a case of the project with some keys set."""
    return load(CASES / name, settings)


def filled(case: Case, charge: float) -> float:
    """Return the rise of x in the channel that an ionic charge (C) makes."""
    channel = case.device.regions[-1]
    ion = channel.material.host.working_ion
    return charge / (ion.charge * FARADAY * ion.density * channel.thickness * case.device.area)


def charge_of(case: Case) -> np.ndarray:
    """Return the charge (C) of every pulse of a case driven by current."""
    return np.array([step.waveform.value(0.0) * step.duration for step in case.protocol if step.pulse])


def per_read(run: Run) -> np.ndarray:
    """Return the change of conductance (S) from one read after five pulses to the next."""
    return np.diff(np.append(run.pulses["G_before_S"][0], run.pulses["G_after_S"][4::5]))


def totals(run: Run, species: str) -> np.ndarray:
    """Return what the stack holds of a species (mol/m2) at the times of the profiles."""
    return np.asarray(np.nansum(run.profiles(f"concentration_{species}") * run.cells.size, axis=1))


def test_one_nanoampere_fills_the_small_channel_to_the_papers_composition() -> None:
    small = case("mg_galvanostatic")
    (step,) = small.protocol
    np.testing.assert_allclose(filled(small, step.waveform.value(0.0) * step.duration), 0.21, rtol=1e-4)


@pytest.mark.parametrize("name", ["mg_pulses_low", "mg_pulses_high"])
def test_ten_pulses_of_each_sign_carry_five_microcoulombs(name: str) -> None:
    np.testing.assert_allclose(charge_of(case(name)), np.repeat([5e-6, -5e-6], 10), rtol=1e-12)


def test_every_charge_comes_by_duration_and_by_current() -> None:
    by_duration, by_current = np.split(charge_of(case("mg_pulse_linearity")), 2)
    np.testing.assert_allclose(by_duration, by_current, rtol=1e-12)
    cycles = by_duration.reshape(7, 3, 2, 10)
    np.testing.assert_array_equal(cycles[:, :, 0], -cycles[:, :, 1])
    assert np.unique(cycles).size == 14


def test_twenty_thousand_pulses_have_the_papers_reads() -> None:
    cycling = case("mg_voltage_cycling")
    assert cycling.protocol.pulses == 20_000
    np.testing.assert_allclose(cycling.protocol.duration, 100 * 660.0, rtol=1e-12)
    steps = list(islice(cycling.protocol, 400))
    pulses, rests = steps[::2], steps[1::2]
    assert [step.waveform.value(0.0) for step in pulses] == 100 * [1.0] + 100 * [-1.0]
    assert {step.duration for step in pulses} == {0.5}
    assert [step.duration for step in rests] == 40 * [1.0, 1.0, 1.0, 1.0, 10.0]
    assert [step.read is not None for step in rests] == 40 * [False, False, False, False, True]


@pytest.mark.long
def test_a_tight_small_channel_takes_all_its_charge_and_a_leaky_one_little(tmp_path: Path) -> None:
    leak = 'material."./materials/pce_tight.toml".species.electron.conductivity=1e-6 S/cm'
    rises = []
    for number, settings in enumerate([(), (leak,)]):
        x = finished(case("mg_galvanostatic", *settings), tmp_path / str(number)).terminals["x_channel"]
        rises.append(x[-1] - x[0])
    np.testing.assert_allclose(rises[0], 0.21, rtol=2e-3)
    assert rises[1] < 0.05 * rises[0]


@pytest.mark.long
def test_pulses_are_symmetric_without_a_leak_and_not_with_it(tmp_path: Path) -> None:
    changes = [
        finished(case("mg_pulses_low", *settings), tmp_path / str(number)).pulses["dG_S"]
        for number, settings in enumerate([(), (LEAKY,)])
    ]
    np.testing.assert_allclose(changes[0][10:], -changes[0][9::-1], rtol=1e-2)
    assert np.abs(changes[1][10:] / changes[1][9::-1]).max() < 0.5


@pytest.mark.long
def test_a_pulse_does_three_times_as_much_at_27_as_at_5_microsiemens_and_not_at_10(tmp_path: Path) -> None:
    at_5, at_27, at_10 = (
        finished(case(name, *settings), tmp_path / str(number)).pulses["dG_S"][0]
        for number, (name, settings) in enumerate(
            [
                ("mg_pulses_low", ()),
                ("mg_pulses_high", ()),
                ("mg_pulses_high", ("device.region.channel.initial.x=0.0058",)),
            ]
        )
    )
    assert at_27 > 3.0 * at_5 > at_10


@pytest.mark.long
def test_charge_alone_counts_without_a_leak_and_with_it_the_current_too(tmp_path: Path) -> None:
    curves = []
    for number, settings in enumerate([(), (LEAKY,)]):
        run = finished(case("mg_pulse_linearity", *settings), tmp_path / str(number))
        raising = run.pulses["dG_S"].reshape(2, 7, 3, 2, 10)[:, :, :, 0]
        curves.append(raising.mean(axis=(2, 3)))
    np.testing.assert_allclose(curves[0][0], curves[0][1], rtol=1e-3)
    assert curves[1][1, -1] > 2.0 * curves[1][0, -1]


@pytest.fixture(scope="module")
def cycle(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return the first cycle of the voltage cycling."""
    return finished(case("mg_voltage_cycling", ONE_CYCLE), tmp_path_factory.mktemp("cycle") / "run")


@pytest.mark.long
def test_the_change_per_read_is_right_to_a_percent(cycle: Run, tmp_path: Path) -> None:
    finer = ("solver.tolerance=2e-4", "mesh.first=0.25", "mesh.growth=1.07", "mesh.host_growth=1.04")
    coarse = ("solver.tolerance=5e-2", "mesh.first=2.0", "mesh.growth=2.0", "mesh.host_growth=1.5")
    right, wrong = (
        per_read(finished(case("mg_voltage_cycling", ONE_CYCLE, *settings), tmp_path / name))
        for name, settings in (("finer", finer), ("coarse", coarse))
    )
    np.testing.assert_allclose(per_read(cycle), right, rtol=1e-2)
    assert np.abs(wrong / right - 1.0).max() > 1e-2


@pytest.mark.long
@pytest.mark.parametrize("species", ["Mg", "TFSI"])
def test_two_hundred_pulses_of_one_volt_lose_no_ions(cycle: Run, species: str) -> None:
    held = totals(cycle, species)
    np.testing.assert_allclose(held[-1], held[0], rtol=1e-9)


@pytest.mark.long
def test_cycles_drift_towards_zero_volts_from_either_side(cycle: Run, tmp_path: Path) -> None:
    above = ("device.region.channel.initial.x=0.06", "device.region.reservoir.initial.x=0.045")
    falling = finished(case("mg_voltage_cycling", ONE_CYCLE, *above), tmp_path / "run")
    assert cycle.terminals["voltage_V"][0] < 0.0 < falling.terminals["voltage_V"][0]
    assert cycle.pulses["dG_S"].sum() > 0.0 > falling.pulses["dG_S"].sum()
