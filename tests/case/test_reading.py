"""Every reading is bounded: what cannot be read, or must not be, is refused in one line and at once; marks and quotes
that editors and spreadsheets put in are read."""

import os
from itertools import islice
from pathlib import Path
from time import process_time

import numpy as np
import pytest

from eisfv.case import CaseError, load
from eisfv.case.profiles import points
from eisfv.csv_columns import ColumnsError
from eisfv.errors import WRONG_INPUT
from eisfv.model.protocol import Block
from eisfv.model.steps import VoltageStep
from eisfv.running.notices import slips
from eisfv.sweeping.reading import read_plan
from eisfv.units import UnitError, parse
from support.cost import sound_case
from support.small_case import COARSE, write_case

MOST = 400  # sound cases that a line on a bad one may cost: a second where a sound one takes 2.5 ms
DEEP = "[" * 1000 + "]" * 1000
DIGITS = "9" * 400
INNER = '{ repeat = 100000, steps = [{ drive = "open_circuit", duration = "1 s" }] }'
BLOCKS = f"steps = [{{ repeat = 100000, steps = [{INNER}] }}]"
CHANNEL = "device.region.channel"


def refusal(tmp_path: Path, *overrides: str, text: str | None = None) -> str:
    """Return the one line on a case, told before it costs much."""
    file = write_case(tmp_path) / "case.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    usual = sound_case()
    start = process_time()
    with pytest.raises(CaseError) as error:
        load(tmp_path, overrides)
    assert process_time() - start < MOST * usual
    assert error.value.exit_code == WRONG_INPUT
    (line,) = str(error.value).splitlines()
    assert len(line) < 1100
    return line


@pytest.mark.parametrize(
    "override, words",
    [
        ("mesh.growth=1.0", "mesh.growth = 1.0 must be between 1.01 and 1000"),
        ("mesh.first=1e-300", "mesh.first = 1e-300 must be between 1e-06 and 1000"),
        ("mesh.largest=1e-12", "mesh.largest = 1e-12 must be between 0.0001 and 1"),
        ("mesh.cells.channel=1000000000000", "mesh.cells.channel = 1000000000000 must be at most 100000"),
        (f"mesh.growth={DIGITS}", "a whole number of more than 64 bits"),
        ("mesh.growth=1e400", "mesh.growth = inf must be finite"),
        ('device.temperature="4 K"', 'device.temperature = "4 K" must be between 20 K and 3000 K'),
        ('device.temperature="-300 degC"', "must be greater than zero"),
        (f"device.temperature={DEEP}", "nested deeper than 64 tables and lists"),
        (f'{CHANNEL}.thickness="80 {"m " * 30_000}"', "characters, more than any quantity"),
        (f'{CHANNEL}.thickness="1e300 nm"', "is no figure of a device"),
        (f'{CHANNEL}.thickness="1e-12 nm"', "is no thickness of a layer"),
        (f'{CHANNEL}.name="{"x" * 300}"', "has 300 characters; a name has 100 at most"),
        (f'{CHANNEL}.material="{"x" * 300}.toml"', "does not exist: there is no file"),
        (f'{CHANNEL}.material="a\\u0000.toml"', "does not exist: there is no file"),
        ("protocol[1].repeat=1000000000", "protocol = [{ drive"),
    ],
    ids=lambda value: value[:40],
)
def test_a_figure_that_no_device_has_is_refused(tmp_path: Path, override: str, words: str) -> None:
    assert words in refusal(tmp_path, override)


def test_blocks_that_repeat_blocks_are_counted_and_never_expanded(tmp_path: Path) -> None:
    line = refusal(tmp_path, text=COARSE + f"[[protocol]]\nrepeat = 100000\n{BLOCKS}\n")
    assert "drives 1e+15 steps; a run has 1e+09 at most" in line


def test_a_thousand_million_steps_are_walked_one_by_one(tmp_path: Path) -> None:
    write_case(tmp_path, f"[[protocol]]\nrepeat = 1\n{BLOCKS.replace('100000', '10000')}\n")
    usual = sound_case()
    start = process_time()
    protocol = load(tmp_path).protocol
    assert len(protocol) == 100_000_000
    assert protocol.duration == 1e8
    assert len(list(islice(protocol, 1000))) == 1000
    assert process_time() - start < MOST * usual


