"""What is wrong with a sweep file is told in one line a fault, before anything runs."""

from pathlib import Path

import pytest

from eisfv.case import CaseError
from eisfv.sweeping.reading import read_plan
from support.sweep_file import CHANGE, CURRENT, DRAWN, HEAD, THICKNESS, sweep_file

KEY = 'key = "device.region.electrolyte.thickness"\n'
SAMPLE = '[sample]\nmethod = "sobol"\npoints = 16\n'
SLURM = '[executor]\nkind = "slurm"\ncores_per_node = 4\nwalltime = "1 h"\n'
RANGE = f'[[axis]]\n{KEY}from = "1 um"\nto = "1 mm"\npoints = 5\n'
RETENTION = CHANGE.replace('"pulses"', '"terminals"').replace('"dG_S"', '"conductance_S"')


FILLING = '[[axis]]\nname = "{}"\nkey = "device.region.channel.initial.x"\nvalues = [0.1, 0.2]\n'
TRACES = '[traces]\ncolumns = ["voltage_V"]\n'


def faults(directory: Path, text: str) -> list[str]:
    """Return the lines on a sweep file, without the file's name, which all of them have."""
    file = sweep_file(directory, text)
    with pytest.raises(CaseError) as caught:
        read_plan(file)
    lines = caught.value.lines
    assert all("sweep.toml: " in line or "case.toml: " in line for line in lines), lines
    assert not any("\n" in line for line in lines)
    return [line.partition(".toml: ")[2] for line in lines]


def axis(values: str, key: str = KEY) -> str:
    """Return an axis with these values."""
    return f"[[axis]]\n{key}values = {values}\n"


