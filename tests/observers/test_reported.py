"""Changes that do not count among the reported numbers: those of less than one carrier."""

from array import array
from pathlib import Path

import numpy as np

from case.test_well_posed_films import INJECTING, case_of
from eisfv.case import load
from eisfv.constants import ELEMENTARY_CHARGE, FARADAY
from eisfv.observers.readout import ChannelReadout
from eisfv.observers.reported import Reported
from eisfv.simulation import Simulation

READ = '[readout]\nregion = "film"\nlength = "2 um"\nwidth = "1 um"\n'


def test_one_carrier_of_a_film_is_the_least_change_that_counts(tmp_path: Path) -> None:
    """A carrier of a film: e mu/l^2 times the strip's share, w l, of the area; e of the charge; one ion."""
    file = case_of(tmp_path, INJECTING)
    file.write_text(file.read_text() + READ)
    simulation = Simulation(load(file).device)
    reported = Reported(simulation.built, ChannelReadout(simulation.built), simulation.state)
    noise = dict(zip(reported.names, reported.noise, strict=True))
    np.testing.assert_allclose(noise["conductance"], ELEMENTARY_CHARGE * 1e-4 / (2e-6) ** 2 * 2.0, rtol=1e-9)
    np.testing.assert_allclose(noise["charge"], ELEMENTARY_CHARGE, rtol=1e-12)
    assert all(noise[name] >= ELEMENTARY_CHARGE / FARADAY for name in reported.names if name.startswith("content"))


def test_a_change_of_less_than_its_rounding_is_not_what_an_error_is_relative_to(tmp_path: Path) -> None:
    """Of two steps one changes the conductance by 1.5 times its noise, the other by a tenth of it."""
    file = case_of(tmp_path, INJECTING)
    file.write_text(file.read_text() + READ)
    simulation = Simulation(load(file).device)
    reported = Reported(simulation.built, ChannelReadout(simulation.built), simulation.state)
    at, noise = reported.names.index("conductance"), reported.noise
    rows = np.tile(reported.rows, (3, 1))
    rows[:, at] += noise[at] * np.array([0.0, 1.5, 1.6])
    reported.numbers = array("d", rows.ravel())
    np.testing.assert_allclose(reported.scale[:, at], noise[at] * np.array([1.5, 1.0]), rtol=1e-6)
    np.testing.assert_allclose(np.delete(reported.scale, at, 1), np.delete(np.tile(noise, (2, 1)), at, 1))
