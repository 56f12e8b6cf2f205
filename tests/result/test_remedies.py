"""What a message advises is asked for in the words of the front: options on the command line, arguments in Python."""

from pathlib import Path

import pytest

from eisfv.remedies import COMMAND_LINE, PYTHON, told_to, way
from eisfv.result import ResultError
from eisfv.result.claim import claim, claim_unfinished, release
from eisfv.result.errors import reason
from eisfv.result.status import Status, write_status


def test_both_fronts_know_the_same_ways() -> None:
    assert COMMAND_LINE.keys() == PYTHON.keys()
    assert not any("--" in words for words in PYTHON.values())


def test_a_finished_run_is_refused_in_the_words_of_the_front(tmp_path: Path) -> None:
    release(claim(tmp_path, force=False))
    write_status(tmp_path, Status("finished", 1.0))
    with pytest.raises(ResultError, match=r"overwrite it with force = True or choose another place with out$"):
        claim(tmp_path, force=False)
    with told_to(COMMAND_LINE), pytest.raises(ResultError, match=r"overwrite it with --force or .* with --out$"):
        claim(tmp_path, force=False)
    with pytest.raises(ResultError, match=r"start over with force = True or use another out$"):
        claim_unfinished(tmp_path)
    assert way("force") == "force = True"


def test_a_full_disk_is_told_with_the_words_of_the_front() -> None:
    full = OSError(28, "no space left")
    assert "resume = True" in reason(full)
    with told_to(COMMAND_LINE):
        assert "--resume" in reason(full)