@pytest.mark.parametrize(
    "text, words",
    [
        ("", 'sweep is missing; add for example [sweep] with title = "..."'),
        (HEAD, "axis is missing; add for example [[axis]] with key"),
        (HEAD.replace('case = "base"', "") + THICKNESS, "sweep.case is missing; add for example case ="),
        (HEAD.replace('"base"', '"bsae"') + THICKNESS, 'sweep.case = "bsae" does not exist'),
        (HEAD + 'sett = ["a=1"]\n' + THICKNESS, 'sweep.sett is not a known key; did you mean "set"?'),
        (HEAD + 'set = ["device.temprature=300 K"]\n' + THICKNESS, "sweep.set: device.temprature is not a known key"),
        (HEAD + axis("[]"), "axis[0].values = [] must not be empty"),
        (HEAD + axis('["1 um", ["2 um"]]'), 'axis[0].values[1] = ["2 um"] must be a number, a quantity or a word'),
        (HEAD + axis("[1e999]"), "axis[0].values[0] = inf must be a number"),
        (HEAD + axis('["1 um", "3 V"]'), 'axis[0].values[1] = "3 V" measures voltage, and the first, "1 um", length'),
        (HEAD + axis('["1 V"]'), 'axis[0]: device.region[1].thickness = "1 V" measures voltage, not length'),
        (HEAD + axis("[1e-6]"), "axis[0]: device.region[1].thickness = 1e-06 has no unit"),
        (HEAD + axis('["1 um", "-1 um"]'), "must be greater than zero"),
        (HEAD + axis('["1 umm"]'), 'unknown unit "umm" (did you mean "um"?)'),
        (HEAD + axis('["1 um", "1e-6 m"]'), 'axis[0].values[1] = "1e-6 m" is there twice'),
        (HEAD + axis('["1 um", 2]'), "axis[0].values[1] = 2 has no unit"),
        (HEAD + axis('["thick", 2]'), "is a number, and the first is a word"),
        (HEAD + axis('[2, "thick"]'), "is a word, and the first is a number"),
        (HEAD + axis('["1 um"]', 'key = "device.region.electrolyte.thicknes"\n'), 'did you mean "thickness"?'),
        (HEAD + axis('["1 um"]', 'key = "device.region.elektrolyte.thickness"\n'), 'did you mean "electrolyte"?'),
        (HEAD + axis('["1 um"]', 'key = "no key"\n'), 'axis[0].key = "no key" is no key'),
        (HEAD + axis('["1 um"]', ""), "axis[0] needs key, or keys"),
        (HEAD + axis('["1 um"]', KEY + 'keys = ["a.b"]\n'), "axis[0] needs key, or keys"),
        (HEAD + axis('["1 um"]', KEY + 'name = "a b"\n'), 'axis[0].name = "a b" must be letters'),
        (HEAD + axis('["1 um"]', KEY + "points = 3\n"), "axis[0].points is for a range"),
        (HEAD + f"[[axis]]\n{KEY}", "axis[0] has no values; write values, or from, to and points"),
        (HEAD + f'[[axis]]\n{KEY}form = "1 um"\nto = "2 um"\n', 'form is not a known key; did you mean "from"?'),
        (HEAD + RANGE.replace("points = 5", ""), "axis[0].points is missing; add for example points = 9"),
        (HEAD + RANGE.replace("points = 5", "points = 1"), "axis[0].points = 1 must be a whole number, at least 2"),
        (HEAD + RANGE.replace('"1 mm"', '"1 V"'), 'axis[0].to = "1 V" measures voltage, and the first, "1 um", length'),
        (HEAD + RANGE.replace('"1 mm"', '"1e-6 m"'), "axis[0].to is the same as from"),
        (HEAD + RANGE.replace('"1 um"', '"0 um"') + 'scale = "log"\n', "needs from and to above zero"),
        (HEAD + RANGE.replace('"1 mm"', '"3 um"') + "whole = true\n", "more than there are different values"),
        (HEAD + THICKNESS + THICKNESS, 'axis[1].name = "thickness" is also that of axis[0]; give it its own'),
        (HEAD + THICKNESS + axis('["1 um"]', KEY + 'name = "b"\n'), "is set by axis[0] too; leave one of them out"),
        (
            HEAD + THICKNESS + axis('["1 um"]', 'key = "device.region[1].thickness"\nname = "b"\n'),
            'axis[1].key = "device.region[1].thickness" is set by axis[0] too',
        ),
        (HEAD + f'set = ["device.region.electrolyte.thickness=3 um"]\n{THICKNESS}', "for all runs by sweep.set too"),
        (HEAD + THICKNESS + 'zip = "g"\n' + CURRENT.replace("= 3", "= 4") + 'zip = "g"\n', "has 4 values and axis[0]"),
        (HEAD + THICKNESS + 'zip = "g"\n', 'axis[0].zip = "g" is that of no other axis'),
        (HEAD + THICKNESS + SAMPLE, "axis[0].values cannot be drawn from by [sample]; write from, to and scale"),
        (HEAD + CURRENT + SAMPLE, "axis[0].points = 3 is for a grid"),
        (HEAD + DRAWN + SAMPLE.replace("16", "20"), "sample.points = 20 is no power of two"),
        (HEAD + DRAWN + SAMPLE.replace("sobol", "sobel"), 'did you mean "sobol"?'),
        (
            HEAD + DRAWN + SAMPLE.replace("sobol", "saltelli") + '[[constraint]]\nkeep = "thickness < 1"\n',
            "constraint breaks the blocks of a saltelli sample",
        ),
        (HEAD + THICKNESS + '[[constraint]]\nkeep = "thicknes < 1"\n', 'did you mean "thickness"?'),
        (HEAD + THICKNESS + '[[constraint]]\nkeep = "thickness"\n', "is no comparison; write for example"),
        (HEAD + THICKNESS + '[[constraint]]\nkeep = "thickness > 1"\n', "constraint leaves none of 3 points"),
        (HEAD + THICKNESS + CHANGE.replace("dG_S", "dG"), 'quantity[0].column = "dG" has no column "dG"; did you mean'),
        (HEAD + THICKNESS + CHANGE.replace('"mean"', '"maen"'), "quantity[0].reduce"),
        (
            HEAD + THICKNESS + CHANGE.replace('"pulses"', '"impedance"').replace('"dG_S"', '"Z_real_ohm"'),
            'quantity[0].from = "impedance" finds no spectrum in the case; put a step with drive = "impedance"',
        ),
        (
            HEAD + THICKNESS + CHANGE.replace('"pulses"', '"measures"'),
            'quantity[0].from = "measures" is not what a run of a sweep has; take pulses or terminals',
        ),
        (HEAD + THICKNESS + CHANGE + CHANGE, 'quantity[1].name = "dG" is another one\'s too'),
        (
            HEAD + THICKNESS + CHANGE.replace('"dG"', '"thickness_um"').replace("dG_S", "x_channel"),
            "which an axis has too; rename it",
        ),
        (
            HEAD + THICKNESS + CHANGE.replace('"dG"', '"status"').replace("dG_S", "x_channel"),
            "which every sweep has too",
        ),
        (HEAD + THICKNESS + CHANGE + 'value = "1 S"\n', "quantity[0].value is not a known key"),
        (HEAD + THICKNESS + CHANGE + "share = 0.5\n", "quantity[0].share is for reduce = time_to_share; remove it"),
        (HEAD + THICKNESS + RETENTION.replace('"mean"', '"time_to_share"'), "quantity[0].share is missing"),
        (
            HEAD + THICKNESS + CHANGE.replace('"pulses"', '"profiles"') + 'region = "chanel"\n',
            'quantity[0].region = "chanel" is no region of the case; did you mean "channel"?',
        ),
        (
            HEAD + THICKNESS + '[traces]\ncolumns = ["voltage"]\n',
            'is no column of the terminals; did you mean "voltage_V"',
        ),
        (HEAD + THICKNESS + '[traces]\ncolumns = ["time_s"]\n', "is always there; remove it"),
        (HEAD + THICKNESS + '[traces]\ncolumns = ["voltage_V", "voltage_V"]\n', 'has "voltage_V" twice'),
        (HEAD + THICKNESS + '[traces]\ncolumns = ["voltage_V"]\nsamples = 2_000_000_000\n', "100 000 is the most"),
        (HEAD + FILLING.format("status"), 'axis[0].name = "status" makes the column "status", which every sweep has'),
        (HEAD + FILLING.format("time") + TRACES, 'makes the column "time", which traces.zarr has too'),
        (HEAD + FILLING.format("voltage") + TRACES, 'makes the column "voltage", which traces.zarr has too'),
        (HEAD + FILLING.format("pulse_dG") + TRACES, 'makes the column "pulse_dG", which traces.zarr has too'),
        (HEAD + FILLING.format("sample") + TRACES, 'makes the column "sample", which traces.zarr has too'),
        (HEAD + THICKNESS + FILLING.format("thickness_um"), "which another axis has too; give it another name"),
        (HEAD + THICKNESS + '[executor]\nkind = "slrum"\n', 'did you mean "slurm"?'),
        (HEAD + THICKNESS + "[executor]\nworkers = 0\n", "executor.workers = 0 must be a whole number, at least 1"),
        (HEAD + THICKNESS + SLURM.replace('walltime = "1 h"', ""), "executor.walltime is missing; add for example"),
        (HEAD + THICKNESS + SLURM.replace('"1 h"', '"1"'), 'executor.walltime = "1" has no unit'),
        (HEAD + THICKNESS + SLURM + 'partition = "a\\nrm -r *"\n', "must be one word, as Slurm names it"),
        (HEAD + THICKNESS + SLURM + "workers = 2\n", "executor.workers is not a known key"),
        (
            HEAD + THICKNESS + '[executor]\nkind = "parsl"\nconfig = "none.py"\n',
            "is not there; write",
        ),
    ],
)
def test_a_fault_is_told_in_one_line(tmp_path: Path, text: str, words: str) -> None:
    lines = faults(tmp_path, text)
    assert any(words in line for line in lines), lines


