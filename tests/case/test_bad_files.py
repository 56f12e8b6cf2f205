"""Files that are no case, and everything wrong at once: lines, never a traceback."""

from copy import deepcopy
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from eisfv.case import CaseError, load
from eisfv.case.file_tree import Override, assign, read_toml
from support.section_case import BOXES, PLANAR, section_tree

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses" / "case.toml"


def lines_of(path: Path) -> list[str]:
    with pytest.raises(CaseError) as error:
        load(path)
    return error.value.lines


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = MAIN.read_text()
    mistakes = {
        '"100 um" #': '"100" #',
        "x = 0.005": "x = 2.0",
        '"0.6 cm^2"': '"0.6 cm"',
        "repeat": "repaet",
        '["reservoir", "elec': '["reservoir", "chan',
    }
    for old, new in mistakes.items():
        text = text.replace(old, new)
    (tmp_path / "case.toml").write_text(text)
    assert len(lines_of(tmp_path)) == 6  # the repeat stands in two blocks


def test_a_file_that_is_not_toml_is_told_with_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    file.write_text("[case]\ntitle = ten pulses\n")
    (line,) = lines_of(tmp_path)
    assert line.startswith(f"{file}: is not TOML: ")
    assert "line 2, column 9" in line


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_bytes(b"title = \xff")
    assert "is not UTF-8 text" in lines_of(tmp_path)[0]


def test_a_missing_directory_is_told(tmp_path: Path) -> None:
    assert lines_of(tmp_path / "none") == [f'{tmp_path}/none: does not exist; make a case with "eisfv new NAME"']


def test_a_directory_without_a_case_is_told(tmp_path: Path) -> None:
    assert lines_of(tmp_path) == [f'{tmp_path}: has no case.toml; make a case with "eisfv new NAME"']


def test_an_empty_file_lacks_its_tables(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text("")
    assert [line.split(": ")[1].split()[0] for line in lines_of(tmp_path)] == ["case", "device", "protocol"]


Place = tuple[str | int, ...]


def places(node: object, key: Place = ()) -> list[Place]:
    """Return the key of every entry of a tree."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for part, item in items for place in [(*key, part), *places(item, (*key, part))]]


LATERAL = {
    "device.interface[0].stern_capacitance": {"x": ["0 um", "20 um"], "value": ["1 F/m^2", "2 F/m^2"]},
    "device.interface[1].ion.exchange_current": {
        "good": "1 A/m^2", "poor": "0 A/m^2", "patch": "1 um", "share": 0.5, "seed": 1,
    },
    "device.section.contact.gate": {"region": "reservoir", "edge": "top", "span": ["0 um", "5 um"]},
}  # fmt: skip
JUNK = st.one_of(
    st.booleans(),
    st.integers(-3, 3),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from([[], {}, [{}], [1], {"a": 1}, "0 um", ["0 um", "1 um"]]),
)


TREES = [read_toml(MAIN), *(section_tree(changes) for changes in ({}, PLANAR, BOXES, LATERAL))]
SPOTS = [(number, place) for number, tree in enumerate(TREES) for place in places(tree)]


@given(spot=st.sampled_from(SPOTS), junk=JUNK)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_at_a_key_is_a_case_or_a_list_of_lines(
    spot: tuple[int, Place], junk: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tree = deepcopy(TREES[spot[0]])
    assign(tree, Override(spot[1], junk))
    file = tmp_path_factory.mktemp("junk") / "case.toml"
    file.write_text(tomli_w.dumps(tree))
    try:
        load(file)
    except CaseError as error:
        told = error.lines
    else:
        told = ["a case"]
    assert told
