"""A pulse less its control: the difference of the last and the first of the rows that are asked for."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.quantities.compare import compare
from eisfv.result import read
from support.written_run import written

ROW = """
[[quantity]]
name = "change less the control"
value = "1 nS"
tolerance = 1e-9
kind = "predicted"
source = "s"
from = "pulses"
column = "dG_S"
select = "{select}"
reduce = "last_minus_first"
"""


@pytest.mark.parametrize(("select", "pair"), [("rows 1 to 1, rows 2 to 2", (0, 1)), ("rows 2 to 3", (1, 2))])
def test_the_control_is_taken_off_in_the_unit_of_the_column(tmp_path: Path, select: str, pair: tuple[int, int]) -> None:
    run = read(written(tmp_path / "run"))
    (tmp_path / "expected.toml").write_text(ROW.format(select=select))
    (row,) = compare(tmp_path / "expected.toml", lambda case: run)
    first, last = (run.pulses["dG_S"][index] for index in pair)
    np.testing.assert_allclose(row.model, last - first, rtol=1e-12)
    assert row.quantity.unit == "S"