@pytest.mark.parametrize("name", ["time", "voltage", "run"])
def test_a_name_of_the_traces_is_free_where_there_are_none(tmp_path: Path, name: str) -> None:
    plan = read_plan(sweep_file(tmp_path, HEAD + FILLING.format(name) + CHANGE))
    assert [axis.header for axis in plan.axes] == [name]


@pytest.mark.parametrize(
    "text, words",
    [
        (RANGE.replace("points = 5", "points = 1_000_000_000"), "axis makes 1 000 000 000 points"),
        (
            RANGE.replace("points = 5", "points = 100_000")
            + '[[axis]]\nkey = "device.temperature"\nfrom = "290 K"\nto = "310 K"\npoints = 10_000\n',
            "axis makes 1 000 000 000 points and a sweep has 1 000 000 at most; take fewer",
        ),
        (DRAWN + SAMPLE.replace("16", "1_073_741_824"), "sample.points makes 1 073 741 824 points"),
    ],
    ids=["one axis", "two axes", "sample"],
)
def test_a_thousand_million_points_are_refused_before_one_is_made(tmp_path: Path, text: str, words: str) -> None:
    constraint = '[[constraint]]\nkeep = "thickness < 1"\n'
    (line,) = faults(tmp_path, HEAD + text + constraint)
    assert words in line


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    wrong = axis('["1 V"]') + axis('["300 umm"]', 'key = "device.temperature"\n') + CHANGE.replace("dG_S", "dG")
    lines = faults(tmp_path, HEAD + wrong + '[traces]\ncolumns = ["V"]\n')
    assert sorted(line[:8] for line in lines) == ["axis[0]:", "axis[1]:", "quantity", "traces.c"]


def test_many_bad_values_are_three_lines_and_a_count(tmp_path: Path) -> None:
    lines = faults(
        tmp_path, HEAD + RANGE.replace('"1 um"', '"-1 um"').replace("= 5", "= 50").replace('"1 mm"', '"-9 um"')
    )
    assert len(lines) == 4
    assert "axis[0] has more values that are refused: 47" in lines[-1]


def test_a_base_case_that_is_wrong_says_so_itself(tmp_path: Path) -> None:
    file = sweep_file(tmp_path)
    case = tmp_path / "base" / "case.toml"
    case.write_text(case.read_text().replace('"1 um"', '"1 um2"'))
    with pytest.raises(CaseError) as caught:
        read_plan(file)
    assert "base/case.toml: device.region[1].thickness" in caught.value.lines[0]


def test_values_that_go_only_with_others_are_no_fault(tmp_path: Path) -> None:
    long = '[[axis]]\nname = "read"\nkey = "protocol[0].read"\nvalues = ["last 1 s", "last 3 s"]\n'
    step = '[[axis]]\nname = "step"\nkey = "protocol[0].duration"\nvalues = ["5 s", "500 ms"]\n'
    plan = read_plan(sweep_file(tmp_path, HEAD + long + step))
    assert plan.count == 4  # the reads that are longer than their step fail one by one


@pytest.mark.parametrize("name", ["nothing.toml", "empty"])
def test_a_sweep_file_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(CaseError, match="name a sweep file, or a directory with a"):
        read_plan(tmp_path / name)


@pytest.mark.parametrize("text", ["[sweep", "\x00"])
def test_a_file_that_is_no_toml_is_told(tmp_path: Path, text: str) -> None:
    assert "is not TOML" in faults(tmp_path, text)[0]