@pytest.mark.parametrize("kind", ["pipe", "device", "directory", "too large"])
def test_what_is_no_file_of_text_is_refused_before_it_is_read(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "m.toml"
    match kind:
        case "pipe":
            os.mkfifo(place)
        case "device":
            place.symlink_to("/dev/zero")
        case "directory":
            place.mkdir()
        case "too large":
            place.write_bytes(b"#" * 3_000_000)
    line = refusal(tmp_path, f'{CHANNEL}.material="./m.toml"')
    wanted = {"directory": "there is no file", "too large": "is larger than 2 MB"}.get(
        kind, "is no file but a directory"
    )
    assert wanted in line


@pytest.mark.parametrize("kind", ["pipe", "device", "too large"])
def test_a_profile_that_is_no_file_of_text_is_refused(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "p.csv"
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "device":
        place.symlink_to("/dev/zero")
    else:
        place.write_text("x (um),exchange_current (uA/cm^2)\n" + "0,1\n" * 30_000)
    with pytest.raises(ColumnsError, match=r"is no file but|are enough"):
        points(place, "exchange_current")


def test_two_thousand_axes_are_refused(tmp_path: Path) -> None:
    write_case(tmp_path)
    axis = '[[axis]]\nkey = "device.temperature"\nvalues = ["300 K"]\n'
    (tmp_path / "sweep.toml").write_text('[sweep]\ntitle = "t"\ncase = "case.toml"\n' + axis * 2000)
    with pytest.raises(CaseError, match="axis has 2000 entries; take 50 at most"):
        read_plan(tmp_path)


def test_an_activation_energy_that_leaves_nothing_at_its_temperature_is_told(tmp_path: Path) -> None:
    """2 eV at 25 K: exp[-2/8.617e-5 (1/25 - 1/298.15)] = 10^-369."""
    energy = 'material.mg_wo3.species.Mg.activation_energy="2 eV"'
    line = refusal(tmp_path, 'device.temperature="25 K"', energy)
    assert "makes the mobility of Mg in reservoir 10^-369 times what it is at 298.15 K" in line


def test_a_figure_that_looks_like_another_units_is_told(tmp_path: Path) -> None:
    write_case(tmp_path, '[[protocol]]\ndrive = "open_circuit"\nduration = "1 s"\n')
    assert list(slips(load(tmp_path).device)) == []
    cold, thick = slips(load(tmp_path, ['device.temperature="25 K"', f'{CHANNEL}.thickness="14 m"']).device)
    assert 'device.temperature is 25 K; for 25 °C write "25 degC"' in cold
    assert thick.startswith("channel is 14 m thick")


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    file = write_case(tmp_path) / "case.toml"
    plain = load(tmp_path)
    file.write_text("\ufeff" + file.read_text(), encoding="utf-8")
    assert load(tmp_path) == plain
    file.write_text(file.read_text(encoding="utf-8").replace("[case]", "[\ufeffcase]"), encoding="utf-8")
    with pytest.raises(CaseError, match="is not TOML"):
        load(tmp_path)


@pytest.mark.parametrize(
    "text, dimension, value",
    [
        ("−18.52 mV", "voltage", -18.52e-3),
        ("1e−3 V", "voltage", 1e-3),
        ("10 uA cm⁻²", "current density", 0.1),
        ("1.86e22 cm⁻³", "concentration", 1.86e28 / 6.02214076e23),
        ("0.6\N{NO-BREAK SPACE}cm²", "area", 0.6e-4),
        ("5 \N{OHM SIGN}", "resistance", 5.0),
    ],
)
def test_signs_that_are_printed_are_read(text: str, dimension: str, value: float) -> None:
    np.testing.assert_allclose(parse(text, dimension), value, rtol=1e-14)


def test_a_power_behind_the_number_is_none_of_its_digits() -> None:
    with pytest.raises(UnitError):
        parse("10² V", "voltage")


def test_what_the_check_prints_can_be_set(tmp_path: Path) -> None:
    write_case(tmp_path)
    block = load(tmp_path, ["protocol[1].steps[0].value=−18.52 mV"]).protocol.entries[1]
    assert isinstance(block, Block)
    step = block.steps[0]
    assert isinstance(step, VoltageStep)
    np.testing.assert_allclose(step.waveform.value(0.0), -0.01852, rtol=1e-14)


def test_a_table_with_quotes_as_spreadsheets_write_them_is_read(tmp_path: Path) -> None:
    plain, quoted = tmp_path / "plain.csv", tmp_path / "quoted.csv"
    plain.write_text("x (um),exchange_current (uA/cm^2)\n0,0.1\n10,0.2\n")
    quoted.write_text('\ufeff"x (um)","exchange_current (uA/cm^2)"\r\n"0","0.1"\r\n10,"0.2"\r\n', encoding="utf-8")
    assert points(quoted, "exchange_current") == points(plain, "exchange_current")
    quoted.write_text('"x (um),exchange_current (uA/cm^2)"\n0,0.1\n10,0.2\n')
    with pytest.raises(ColumnsError, match="has no header"):
        points(quoted, "exchange_current")
