"""A stack of which one thing is wrong, and what it is refused for or warned of."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from eisfv.case import CaseError, load, well_posed

CASE = """
[case]
title = "one rule"
[device]
temperature = "298.15 K"
area = "1 mm^2"
{regions}
{joints}
[device.contact.gate]
{gate}
[device.contact.channel]
{channel}
[[protocol]]
{drive}
[material.e0]
kind = "electrolyte"
relative_permittivity = {{ value = 6.0, source = "r" }}
{e0}
[material.e0.species.H]
charge = 1
statistics = "dilute"
concentration = {{ value = "10 mol/m^3", source = "r" }}
diffusivity = {{ value = "1e-9 cm^2/s", source = "r" }}
[material.e0.species.X]
charge = -1
statistics = "dilute"
concentration = {{ value = "10 mol/m^3", source = "r" }}
diffusivity = {{ value = "1e-9 cm^2/s", source = "r" }}
[material.e0.species.electron]
charge = -1
statistics = "ohmic"
conductivity = {{ value = "1e-9 S/cm", source = "r" }}
[material.h0]
kind = "host"
ion = "H"
relative_permittivity = {{ value = 20.0, source = "r" }}
zero_charge_x = {{ value = 0.1, source = "r" }}
[material.h0.species.H]
charge = 1
statistics = "lattice"
density = {{ value = "3e4 mol/m^3", source = "r" }}
diffusivity = {{ value = "1e-9 cm^2/s", source = "r" }}
[material.h0.species.electron]
charge = -1
statistics = "dilute"
density = {{ value = "3e4 mol/m^3", source = "r" }}
[material.h0.open_circuit]
{curve}
[material.h0.conductivity]
form = "percolation"
background = {{ value = "1e-3 S/cm", source = "r" }}
slope = {{ value = "100 S/cm", source = "r" }}
threshold = {{ value = 0.1, source = "r" }}
exponent = {{ value = 2.0, source = "r" }}
"""
ANALYTIC = 'form = "analytic"\nstandard = { value = "1 V", source = "r" }'
FLAT = ANALYTIC + "\npolarons = false"
TABLE = 'form = "table"\nx = [0.01, 0.3, 0.6]\npotential = ["1 V", "0.9 V", "0.8 V"]\nsource = "r"'
E = ("e", "e0", "10 nm", None)
VOLT = 'drive = "voltage"\nvalue = "0.1 V"\nduration = "1 ms"'
AMPERE = 'drive = "current"\nvalue = "1 pA"\nduration = "1 us"'
OPEN = 'drive = "open_circuit"\nduration = "1 ms"'
BLOCKING, OHMIC, INSULATING = 'kind = "blocking"', 'kind = "ohmic"', 'kind = "insulating"'
BATH = 'kind = "bath"'
RESISTIVE = 'kind = "resistive"\nresistance = "1 ohm cm^2"'
STOPPED = 'ion = { law = "continuous" }\nelectron = { law = "blocking" }'
PASSING = 'ion = { law = "continuous" }'

Region = tuple[str, str, str, float | None]
Told = tuple[list[str], list[str]]
Tell = Callable[..., Told]  # `judged`, its directory given


def host(name: str, x: float, thickness: str = "10 nm") -> Region:
    """Return a region of a host."""
    return (name, "h0", thickness, x)


def judged(
    directory: Path,
    *regions: Region,
    gate: str = BLOCKING,
    channel: str = OHMIC,
    drive: str = VOLT,
    joint: str = PASSING,
    curve: str = ANALYTIC,
    e0: str = "",
) -> Told:
    """Return what a case of these regions is refused for, and what it is warned of."""
    texts = []
    for name, material, thickness, x in regions:
        start = "" if x is None else f"initial.x = {x}\n"
        texts.append(f'[[device.region]]\nname = "{name}"\nmaterial = "{material}"\nthickness = "{thickness}"\n{start}')
    joints = [
        f'[[device.interface]]\nbetween = ["{a[0]}", "{b[0]}"]\n'
        + (
            joint.replace("ion =", "species.H =", 1) + '\nspecies.X = { law = "blocking" }'
            if a[1] == b[1] == "e0"
            else joint
        )
        for a, b in pairwise(regions)
    ]
    file = directory / "case.toml"
    file.write_text(
        CASE.format(
            regions="\n".join(texts),
            joints="\n".join(joints),
            gate=gate,
            channel=channel,
            drive=drive,
            curve=curve,
            e0=e0,
        )
    )
    try:
        return [], list(well_posed.warnings(load(file)))
    except CaseError as error:
        return [line.removeprefix(f"{file}: ") for line in error.lines], []
