"""synapse.va: what a Verilog-A compiler may not meet, and the file through the compilers that are here."""

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.circuit.model import Factors
from eisfv.postprocess.circuit.spice import CHARGE, fillings, subcircuit
from eisfv.postprocess.circuit.states import at_rest
from eisfv.postprocess.circuit.texts import evaluated, lumps_of, numbers
from eisfv.postprocess.circuit.verilog import module
from support.compact import Trained
from support.waiting import PATIENCE

NAMES = ("mg", "ysz")
FORBIDDEN = ("idt", "transition", "laplace", "cross", "timer", "initial_step", "table_model", "absdelay", "@")


def text_of(name: str, request: pytest.FixtureRequest) -> str:
    trained: Trained = request.getfixturevalue(name)
    return module(trained.model, trained.fitted.factors, ["made in a test"])


def code(text: str) -> str:
    """Return a file without its comments."""
    return re.sub(r"//[^\n]*", "", text)


@pytest.mark.parametrize("name", NAMES)
def test_states_are_nodes_with_ddt_and_nothing_else_has_a_memory(name: str, request: pytest.FixtureRequest) -> None:
    text = code(text_of(name, request))
    assert not [word for word in FORBIDDEN if word in text]
    states = re.findall(r"I\((n_\w+)\) <\+ ddt\(V\(\1\)\)", text)
    trained: Trained = request.getfixturevalue(name)
    assert len(states) == 2 + len(lumps_of(trained.model))
    assert text.count("ddt(") == len(states) + 1  # and the electrolyte's capacitance


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_declared_before_it_is_used(name: str, request: pytest.FixtureRequest) -> None:
    text = code(text_of(name, request))
    known = set(re.findall(r"(?:real|inout|electrical) ([\w, ]+)", text))
    declared = {word.strip() for words in known for word in words.split(",")}
    declared |= {"V", "I", "ddt", "white_noise", "exp", "ln", "sqrt", "sinh", "pow", "min", "max", "analysis"}
    body = text[text.index("analog begin") + len("analog begin") : text.index("endmodule")]
    used = set(re.findall(r"(?<![\w.\"])[A-Za-z_]\w*", re.sub(r'"\w+"', "", body))) - {"end", "e"}
    assert used <= declared, used - declared


@pytest.mark.parametrize("name", NAMES)
def test_parameters_have_units_and_brackets_close(name: str, request: pytest.FixtureRequest) -> None:
    text = text_of(name, request)
    for line in text.splitlines():
        if "parameter real" in line:
            assert re.search(r"; // \S+, \w", line), line
    assert text.count("(") == text.count(")")
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("name", NAMES)
def test_the_subcircuit_has_no_line_that_is_too_long(name: str, request: pytest.FixtureRequest) -> None:
    trained: Trained = request.getfixturevalue(name)
    text = subcircuit(trained.model, Factors(), ["made in a test"])
    assert max(map(len, text.splitlines())) <= 120
    assert text.count("(") == text.count(")")


@pytest.mark.skipif(shutil.which("admsXml") is None, reason="admsXml is not installed; apt-get install adms")
@pytest.mark.parametrize("name", NAMES)
def test_adms_reads_it_and_refuses_a_spoilt_one(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    text = text_of(name, request)
    for good, content in ((True, text), (False, text.replace("V(gi, a) <+ w_g;", "V(gi, a) <+ w_g", 1))):
        (tmp_path / "synapse.va").write_text(content)
        done = subprocess.run(
            ["admsXml", "synapse.va"], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        said = done.stdout + done.stderr
        assert ("[error" not in said and "[fatal" not in said and done.returncode == 0) == good, said


@pytest.mark.skipif(find_spec("verilogae") is None, reason="verilogae is not installed; pip install verilogae")
@pytest.mark.parametrize("name", NAMES)
def test_a_compiler_computes_what_python_computes(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """VerilogAE (OpenVAF's front end) compiles the file and evaluates its variables at states away from rest."""
    import verilogae

    trained: Trained = request.getfixturevalue(name)
    model = trained.model
    wanted = ("i_el", "r_g", "r_c", "w_g", "w_c", "conductance")
    text = module(model, Factors(), [])
    for variable in wanted:
        text = text.replace(f"    real {variable};", f"    (*retrieve*) real {variable};")
    path = tmp_path / "synapse.va"
    path.write_text(text)
    compiled = verilogae.load(str(path))
    rest = at_rest(model, Factors())
    lumps = [f"x_{letter}{k}" for letter, _, k in lumps_of(model)]
    names = ["q_g", "q_c", *lumps]
    units = [CHARGE, CHARGE, *fillings(model)]
    for v_ab, shift in ((0.0, 1.0), (0.2, 1.05), (-0.3, 0.9)):
        state = [value * shift for value in rest[1:-1]]
        given = {number.name: number.value for number in numbers(model, Factors())}
        ours = evaluated(model, given, dict(zip(["v_ab", *names], [v_ab, *state], strict=True)))
        voltages = {"br_ab": v_ab}
        pairs = zip(names, state, units, strict=True)
        voltages |= {f"br_n_{own}": value / unit for own, value, unit in pairs}
        for variable in wanted:
            function = compiled.functions[variable]
            known = {branch: voltages[branch] for branch in function.voltages}
            values = {parameter: given[parameter] for parameter in function.parameters}
            found = function.eval(temperature=298.15, voltages=known, **values)
            np.testing.assert_allclose(found, ours[variable], rtol=1e-7, atol=1e-12)
