"""Case files of a film on a host of tungsten oxide, behind a metal that ends no field."""

HEAD = """
[case]
title = "a film on a host"
[device]
temperature = "300 K"
area = "100 um^2"
[[device.region]]
name = "host"
material = "h_wo3"
thickness = "20 nm"
initial = {{ x = 0.05 }}
[[device.region]]
name = "film"
material = "film"
thickness = "{thickness}"
[[device.interface]]
between = ["host", "film"]
{joint}
[device.contact]
gate = {{ kind = "{gate}" }}
channel = {{ kind = "ohmic" }}
[mesh]
cells.film = {cells}
[[protocol]]
drive = "open_circuit"
duration = "1 s"
[material.film]
kind = "semiconductor"
relative_permittivity = {{ value = 4.0, source = "r" }}
"""
ELECTRONS = """
[material.film.species.electron]
charge = -1
statistics = "band"
filling = "boltzmann"
density = { value = "5 mol/m^3", source = "r" }
mobility = { value = "1e-10 m^2/V/s", source = "r" }
"""


def film_on_host(film: str, thickness: str, cells: int, joint: str = "", gate: str = "ohmic") -> str:
    """Return a case; film: lines of its material beside its permittivity of 4; joint: lines of its
    interface with the host."""
    return HEAD.format(thickness=thickness, cells=cells, joint=joint, gate=gate) + film
