"""The main case with one thing spoilt, and a stack of one rule."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from case.one_rule_case import Tell, judged
from eisfv.case import CaseError, load

MAIN = Path(__file__).parents[2] / "cases" / "mg_wo3_pulses" / "case.toml"


@pytest.fixture
def spoil(tmp_path: Path) -> Callable[[str, str, str], None]:
    """Return a check: with `old` replaced by `new` the case has exactly one line with the words, naming the file."""

    def check(old: str, new: str, words: str) -> None:
        text = MAIN.read_text()
        assert old in text
        # The reservoir comes first and the channel last: what both have is spoilt in the channel.
        start = (
            text.rindex(old) if old.startswith(("x =", "initial.x")) or old == 'name = "channel"' else text.index(old)
        )
        file = tmp_path / "case.toml"
        file.write_text(text[:start] + new + text[start + len(old) :])
        with pytest.raises(CaseError) as error:
            load(file)
        named = [line for line in error.value.lines if words in line]
        assert len(named) == 1, error.value.lines
        assert named[0].startswith(f"{file}: ")

    return check


@pytest.fixture
def told(tmp_path: Path) -> Tell:
    """Return `judged` in a directory."""
    return partial(judged, tmp_path)
