"""A host's curves as the circuit has them against the solver's own, form by form."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from eisfv.case.file_tree import read_toml
from eisfv.case.material_file import read
from eisfv.constants import thermal_voltage
from eisfv.device.hosts import host_curve, host_sigma
from eisfv.materials import library
from eisfv.model.materials import Host
from eisfv.physics.conductivity import conductivity
from eisfv.physics.open_circuit import open_circuit
from eisfv.postprocess.circuit.cubic import Curve
from eisfv.postprocess.circuit.curves import HostCurves, host_curves
from eisfv.postprocess.circuit.unsupported import UnsupportedError

X = np.array([1e-3, 5e-3, 0.02, 0.1, 0.3, 0.45])
SOURCE = "made up"
TABLE = {
    "form": "table",
    "x": [0.0005, 0.005, 0.05, 0.2, 0.5, 0.8],
    "potential": ["2.9 V", "2.7 V", "2.5 V", "2.3 V", "2.0 V", "1.6 V"],
    "source": SOURCE,
}
PLATEAU = {**TABLE, "potential": ["2.9 V", "2.7 V", "2.501 V", "2.5 V", "2.0 V", "1.6 V"]}
EXPANDED = {
    "form": "analytic",
    "standard": {"value": "2.3 V", "source": SOURCE},
    "slope": {"value": "0.2 V", "source": SOURCE},
    "redlich_kister": {"value": ["3000 J/mol", "-500 J/mol"], "source": SOURCE},
}
HOPPING = {
    "form": "percolation",
    "background": {"value": "1.9e-6 S/cm", "source": SOURCE},
    "hopping": {"value": "82 S/cm", "source": SOURCE},
    "hopping_exponent": {"value": 1.3, "source": SOURCE},
    "slope": {"value": "549 S/cm", "source": SOURCE},
    "threshold": {"value": 0.937, "source": SOURCE},
    "exponent": {"value": 2.326, "source": SOURCE},
}
SIGMA_TABLE = {
    "form": "table",
    "gamma": [0.0, 0.02, 0.1, 0.5, 1.0],
    "conductivity": ["1e-5 S/cm", "1e-2 S/cm", "1 S/cm", "90 S/cm", "300 S/cm"],
    "activation_energy": {"value": "0.1 eV", "source": SOURCE},
    "source": SOURCE,
}
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "mg": ("mg_wo3", {}),
    "h": ("h_wo3", {}),
    "without polarons": ("h_wo3", {"open_circuit": {**EXPANDED, "polarons": False}}),
    "redlich-kister": ("mg_wo3", {"open_circuit": EXPANDED}),
    "hopping": ("h_wo3", {"conductivity": HOPPING}),
    "tables": ("mg_wo3", {"open_circuit": TABLE, "conductivity": SIGMA_TABLE}),
    "plateau": ("mg_wo3", {"open_circuit": PLATEAU}),
    "two phases": ("lfp_host", {"phase_separation": {"model": "convex"}}),
    "donors": ("mg_wo3", {"background": {"value": "200 mol/m^3", "source": SOURCE}}),
}


def host_of(name: str, temperature: float) -> tuple[HostCurves, Host, int, float]:
    """Return the circuit's curves, the solver's record, z and donors per site of a form."""
    base, changes = FORMS[name]
    found = read(base, {**deepcopy(read_toml(library.path(base))), **changes})
    assert isinstance(found, Host), found
    ion = found.working_ion
    background = found.fixed_charge / ion.density
    return host_curves(found, temperature), found, ion.charge, background


@pytest.mark.parametrize("temperature", [298.15, 340.0])
@pytest.mark.parametrize("name", FORMS)
def test_the_open_circuit_curve_is_the_solvers(name: str, temperature: float) -> None:
    curves, host, z, _ = host_of(name, temperature)
    row, volt = host_curve(host, z, temperature), thermal_voltage(temperature)
    wanted = [open_circuit(row, z, x) * volt / z for x in X[curves.x_max > X]]
    np.testing.assert_allclose([curves.potential(x) for x in X[curves.x_max > X]], wanted, rtol=1e-10)


@pytest.mark.parametrize("temperature", [298.15, 340.0])
@pytest.mark.parametrize("name", FORMS)
def test_the_conductivity_is_the_solvers(name: str, temperature: float) -> None:
    curves, host, z, _ = host_of(name, temperature)
    wanted = [conductivity(host_sigma(host, temperature), z * x)[0] for x in X]
    np.testing.assert_allclose([curves.sigma.value(x) for x in X], wanted, rtol=1e-9)


@pytest.mark.parametrize("name", FORMS)
def test_the_flux_of_the_neutral_host_is_the_slope_of_the_flow(name: str) -> None:
    """A step of K is x(1-x) d(-zFU/RT), between neighbours of a fine grid."""
    curves, _, z, _ = host_of(name, 298.15)
    volt = thermal_voltage(298.15)
    for x in X[0.9 * curves.x_max > X]:
        low, high = 0.999 * x, 1.001 * x
        middle = 0.5 * (low + high)
        driven = middle * (1.0 - middle) * z / volt * (curves.potential(low) - curves.potential(high))
        np.testing.assert_allclose(curves.flow.value(high) - curves.flow.value(low), driven, rtol=4e-3)


@pytest.mark.parametrize("name", FORMS)
def test_affinity_electrons_and_site_entropy_make_up_the_open_circuit_curve(name: str) -> None:
    curves, _, z, _ = host_of(name, 298.15)
    volt, zero = thermal_voltage(298.15), curves.zero_charge_x
    for x in X[curves.x_max > X]:
        made = curves.affinity.value(x) + np.log(x / (1.0 - x)) + z * curves.electrons.value(x)
        wanted = z / volt * (curves.potential(zero) - curves.potential(x))
        np.testing.assert_allclose(made, wanted, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", FORMS)
def test_the_texts_are_the_functions(name: str) -> None:
    curves, *_ = host_of(name, 298.15)
    for x in X[curves.x_max > X]:
        for curve in (curves.affinity, curves.electrons, curves.flow, curves.sigma):
            np.testing.assert_allclose(told(curve, x), curve.value(x), rtol=1e-8, atol=1e-9)


def told(curve: Curve, x: float) -> float:
    """Return the value of a curve's text."""
    text = curve.text("x").replace("@(", "pick(").replace(" ? ", ", ").replace(" : ", ", ")
    known = {"ln": np.log, "exp": np.exp, "pow": pow, "pick": lambda c, a, b: a if c else b, "x": float(x)}
    return float(eval(text, known))


@pytest.mark.parametrize("name", ["lfp_host", "li_wo3_phases"])
def test_a_boundary_that_moves_has_no_place_in_a_circuit(name: str) -> None:
    found = read(name, read_toml(library.path(name)))
    assert isinstance(found, Host)
    with pytest.raises(UnsupportedError, match=r'phase_separation = \{ model = "convex" \}'):
        host_curves(found, 298.15)
