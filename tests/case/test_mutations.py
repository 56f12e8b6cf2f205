"""A spoilt file either loads or is refused in lines that a user can read, with exit code 2, and at once.

Read are cases, the material of a case, an expected.toml, a sweep and a [calibrate]
table. What loads is meshed too.
"""

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from eisfv.calibration.reading import read_plan as read_calibration
from eisfv.case import load
from eisfv.device.meshing import mesh_of
from eisfv.errors import WRONG_INPUT, EisfvError
from eisfv.materials import library
from eisfv.postprocess.quantities.expected import read_curves, read_expected
from eisfv.sweeping.reading import read_plan as read_sweep
from support.cost import sound_case
from support.mutations import mutated
from support.small_case import COARSE, OUTPUT, PULSES

CASES = Path(__file__).parents[2] / "cases"
SLOWEST = 1200  # sound cases that one file may cost: three seconds where a sound one takes 2.5 ms
LONGEST = 1500  # characters of a line
SWEEP = """
[sweep]
title = "two axes"
case = "case.toml"
[[axis]]
key = "device.region.electrolyte.thickness"
from = "1 um"
to = "2 um"
points = 2
scale = "log"
[[axis]]
key = "device.temperature"
values = ["290 K", "310 K"]
[[constraint]]
keep = "temperature > 280"
[[quantity]]
name = "dG"
from = "pulses"
column = "dG_S"
select = "first 1"
reduce = "first"
[executor]
kind = "local"
workers = 2
"""
CALIBRATE = """
[[calibrate.parameter]]
key = "device.interface[0].ion.exchange_current"
low = "0.01 uA/cm^2"
high = "1 uA/cm^2"
scale = "log"
prior = { value = "0.1 uA/cm^2", width = { factor = 2.0 } }
[[calibrate.device]]
name = "one"
case = "."
[[calibrate.parameter]]
key = "device.region.channel.initial.x"
scope = "device"
devices = ["one"]
low = 0.001
high = 0.02
prior = { value = 0.005, width = 0.001 }
[[calibrate.target]]
device = "one"
quantity = "dG"
weight = 2.0
width = "0.1 uS"
"""
CURVE = """[[curve]]
name = "charging"
data = "data.csv"
columns = ["t", "U"]
from = "terminals"
x = "time_s"
y = "voltage_V"
error = "dU"
weight = "w"
residuals = "log"
window = ["1 s", "2.5 s"]
select = "step 1"
kind = "predicted"
source = "somewhere"
[[curve]]
name = "conductance"
data = "data.csv"
from = "pulses"
x = "t_start_s"
y = "2 * voltage_V"
error = { factor = 1.05 }
kind = "calibrated"
"""
EXPECTED = """
[[quantity]]
name = "dG"
value = "0.3 uS"
tolerance = 0.2
kind = "predicted"
source = "made up"
from = "pulses"
column = "dG_S"
select = "first 1"
reduce = "first"
"""


def whole(file: Path) -> object:
    """Load a case and mesh it."""
    device = load(file).device
    return mesh_of(device)


def in_case(directory: Path) -> Path:
    """Write the small case and return its file."""
    (directory / "case.toml").write_text(COARSE + PULSES + OUTPUT)
    return directory / "case.toml"


def material(directory: Path) -> tuple[Path, str, Callable[[], object]]:
    case = in_case(directory)
    case.write_text(case.read_text().replace('"mg_wo3"', '"./m.toml"'))
    return directory / "m.toml", library.path("mg_wo3").read_text(), lambda: whole(case)


def tabulated(directory: Path) -> tuple[Path, str, Callable[[], object]]:
    file, text, read = material(directory)
    head = text.partition("[open_circuit]")[0]
    tables = (
        '[open_circuit]\nform = "table"\nx = [0.001, 0.01, 0.1, 0.4]\npotential = ["2.8 V", "2.6 V", "2.4 V", "2.1 V"]'
    )
    tables += '\nsource = "s"\n[conductivity]\nform = "table"\ngamma = [0.001, 0.1, 0.9]\n'
    return file, head + tables + 'conductivity = ["1e-3 S/cm", "1 S/cm", "90 S/cm"]\nsource = "s"\n', read


def stack(directory: Path) -> tuple[Path, str, Callable[[], object]]:
    file = in_case(directory)
    return file, file.read_text(), lambda: whole(file)


def fit(directory: Path) -> tuple[Path, str, Callable[[], object]]:
    file = in_case(directory)
    (directory / "expected.toml").write_text(EXPECTED)
    return file, CALIBRATE, lambda: read_calibration(file)


def expected(directory: Path) -> tuple[Path, str, Callable[[], object]]:
    file = directory / "expected.toml"
    return file, (CASES / "mg_wo3_pulses" / "expected.toml").read_text(), lambda: read_expected(file)


def curve(directory: Path) -> tuple[Path, str, Callable[[], object]]:
    file = directory / "expected.toml"
    (directory / "data.csv").write_text("t (s),U (V),dU (mV),w (-)\n1,0.1,2,1\n2,0.2,2,1\n3,0.4,2,0\n")
    return file, CURVE, lambda: read_curves(file)


def sweep(directory: Path) -> tuple[Path, str, Callable[[], object]]:
    in_case(directory)
    return directory / "sweep.toml", SWEEP, lambda: read_sweep(directory / "sweep.toml")


# What is spoilt, and how many of a thousand times.
KINDS = {
    "stack": (stack, 420),
    "material": (material, 150),
    "tables": (tabulated, 150),
    "expected": (expected, 200),
    "curve": (curve, 100),
    "calibrate": (fit, 40),
    "sweep": (sweep, 40),
}


def unsound(kind: str, directory: Path, seeds: range) -> list[str]:
    """Return what went wrong with each spoilt file: its seed, and how."""
    make, _ = KINDS[kind]
    file, text, read = make(directory)
    found, usual = [], sound_case()
    for seed in seeds:
        spoilt = mutated(text, seed)
        if kind == "calibrate":
            spoilt = COARSE + PULSES + OUTPUT + spoilt
        file.write_text(spoilt, encoding="utf-8", errors="surrogatepass")
        start = process_time()
        try:
            read()
        except EisfvError as error:
            lines = str(error).split("\n")
            if error.exit_code != WRONG_INPUT or not all(0 < len(line) < LONGEST for line in lines):
                found.append(f"{seed}: exit code {error.exit_code}, {lines}")
        except Exception as error:
            found.append(f"{seed}: {type(error).__name__}: {str(error)[:300]}")
        if process_time() - start > SLOWEST * usual:
            found.append(f"{seed}: {process_time() - start:.3g} s")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_thousand_spoilt_files_are_read_or_refused_in_a_line(kind: str, tmp_path: Path) -> None:
    assert unsound(kind, tmp_path, range(KINDS[kind][1])) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_spoilt_files_are_read_or_refused_in_a_line(kind: str, tmp_path: Path) -> None:
    assert unsound(kind, tmp_path, range(1000, 1000 + 10 * KINDS[kind][1])) == []


def test_a_table_from_the_smallest_number_on_overflows_nothing(tmp_path: Path) -> None:
    assert unsound("tables", tmp_path, range(2057, 2058)) == []


def test_a_reader_that_stumbles_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbling(directory: Path) -> tuple[Path, str, Callable[[], object]]:
        file, text, _ = stack(directory)
        return file, text, lambda: int(file.read_text(errors="replace"))

    monkeypatch.setitem(KINDS, "stack", (stumbling, 10))
    assert len(unsound("stack", tmp_path, range(10))) == 10
