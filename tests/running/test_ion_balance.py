"""What arrives in the channel is what the terminals say went through, the electrons' leak taken off.

z F c_site V dx = integral of (I - I_leak) dt

Exact up to what the double layers hold more at the end than at the start, 10 uF/cm2 times the few mV by which the
open-circuit voltage has moved.
"""

import numpy as np
import pytest

from eisfv.constants import FARADAY
from eisfv.result import Run
from support.small_case import finished, small_case

PROTOCOL = """
[[protocol]]
drive = "open_circuit"
duration = "1 s"

[[protocol]]
drive = "voltage"
value = "0.5 V"
duration = "500 ms"
pulse = true

[[protocol]]
drive = "open_circuit"
duration = "2 s"
"""
OUTPUT = '[output]\nfields = { at = ["end"] }\n[solver]\ntolerance = 1e-5\n'


@pytest.fixture(scope="module")
def balance(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, float]:
    """Return a run and the ionic charge (C) that its channel has taken."""
    where = tmp_path_factory.mktemp("balance")
    case = small_case(where, PROTOCOL, OUTPUT)
    run = finished(case, where / "run")
    channel = case.device.regions[-1]
    ion = channel.material.host.working_ion
    sites = ion.density * channel.thickness * case.device.area
    filling = run.terminals["x_channel"]
    return run, ion.charge * FARADAY * sites * float(filling[-1] - filling[0])


def through(run: Run, *columns: str) -> float:
    """Return the charge (C) of the first column less the others: by trapezoids, but of the two implicit Euler steps
    behind a corner by the rate at their end, as they have it. What charges the device there is a spike."""
    rows = run.terminals
    rate = np.asarray(rows[columns[0]] - sum(rows[column] for column in columns[1:]))
    changed = np.diff(rows["step"], prepend=0) != 0
    euler = (changed | np.roll(changed, 1))[1:]
    return float(np.where(euler, rate[1:], 0.5 * (rate[1:] + rate[:-1])) @ np.diff(rows["time_s"]))


def test_the_channel_holds_the_ionic_charge_of_the_terminals(balance: tuple[Run, float]) -> None:
    run, taken = balance
    np.testing.assert_allclose(through(run, "current_A", "leak_current_A"), taken, rtol=5e-4)


def test_the_whole_charge_is_not_in_the_channel(balance: tuple[Run, float]) -> None:
    run, taken = balance
    assert abs(through(run, "current_A") / taken - 1.0) > 0.01
