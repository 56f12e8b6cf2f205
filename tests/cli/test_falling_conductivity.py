"""A channel that conducts less the more ions it holds, through check, run, compare and extract."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result

from eisfv.materials import library
from eisfv.result import read
from support.small_case import DEVICE, rest, write_case

Invoke = Callable[..., Result]

# S/cm at gamma, electrons per metal atom: LixCoO2 and HxNdNiO3 lose decades as they fill
FALLING = [(0.001, 300.0), (0.02, 120.0), (0.1, 9.0), (0.4, 0.02)]
RISING = [(gamma, sigma) for (gamma, _), (_, sigma) in zip(FALLING, FALLING[::-1], strict=True)]

EXPECTED = """
[[quantity]]
name = "change by a pulse that inserts"
value = "0 S"
kind = "predicted"
tolerance = "{bound}"
source = "the sign of d sigma/d gamma"
from = "pulses"
column = "dG_S"
select = "potentiating"
reduce = "mean"
"""


def train(rounds: int) -> str:
    """Return pulses that insert and that extract, read before and after."""
    one = '{{ drive = "current", value = "{}", duration = "200 ms", pulse = true }}'
    wait = '{ drive = "open_circuit", duration = "1 s", read = "last 500 ms" }'
    steps = [
        wait,
        *[step for value in ("20 uA", "-20 uA") for _ in range(rounds) for step in (one.format(value), wait)],
    ]
    return "\n[[protocol]]\nrepeat = 1\nsteps = [\n" + ",\n".join(steps) + "\n]\n"


def falling_case(directory: Path, table: list[tuple[float, float]], bound: str) -> Path:
    """Make a case whose channel has a sigma(gamma) of its own."""
    text = library.path("mg_wo3").read_text()
    start = text.index("[conductivity]")
    end = text.index("\n[", start) if "\n[" in text[start:] else len(text)
    own = (
        '[conductivity]\nform = "table"\nsource = "round numbers"\n'
        f"gamma = {[gamma for gamma, _ in table]}\nconductivity = {[f'{sigma} S/cm' for _, sigma in table]}\n"
    )
    channel = DEVICE.rindex('material = "mg_wo3"')
    device = DEVICE[:channel] + 'material = "./materials/own.toml"' + DEVICE[channel + len('material = "mg_wo3"') :]
    case = write_case(directory, rest("1 s") + train(6), "", device)
    (case / "materials").mkdir()
    (case / "materials" / "own.toml").write_text(text[:start] + own + text[end:])
    (case / "expected.toml").write_text(EXPECTED.format(bound=bound))
    return case


@pytest.mark.parametrize(
    ("table", "sign", "bound"),
    [(FALLING, -1.0, "at most"), pytest.param(RISING, 1.0, "at least", marks=pytest.mark.long)],
)
def test_the_sign_of_a_table_goes_through_all_commands(
    table: list[tuple[float, float]], sign: float, bound: str, tmp_path: Path, invoke: Invoke
) -> None:
    case = falling_case(tmp_path / "case", table, bound)
    more = {"run": ["--quiet"], "extract": ["--target", "crosssim"]}
    for command in ("check", "run", "compare", "extract"):
        result = invoke(command, case, *more.get(command, []))
        assert result.exit_code == 0, (command, result.stdout, result.stderr)
    pulses = read(case / "runs" / "latest").pulses
    inserts, changes = pulses["amplitude"] > 0.0, pulses["dG_S"]
    assert (sign * changes[inserts] > 0.0).all()
    # What leaks in the rest moves ions too: the filling decides, pulse by pulse and instant by instant.
    terminals = read(case / "runs" / "latest").terminals
    filled, conducts = np.diff(terminals["x_channel"]), np.diff(terminals["conductance_S"])
    moved = np.abs(filled) > 1e-9
    assert moved.sum() > 20
    assert (sign * filled[moved] * conducts[moved] > 0.0).all()
    found = json.loads((case / "runs" / "latest" / "extract" / "extract.json").read_text())["quantities"]
    np.testing.assert_allclose(found["G_max"]["value"], max(pulses["G_before_S"].max(), pulses["G_after_S"].max()))
