"""A run whose result.nc is left out, as a sweep makes them: it can be read all the same."""

from pathlib import Path

import numpy as np

from eisfv.result import read
from eisfv.running import run_case
from support.small_case import small_case

PROTOCOL = """
[[protocol]]
drive = "voltage"
value = "0.5 V"
duration = "100 ms"
pulse = true

[[protocol]]
drive = "open_circuit"
duration = "250 ms"
read = "last 100 ms"
"""


def test_a_run_without_result_reads_the_same(tmp_path: Path) -> None:
    case = small_case(tmp_path, PROTOCOL)
    runs = []
    for merge in (True, False):
        out = tmp_path / f"run {merge}"
        run_case(case, out, lambda progress: None, merge=merge)
        assert (out / "result.nc").is_file() == merge
        runs.append(read(out))
    whole, apart = runs
    assert apart.status.state == "finished"
    for table in ("terminals", "pulses"):
        for name, values in getattr(whole, table).items():
            np.testing.assert_array_equal(getattr(apart, table)[name], values)
    np.testing.assert_array_equal(apart.profiles("potential"), whole.profiles("potential"))
