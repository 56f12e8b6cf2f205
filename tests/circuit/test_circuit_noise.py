"""The noise of the exported circuit, by ngspice from the file as it is written: 4 k T Re Z, its own and the run's."""

import subprocess
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import eisfv
from eisfv.analysis.noise import BOLTZMANN
from eisfv.postprocess.circuit.equations import equations
from eisfv.postprocess.circuit.model import Factors
from eisfv.postprocess.circuit.spice import resistor, subcircuit
from eisfv.postprocess.circuit.states import at_rest
from support.compact import Trained
from support.ngspice import needs_ngspice
from support.waiting import PATIENCE

pytestmark = [pytest.mark.ngspice, needs_ngspice]
SPAN = "dec 2 1m 1meg"


class Noisy(NamedTuple):
    """Hz; ohm of the gate; V2/Hz of the gate at open circuit; A2/Hz of the read channel; its conductance, S."""

    frequency: np.ndarray
    impedance: np.ndarray
    voltage: np.ndarray
    read: np.ndarray
    conductance: float


def spectra(trained: Trained, folder: Path, quiet: str = "") -> Noisy:
    """Return the noise of a circuit at rest; quiet: a source whose resistor has none."""
    model = trained.model
    text = subcircuit(model, Factors(), [])
    if quiet:
        assert resistor(quiet) in text
        text = text.replace(resistor(quiet), resistor(quiet) + " noisy=0")
    state, forms = at_rest(model, Factors()), equations(model, Factors())
    lines = ["noise of the compact model", text, "X1 gate drain 0 g synapse", "Idrive 0 gate dc 0 ac 1"]
    lines += ["Vread drain 0 0.1", "Hread seen 0 Vread 1", f".temp {model.stack.temperature - 273.15:.10g}"]
    lines += [f".nodeset v(gate)={forms.voltage(state):.10g}", ".control", "set numdgt=12"]
    lines += [f"ac {SPAN}", "wrdata ac.txt v(gate)"]
    for plot, name, node in ((1, "gate", "gate"), (3, "read", "seen")):
        lines += [f"noise v({node}) Idrive {SPAN}", f"setplot noise{plot}", f"wrdata {name}.txt onoise_spectrum"]
    (folder / "noise.cir").write_text("\n".join([*lines, ".endc", ".end", ""]))
    done = subprocess.run(
        ["ngspice", "-b", "noise.cir"], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (folder / "read.txt").is_file(), done.stdout + done.stderr
    ac, gate, read = (np.loadtxt(folder / f"{name}.txt") for name in ("ac", "gate", "read"))
    return Noisy(ac[:, 0], ac[:, 1] + 1j * ac[:, 2], gate[:, 1] ** 2, read[:, 1] ** 2, forms.conductance(state))


def thermal(trained: Trained) -> float:
    return 4.0 * BOLTZMANN * trained.model.stack.temperature


# A film of 14 nm holds a tenth of its charge in layers that feel its own displacement, and the lumped equations of
# those are not reciprocal: their noise and their Re Z part by as much.
@pytest.mark.parametrize("name, error", [("mg", 1e-3), pytest.param("ysz", 0.11, marks=pytest.mark.long)])
def test_the_circuit_makes_nyquists_noise(
    name: str, error: float, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    trained: Trained = request.getfixturevalue(name)
    found = spectra(trained, tmp_path)
    np.testing.assert_allclose(found.voltage, thermal(trained) * found.impedance.real, rtol=error)


def test_it_is_that_of_the_run(mg: Trained, tmp_path: Path) -> None:
    """4 k T Re Z of the equations that the circuit stands for, at the run's start."""
    found = spectra(mg, tmp_path)
    own = eisfv.impedance(mg.run.path, [f"{f!r} Hz" for f in found.frequency.tolist()], at="0 s").table
    assert np.ptp(np.log(own["Z_real_ohm"])) > 1.0
    np.testing.assert_allclose(found.voltage, thermal(mg) * own["Z_real_ohm"], rtol=0.02)


def test_without_a_source_it_is_less(mg: Trained, tmp_path: Path) -> None:
    found = spectra(mg, tmp_path, quiet="el")
    over = found.voltage / (thermal(mg) * found.impedance.real)
    assert over.min() < 0.1
    assert over.max() < 1.0 + 1e-3


def test_the_read_channel_has_the_noise_of_its_conductance_and_of_its_ions(mg: Trained, tmp_path: Path) -> None:
    """Fast, 4 k T G; slow, more by what the ions do to 0.1 V across it."""
    found = spectra(mg, tmp_path)
    over = found.read / (thermal(mg) * found.conductance)
    np.testing.assert_allclose(over[-1], 1.0, rtol=1e-2)
    assert over[0] > 1.0
