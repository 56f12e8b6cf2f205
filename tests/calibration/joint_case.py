"""Two devices on small cases whose common conductivity and own fillings are to be found again, and fits of them."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typer.testing import Result

from calibration.calibrated_case import QUANTITY
from eisfv.case import load
from eisfv.result import read
from eisfv.running import run_case
from support.commands import invoke
from support.small_case import COARSE, between_reads, pulse, silent, write_case

SLOPE = "material.mg_wo3.conductivity.slope"
FILLING = "device.region.channel.initial.x"
TRUE_SLOPE, TRUE_FILLING = 700.0, {"one": 0.004, "two": 0.006}
PULSE = between_reads(pulse("current", "10 uA", "500 ms"))
SHARED = f"""
[[calibrate.parameter]]
key = "{SLOPE}"
low = "200 S/cm"
high = "1500 S/cm"
"""
OWN = f"""
[[calibrate.parameter]]
key = "{FILLING}"
scope = "device"
low = 0.003
high = 0.008
"""
DEVICES = """
[[calibrate.device]]
name = "one"
case = "."
[[calibrate.device]]
name = "two"
case = "../two"
"""
CURVE = """
[[curve]]
name = "conductance"
data = "measured.csv"
from = "terminals"
x = "time_s"
y = "conductance_S"
error = { factor = 1.01 }
kind = "calibrated"
source = "a run with known parameters"
"""


def known(directory: Path, name: str) -> None:
    """Make a case with its expected.toml and a measured curve of a run with known parameters."""
    write_case(directory, PULSE, "", COARSE.replace("initial.x = 0.005", f"initial.x = {TRUE_FILLING[name]}"))
    case = load(directory, [f'{SLOPE}="{TRUE_SLOPE} S/cm"'])
    run_case(case, directory / "known", silent)
    run = read(directory / "known")
    rows = zip(run.terminals["time_s"], run.terminals["conductance_S"], strict=True)
    (directory / "measured.csv").write_text(
        "t (s),G (S)\n" + "".join(f"{t:.17g},{g:.17g}\n" for t, g in list(rows)[1:])
    )
    before, change = (float(run.pulses[column][0]) for column in ("G_before_S", "dG_S"))
    texts = [
        QUANTITY.format(name=label, value=value, unit="S", column=column)
        for label, value, column in (("before", before, "G_before_S"), ("change", change, "dG_S"))
    ]
    (directory / "expected.toml").write_text("".join(texts) + CURVE)


def joint_cases(place: Path) -> Path:
    """Make the case of each device; return where they lie."""
    for name in TRUE_FILLING:
        known(place / name, name)
    return place


def targets(*of: tuple[str, str, str]) -> str:
    """Return targets: whose and how, a quantity or a curve, its name."""
    return "".join(f'\n[[calibrate.target]]\n{where}\n{kind} = "{name}"\n' for where, kind, name in of)


BOTH = targets(*((f'device = "{name}"', "quantity", row) for name in TRUE_FILLING for row in ("before", "change")))


@contextmanager
def holding(file: Path, text: str) -> Iterator[None]:
    """Give a file another text for a while."""
    before = file.read_text()
    file.write_text(text)
    try:
        yield
    finally:
        file.write_text(before)


def fit(cases: Path, out: Path, table: str) -> tuple[Result, dict[str, Any]]:
    """Return a fit of the first case with a table, and what it wrote."""
    file = cases / "one" / "case.toml"
    with holding(file, file.read_text() + table):
        result = invoke("calibrate", cases / "one", "--workers", 1, "--out", out)
    return result, tomllib.loads((out / "fit.toml").read_text()) if (out / "fit.toml").exists() else {}


def values(found: dict[str, Any]) -> dict[str, float]:
    """Return the fitted values, by key and device."""
    return {one["key"] + one.get("device", ""): one["value"] for one in found["parameter"]}
