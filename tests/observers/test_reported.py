"""Changes that do not count among the reported numbers: those of less than one carrier."""

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
