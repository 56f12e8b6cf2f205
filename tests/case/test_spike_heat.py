"""The heat of the resistors between two lines and a gate, and the energy that the lines give."""

from pathlib import Path

import numpy as np
import pytest

from case.spike_case import TABLE
from eisfv.model.quantity import Quantity
from eisfv.model.spike_shapes import Biphasic
from support.small_case import COARSE, finished, pulse, small_case


@pytest.mark.parametrize("interval", ["20 ms", "-130 ms", "pre"])
def test_the_lines_drive_their_difference_through_the_divider(tmp_path: Path, interval: str) -> None:
    entry = f'\n[[protocol]]\ndrive = "spikes"\nintervals = ["{interval}"]\nalpha_pre = 0.8\nalpha_post = -0.6\n'
    third = 'third = { shape = "triangle", peak = "1 V", arm = "10 ms" }\n'
    case = small_case(tmp_path, TABLE + 'divider = "9 Mohm"\n' + third + entry)
    dt = None if interval == "pre" else Quantity(1e-3 * float(interval.split()[0]))
    t = np.linspace(-0.4, 0.4, 800_001)
    corners = Biphasic(6.5, 80e-3, 2e-3).corners()
    pre = 0.8 * np.interp(t, *zip(*corners, strict=True))
    post = 0.0 * t if dt is None else 0.6 * np.interp(t - dt, *zip(*corners, strict=True))
    expected = np.trapezoid((pre - post) ** 2, t) / (2.0 * 9e6)
    spike = next(iter(case.protocol))
    assert spike.between_lines is not None
    np.testing.assert_allclose(spike.between_lines, expected, rtol=1e-6)
    assert next(iter(small_case(tmp_path / "bare", TABLE + entry).protocol)).between_lines is None


def test_resistors_and_a_resistive_device_take_what_the_lines_give(tmp_path: Path) -> None:
    # A film between two metals is its resistance r for a nanosecond: V_G = V r/(r + R/2).
    film = (
        '[case]\ntitle = "A film"\n[device]\ntemperature = "298.15 K"\narea = "0.6 cm^2"\n'
        '[[device.region]]\nname = "film"\nmaterial = "mg_wo3"\nthickness = "80 nm"\ninitial.x = 0.1\n'
        '[device.contact.gate]\nkind = "ohmic"\n[device.contact.channel]\nkind = "ohmic"\n'
        '[mesh]\ncells = { film = 5 }\n[readout]\nregion = "film"\nlength = "1 um"\nwidth = "1 um"\n'
    )
    table = TABLE.replace("6.5 V", "0.2 mV").replace("80 ms", "0.8 ns").replace('"2 ms"', '"0.02 ns"')
    table = table.replace('"20 s"', '"20 ns"').replace("100 ms", "10 ns")
    entry = '\n[[protocol]]\ndrive = "spikes"\nintervals = ["0.2 ns"]\n'
    tight = "[solver]\ntolerance = 1e-5\nnewton = 1e-10\n"
    plain = finished(small_case(tmp_path / "bare", table + entry, tight, film), tmp_path / "bare_run")
    assert plain.pulses["resistors_J"][0] == 0.0
    t = np.linspace(-0.8e-9, 1.0e-9, 400_001)
    times, levels = zip(*Biphasic(0.2e-3, 0.8e-9, 0.02e-9).corners(), strict=True)
    pre, post = np.interp(t, times, levels), -np.interp(t - 0.2e-9, times, levels)
    r = float(np.trapezoid((0.5 * (pre + post)) ** 2, t) / plain.pulses["energy_J"][0])
    resistor = 2.0 * r
    divided = finished(
        small_case(tmp_path / "divided", table + f'divider = "{resistor!r} ohm"\n' + entry, tight, film),
        tmp_path / "run",
    ).pulses
    gate = 0.5 * (pre + post) * r / (r + 0.5 * resistor)
    heat = np.trapezoid((pre - gate) ** 2 + (post - gate) ** 2, t) / resistor
    np.testing.assert_allclose(divided["resistors_J"][0], heat, rtol=2e-3)
    given = np.trapezoid(pre * (pre - gate) + post * (post - gate), t) / resistor
    np.testing.assert_allclose(divided["energy_J"][0], given, rtol=2e-3)
    np.testing.assert_allclose(given - heat, np.trapezoid(gate**2, t) / r, rtol=1e-9)
    assert heat > 1.1 * np.trapezoid((pre - post) ** 2, t) / (2.0 * resistor)  # both parts count


def test_energy_less_the_heat_of_the_resistance_is_what_the_device_takes(tmp_path: Path) -> None:
    device = COARSE.replace('area = "0.6 cm^2"', 'area = "0.6 cm^2"\nseries_resistance = "100 ohm"')
    solver = "[solver]\ntolerance = 1e-4\nnewton = 1e-8\n"
    run = finished(small_case(tmp_path, pulse("voltage", "0.5 V", "100 ms"), solver, device), tmp_path / "run")
    time, volts, amps = (run.terminals[name] for name in ("time_s", "voltage_V", "current_A"))
    heat = np.trapezoid(100.0 * amps[1:] ** 2, time[1:])
    taken = np.trapezoid((volts * amps)[1:], time[1:])
    np.testing.assert_allclose(run.pulses["resistors_J"][0], heat, rtol=5e-3)
    np.testing.assert_allclose(run.pulses["energy_J"][0] - run.pulses["resistors_J"][0], taken, rtol=5e-3)
    assert 0.1 < heat / run.pulses["energy_J"][0] < 0.9
