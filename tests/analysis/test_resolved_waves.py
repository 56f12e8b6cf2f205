"""Frequencies whose waves the mesh does not resolve: a wrong spectrum is refused, a right one is not."""

from dataclasses import replace

import numpy as np
import pytest

import eisfv
from eisfv.analysis.resolved_waves import Waves
from eisfv.analysis.small_signal import SmallSignal
from eisfv.api.impedance import spectrum, wanted_of
from eisfv.constants import FARADAY
from eisfv.device.device import Device
from eisfv.device.tables import Floats
from eisfv.model.contacts import BlockingContact, OhmicContact, ReactiveContact
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.materials import Electrode
from eisfv.model.mesh_options import MeshOptions
from eisfv.observers.spectra import UNRESOLVED
from eisfv.simulation import Simulation
from support.devices import AREA, SITES, VOLT, binary, one_layer, wo3
from support.small_signals import signal

THICK, X, D, EXCHANGE, STERN = 80e-9, 0.1, 1e-17, 2e6, 1e-3
FALL = 0.428 + 0.5 * VOLT * (1.0 / (X * (1.0 - X)) + 4.0 / (2.0 * X * (1.0 - 2.0 * X)))
CHEMICAL = D * FALL * 2.0 / VOLT * X * (1.0 - X)


def film(cells: int) -> Device:
    """Return a film of ions that crawl, behind a metal that hardly hinders them, on equal cells."""
    gate = ReactiveContact(Electrode("Mg", 2, 0.0, reference="metal"), ButlerVolmer(EXCHANGE, 0.5), STERN)
    mesh = MeshOptions(cells={"layer": cells})
    return one_layer(wo3(diffusivity=D), THICK, gate, OhmicContact(), mesh, x=X)


def warburg(frequency: Floats) -> Floats:
    """Return Z (ohm) of such a film: R_W coth(s)/s beside the compact layer, s^2 = i w L^2/D_chem."""
    iw = 2j * np.pi * frequency
    s = np.sqrt(iw * THICK**2 / CHEMICAL)
    faradaic = FALL * THICK / (2.0 * FARADAY * SITES * CHEMICAL * AREA) / np.tanh(s) / s + VOLT / (
        2.0 * EXCHANGE * AREA
    )
    return np.asarray(1.0 / (1.0 / faradaic + iw * STERN * AREA))


def changes(found: SmallSignal, frequency: Floats) -> tuple[Floats, Floats]:
    """Return Z (ohm) and the change of Z that judges it."""
    waves, volt = Waves(found), found.built.thermal_voltage
    y = np.array([found.at(f).admittance for f in frequency])
    return 1.0 / y, np.array([waves.change(f, c) for f, c in zip(frequency, y * volt / FARADAY, strict=True)])


@pytest.mark.parametrize("cells", [16, 40, 160])
def test_what_is_refused_is_wrong_and_what_is_not_is_right(cells: int) -> None:
    """Depths from thirty cells to a thousandth of one: the change is the error while it is small, and stays large."""
    f = np.logspace(-2.0, 6.0, 17)
    z, change = changes(signal(Simulation(film(cells))), f)
    error = np.abs(warburg(f) / z - 1.0)
    wave = np.abs(z - warburg(f)) / np.abs(warburg(f))
    assert (wave[change <= UNRESOLVED] < 2.0 * UNRESOLVED).all()
    assert (wave[change > UNRESOLVED] > UNRESOLVED).all()
    asymptotic = (change > 2e-3) & (change < 0.05)
    np.testing.assert_allclose(change[asymptotic], error[asymptotic], rtol=0.6)
    depth = np.sqrt(CHEMICAL / (2.0 * np.pi * f))
    assert (depth[change > UNRESOLVED] < THICK / cells).all()


def test_waves_that_no_cell_resolves_do_not_matter_where_the_current_is_another() -> None:
    """A salt between blocking walls holds to 1e-3 at 100 MHz, where its waves are shorter than its finest cell."""
    walls = BlockingContact(0.2)
    found = signal(Simulation(one_layer(binary(), 2e-6, walls, walls, MeshOptions(grading="lengths"))))
    _, change = changes(found, np.logspace(3.0, 9.0, 7))
    assert change.max() < 1e-3
    mesh = found.built.mesh
    assert np.sqrt(1e-9 / (2.0 * np.pi * 1e9)) < mesh.volume[~mesh.surface].min() / AREA


def test_slow_waves_are_passed_without_a_second_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    found = signal(Simulation(film(160)))
    waves, current = Waves(found), found.solved(1e-5).current
    monkeypatch.setattr(found, "solved", None)
    assert waves.change(1e-5, current) < 1e-3


def test_a_refused_frequency_has_no_number_and_a_line_names_it() -> None:
    simulation = Simulation(replace(film(40), readout=None))
    found = spectrum(simulation.built, simulation.state, wanted_of(["0.1 Hz", "1 kHz", "1 MHz"], True), "film")
    table = found.table
    assert np.isfinite(table.iloc[0]).all()
    for name in ("Z_real_ohm", "Z_imag_ohm", "capacitance_F", "dG_dV_real_S_per_V", "S_V_V2_per_Hz"):
        assert table[name].isna().tolist() == [False, True, True]
    assert found.resistances.isna().all(axis=1).tolist() == [False, True, True]
    assert (table["wave_error"][1:] > 0.9).all()
    assert len(found.notes) == 1
    assert found.notes[0].startswith(
        "impedance at t = 0 s: 2 of 3 frequencies have no number, 1 kHz to 1 MHz: waves of ions"
    )
    with pytest.raises(eisfv.EisfvError, match=r"film: impedance at t = 0 s: 1 of 1 frequencies have no number, 1 MHz"):
        spectrum(simulation.built, simulation.state, wanted_of(["1 MHz"], False), "film")
