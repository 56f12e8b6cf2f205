"""A device driven by hand goes where its protocol would take it."""

import tomllib
from itertools import takewhile
from typing import Any

import numpy as np
import pytest

import eisfv
from support.small_case import COARSE

PULSE = {"drive": "voltage", "value": "0.3 V", "duration": "20 ms", "pulse": True}
REST = {"drive": "open_circuit", "duration": "50 ms"}


def case_of(*steps: dict[str, object]) -> eisfv.Case:
    """Return a small case with a protocol."""
    case = eisfv.Case(**tomllib.loads(COARSE), protocol=list(steps))
    case.set("mesh.companion", "none")
    return case


def test_drives_one_after_the_other_are_the_run_of_their_protocol() -> None:
    run = eisfv.run(case_of(PULSE, REST), quiet=True)
    simulation = eisfv.Simulation(case_of(REST))  # whose own protocol does not count
    steps = [*simulation.steps("voltage", "0.3 V", "20 ms"), *simulation.steps("open_circuit", duration="50 ms")]
    table = run.terminals.isel(time=slice(1, None))
    for name in ("time", "step_time", "voltage", "current", "conductance", "x_channel"):
        np.testing.assert_array_equal([getattr(now, name) for now in steps], table[name].values)
    profiles = run.profiles.isel(profile_time=-1)
    for name in ("potential", "site_fraction_Mg"):
        np.testing.assert_array_equal(simulation.profiles[name].values, profiles[name].values)
    assert simulation.profiles.potential.attrs["units"] == "V"


def test_a_drive_that_is_left_is_a_shorter_one() -> None:
    """Left where the voltage is reached, the device rests from there as it does after a drive of that length."""
    left = eisfv.Simulation(case_of(REST))
    *_, last = takewhile(lambda now: now.voltage < -0.01, left.steps("current", "10 uA", "1 s"))
    now = left.now
    assert now.voltage >= -0.01 > last.voltage
    rest = left.drive("open_circuit", duration="50 ms")
    whole = eisfv.Simulation(case_of(REST))
    assert whole.drive("current", "10 uA", f"{now.step_time!r} s").time == now.time
    other = whole.drive("open_circuit", duration="50 ms")
    np.testing.assert_allclose(rest.voltage, other.voltage, rtol=1e-3)
    assert (rest.time, rest.step_time) == (other.time, 0.05)
    assert abs(now.voltage / rest.voltage - 1.0) > 0.1  # at rest it is another


def test_the_current_of_a_drive_by_current_is_what_was_asked_for() -> None:
    simulation = eisfv.Simulation(case_of(REST))
    end = simulation.drive("current", "-10 uA", "1 ms")
    np.testing.assert_allclose(end.current, -1e-5, rtol=1e-9)


@pytest.mark.parametrize(
    ("drive", "line"),
    [
        (("voltage", 0.5, "1 s"), 'drive: value = 0.5 has no unit; write for example "0.5 V"'),
        (("voltage", "0.5 V", 1), 'drive: duration = 1 has no unit; write for example "500 ms"'),
        (("voltage", "0.5 V"), "drive: duration is missing"),
        (("current", "1 V", "1 s"), "measures voltage, not current"),
        (("curent", "1 A", "1 s"), 'drive: drive = "curent" is not one of'),
        (("open_circuit", "1 V", "1 s"), "drive: value is not a known key"),
    ],
)
def test_a_wrong_drive_is_refused_before_anything_is_driven(drive: tuple[Any, ...], line: str) -> None:
    simulation = eisfv.Simulation(case_of(REST))
    before = simulation.now
    with pytest.raises(eisfv.CaseError) as error:
        simulation.steps(*drive)
    assert line in str(error.value)
    assert simulation.now == before


def test_a_drive_without_a_solution_is_refused_as_that_of_a_case() -> None:
    blocked = {"gate": {"kind": "blocking"}, "channel": {"kind": "blocking"}}
    film = {"name": "film", "material": "pce_succinonitrile_mg", "thickness": "1 um"}
    device = {"temperature": "25 degC", "area": "1 mm^2", "region": [film], "contact": blocked}
    step = {"drive": "voltage", "value": "0 V", "duration": "1 ms"}
    with pytest.raises(eisfv.CaseError):
        eisfv.Simulation(eisfv.Case("film", device=device, protocol=[step])).drive("current", "1 kA", "1 h")
