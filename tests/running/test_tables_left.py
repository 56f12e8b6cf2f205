"""A measured curve that is left is told: at the start, during a run, by the table's name; and not where it is kept."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.case import CaseError, load
from eisfv.case.case import Case
from eisfv.running import run_case
from eisfv.running.notices import slips, warnings
from eisfv.simulation import Simulation
from support.small_case import silent

CASE = """
[case]
title = "a film filled beyond its tables"
[device]
temperature = "298.15 K"
area = "1 mm^2"
[[device.region]]
name = "electrolyte"
material = "lipon"
thickness = "100 nm"
[[device.region]]
name = "channel"
material = "./m.toml"
thickness = "50 nm"
initial.x = 0.45
[[device.interface]]
between = ["electrolyte", "channel"]
ion = { law = "butler_volmer", exchange_current = "10 mA/cm^2", alpha = 0.5 }
[device.contact.gate]
kind = "reactive"
electrode = "li_metal"
exchange_current = "1 mA/cm^2"
[device.contact.channel]
kind = "ohmic"
[readout]
length = "100 um"
width = "500 um"
[[protocol]]
drive = "current"
value = "10 nA"
duration = "1500 s"
[mesh]
first = 1.0
growth = 1.4
host_growth = 1.3
"""
MATERIAL = """
kind = "host"
title = "a film of round numbers"
ion = "Li"
relative_permittivity = { value = 30.0, source = "assumed" }
zero_charge_x = { value = 0.4, source = "assumed" }
[species.Li]
charge = 1
statistics = "lattice"
density = { value = "30883 mol/m^3", source = "assumed" }
diffusivity = { value = "2e-10 cm^2/s", source = "assumed" }
[species.electron]
charge = -1
statistics = "dilute"
density = { value = "30883 mol/m^3", source = "assumed" }
[open_circuit]
form = "table"
x = [0.2, 0.3, 0.4, 0.5]
potential = ["2.5 V", "2.4 V", "2.3 V", "2.2 V"]
source = "assumed"
[conductivity]
form = "table"
gamma = [0.1, 0.2, 0.7]
conductivity = ["1 S/cm", "2 S/cm", "8 S/cm"]
source = "assumed"
"""


def case_of(directory: Path, old: str = "", new: str = "", *overrides: str) -> Case:
    """Return the case with something else in its material."""
    assert old in MATERIAL
    (directory / "m.toml").write_text(MATERIAL.replace(old, new, 1))
    (directory / "case.toml").write_text(CASE)
    return load(directory, overrides)


def started(case: Case) -> list[str]:
    """Return what is told of the start."""
    return [line for line in warnings(Simulation(case.device), case.protocol) if "table" in line]


def ran(case: Case, out: Path) -> tuple[list[str], str]:
    """Return what a run warns of, and its log."""
    told: list[str] = []
    run_case(case, out, silent, warn=told.append)
    return told, (out / "run.log").read_text()


def test_a_run_that_leaves_a_table_says_when_and_by_how_much(tmp_path: Path) -> None:
    """10 nA x 1500 s insert 15 uC of the 149.0 uC that F c_site L A of the film holds: x = 0.45 + 0.1007."""
    told, log = ran(case_of(tmp_path), tmp_path / "out")
    told = [line for line in told if "table" in line]
    assert len(told) == 1
    assert told[0].startswith("channel: U(x) of m is a table of x = 0.2 to 0.5; the run left it at t = ")
    assert f"warning: {told[0]}\n" in log
    reached = float(told[0].partition("came to x = ")[2].split()[0])
    np.testing.assert_allclose(reached, 0.5507, atol=2e-3)
    left = float(told[0].partition("left it at t = ")[2].split()[0])
    assert 300.0 < left < 1000.0  # 0.05 of x: 745 s for the film, less for its double layer


def test_a_run_inside_its_tables_has_nothing_to_tell(tmp_path: Path) -> None:
    told, _ = ran(case_of(tmp_path, "", "", "protocol[0].duration=100 s"), tmp_path / "out")
    assert [line for line in told if "table" in line] == []


def test_a_conductivity_beyond_its_table_is_held_and_told_at_the_start(tmp_path: Path) -> None:
    case = case_of(tmp_path, "[0.1, 0.2, 0.7]", "[0.1, 0.2, 0.3]")
    (line,) = started(case)
    assert line.startswith("channel: sigma(gamma) of m is a table of gamma = 0.1 to 0.3; the start is at gamma = 0.45 ")
    assert "(100 % of its volume outside)" in line


def test_a_composition_without_a_double_layer_that_was_not_measured_is_told(tmp_path: Path) -> None:
    lines = slips(case_of(tmp_path, "value = 0.4,", "value = 0.1,").device)
    assert any(line.startswith("channel: zero_charge_x = 0.1, and U(x) of m is a table") for line in lines)


def test_a_step_that_no_double_layer_follows_is_told_by_its_points(tmp_path: Path) -> None:
    lines = slips(case_of(tmp_path, "[0.2, 0.3, 0.4, 0.5]", "[0.2, 0.3, 0.301, 0.5]").device)
    assert [line.partition(":")[2] for line in lines] == [
        " U(x) of m steps by 100 mV from x = 0.3 to 0.301: steeper than a double layer can follow, and a run may "
        "stop there; check these two points"
    ]


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("", "", ""),
        (
            "[0.2, 0.3, 0.4, 0.5]",
            "[0.1, 0.2, 0.3, 0.4]",
            "initial.x = 0.45 lies outside the table of U(x) of m, x = 0.1",
        ),
        ("[0.2, 0.3, 0.4, 0.5]", "[0.2, 0.3, 0.3000001, 0.5]", "two points at x = 0.3 and 0.3000001, closer than any"),
        ("[0.1, 0.2, 0.7]", "[0.1, 0.1000001, 0.7]", "two points at gamma = 0.1 and 0.1000001, closer than any"),
        ('"2 S/cm"', '"0 S/cm"', 'conductivity.conductivity[1] = "0 S/cm" must be greater than zero'),
    ],
    ids=["sound", "start outside", "points too close", "gammas too close", "no conductivity"],
)
def test_what_no_measurement_gives_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    if not words:
        case_of(tmp_path, old, new)
        return
    with pytest.raises(CaseError) as error:
        case_of(tmp_path, old, new)
    (line,) = error.value.lines
    assert words in line
