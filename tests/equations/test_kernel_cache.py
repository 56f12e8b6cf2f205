"""A kernel on disk is dropped when any source is newer from which numbers or functions were compiled into it."""

from os import utime
from pathlib import Path

import pytest

from eisfv.kernel_cache import drop_stale


@pytest.mark.parametrize(
    "newer, dropped",
    [("physics/law.py", 1), ("model/contacts.py", 1), ("constants.py", 1), ("case/loading.py", 0), ("", 0)],
)
def test_a_kernel_is_dropped_when_what_went_into_it_is_newer(tmp_path: Path, newer: str, dropped: int) -> None:
    kernel = tmp_path / "equations" / "__pycache__" / "assemble.nbi"
    for file in (tmp_path / "equations" / "assemble.py", kernel, tmp_path / (newer or "equations/other.py")):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        utime(file, (1.0, 1.0))
    utime(kernel, (2.0, 2.0))
    if newer:
        utime(tmp_path / newer, (3.0, 3.0))
    assert drop_stale(tmp_path) == dropped
    assert kernel.exists() == (dropped == 0)
