"""Metal | host | metal as a case: its conductance through the film from the check to the comparison."""

from pathlib import Path

import numpy as np

from eisfv.result import read
from support.commands import invoke

# sigma = 2 S/m at any x: 40 nm / (2 S/m 1e-8 m2) = 2 ohm, and two contacts of 1e-8 ohm m2 / 1e-8 m2 = 1 ohm.
CASE = """
[case]
title = "metal | host | metal"
[device]
temperature = "298.15 K"
area = "1e-4 cm^2"
[[device.region]]
name = "film"
material = "h0"
thickness = "40 nm"
initial.x = 0.3
[device.contact.gate]
kind = "resistive"
resistance = "1e-4 ohm cm^2"
[device.contact.channel]
kind = "resistive"
resistance = "1e-4 ohm cm^2"
[readout]
path = "through"
[[protocol]]
drive = "open_circuit"
duration = "1 us"
read = "all"
[[protocol]]
drive = "voltage"
value = "1 mV"
duration = "1 us"
pulse = true
[[protocol]]
drive = "open_circuit"
duration = "1 us"
read = "all"
[mesh]
cells = { film = 20 }
companion = "none"
[material.h0]
kind = "host"
ion = "H"
relative_permittivity = { value = 20.0, source = "r" }
zero_charge_x = { value = 0.1, source = "r" }
[material.h0.species.H]
charge = 1
statistics = "lattice"
density = { value = "3e4 mol/m^3", source = "r" }
diffusivity = { value = "1e-14 cm^2/s", source = "r" }
[material.h0.species.electron]
charge = -1
statistics = "dilute"
density = { value = "3e4 mol/m^3", source = "r" }
[material.h0.open_circuit]
form = "analytic"
standard = { value = "1 V", source = "r" }
[material.h0.conductivity]
form = "percolation"
background = { value = "2 S/m", source = "r" }
slope = { value = "1e-9 S/m", source = "r" }
threshold = { value = 0.5, source = "r" }
exponent = { value = 1.0, source = "r" }
"""
QUANTITY = """
[[quantity]]
name = "{name}"
value = "{value} {unit}"
tolerance = 1e-3
kind = "exact"
source = "1/R of film and contacts"
from = "terminals"
column = "{column}"
select = "{select}"
reduce = "last"
"""
G = 1.0 / (2.0 + 2.0)


def test_the_film_and_its_contacts_from_check_to_extract(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(CASE)
    text = QUANTITY.format(name="G", value=G, unit="S", column="conductance_S", select="last 1")
    text += QUANTITY.format(name="I/V", value=1e-3 * G, unit="A", column="current_A", select="from 1.001 us to 2 us")
    (tmp_path / "expected.toml").write_text(text)
    assert invoke("check", tmp_path).exit_code == 0
    assert invoke("run", tmp_path, "--quiet").exit_code == 0
    compared = invoke("compare", tmp_path)
    assert compared.exit_code == 0, compared.output
    (directory,) = (d for d in (tmp_path / "runs").iterdir() if (d / "result.nc").exists())
    np.testing.assert_allclose(read(directory).table("pulses")["G_before_S"], G, rtol=1e-6)
    extracted = invoke("extract", directory, "--target", "circuit")
    assert extracted.exit_code in (0, 1)
    assert "the stack is host; the compact model is of host | electrolyte | host" in " ".join(extracted.output.split())


def test_a_wrong_resistance_fails_the_comparison(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(CASE)
    (tmp_path / "expected.toml").write_text(
        QUANTITY.format(name="G", value=0.5, unit="S", column="conductance_S", select="last 1")
    )
    assert invoke("run", tmp_path, "--quiet").exit_code == 0
    assert invoke("compare", tmp_path).exit_code == 1
