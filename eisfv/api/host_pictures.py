"""U(x) and sigma(gamma) of a host as the model has them, for pictures and for the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eisfv.constants import FARADAY, GAS_CONSTANT
from eisfv.device.hosts import host_curve, host_sigma
from eisfv.device.tables import Floats
from eisfv.model.materials import Host
from eisfv.physics.conductivity import conductivity
from eisfv.physics.open_circuit import open_circuit
from eisfv.postprocess.pictures.curve_picture import Curve, draw_curves

if TYPE_CHECKING:
    from eisfv.case.case import Case

COUNT = 400  # points of a drawn curve
LOWEST, HIGHEST = 1e-3, 0.999  # the fillings that are drawn of a curve that is a formula


def open_circuit_of(host: Host, temperature: float, x: Floats) -> Floats:
    """Return U (V against M/Mz+) at fillings x."""
    z = host.working_ion.charge
    row = host_curve(host, z, temperature)
    scale = GAS_CONSTANT * temperature / (z * FARADAY)
    return scale * np.array([open_circuit(row, z, float(value)) for value in x])


def sigma_of(host: Host, temperature: float, gamma: Floats) -> Floats:
    """Return sigma (S/cm) at gamma electrons per metal atom."""
    row = host_sigma(host, temperature)
    return 1e-2 * np.array([conductivity(row, float(value))[0] for value in gamma])


def open_circuit_curve(host: Host, temperature: float, span: tuple[float, float], title: str) -> Curve:
    """Return the picture of U(x) over a span of x."""
    x = np.linspace(*span, COUNT)
    labels = (f"x in {host.ion}$_x$ (-)", "U against the metal (V)")
    return Curve(title, x, open_circuit_of(host, temperature, x), labels)


def sigma_curve(host: Host, temperature: float, span: tuple[float, float], title: str) -> Curve:
    """Return the picture of sigma(gamma) over a span of gamma."""
    gamma = np.linspace(*span, COUNT)
    labels = ("electrons per metal atom (-)", "conductivity (S/cm)")
    return Curve(title, gamma, sigma_of(host, temperature, gamma), labels, log=True)


def diffusion_curve(host: Host, temperature: float, span: tuple[float, float], title: str) -> Curve:
    """Return the picture of the diffusivity of the ion over a span of x, as its table means it."""
    x = np.linspace(*span, COUNT)
    assert host.diffusion is not None
    values = host.diffusion.logarithm(np.log(x / (1.0 - x)), 1.0, temperature)
    labels = (f"x in {host.ion}$_x$ (-)", f"{host.diffusion.of} diffusivity (cm$^2$/s)")
    return Curve(title, x, 1e4 * np.exp(values), labels, log=True)


# By the kind of a table: how it is drawn, and the unit of its values over the SI's.
DRAWN = {
    "open_circuit": (open_circuit_curve, 1.0),
    "conductivity": (sigma_curve, 1e-2),
    "diffusion": (diffusion_curve, 1e4),
}


def curves_of(host: Host, temperature: float, title: str) -> Sequence[Curve]:
    """Return both curves over all fillings that the metal's electrons allow."""
    z = host.working_ion.charge
    top = min(HIGHEST, HIGHEST / z)
    spans = ((LOWEST, top), (z * LOWEST, z * top))
    return open_circuit_curve(host, temperature, spans[0], f"{title}: U(x)"), sigma_curve(
        host, temperature, spans[1], f"{title}: conductivity"
    )


def points_and_curves(case: "Case", folder: Path) -> list[Path]:
    """Draw every table that a file gave with the curve through it; return the pictures. OSError where none can be."""
    from dataclasses import replace

    hosts = {region.material.reference: region.material.host for region in case.device.regions}
    files = []
    for read in case.curves:
        host = hosts.get(read.material)
        if host is None:
            continue
        make, scale = DRAWN[read.kind]
        span = (float(read.points[0]), float(read.points[-1]))
        curve = make(host, case.device.temperature, span, f"{host.name}: {read.file.name}")
        note = f"smoothed by {read.smooth}" if read.smooth else ""
        curve = replace(curve, points=(read.points, scale * read.values), note=note)
        files.append(folder / f"{host.name}_{read.kind}.png")
        draw_curves(files[-1], [curve])
    return files
