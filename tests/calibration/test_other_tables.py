"""A fit makes the protocol alone: what is read off measures or a sweep is no target."""

from pathlib import Path

import pytest

from calibration.calibrated_case import ONE_TARGET, QUANTITY, SLOPE
from eisfv.calibration.reading import read_plan
from eisfv.case import CaseError
from support.small_case import COARSE, PULSE_BETWEEN_READS, write_case


@pytest.mark.parametrize("table", ["measures", "sweep"])
def test_it_is_refused_in_one_line(tmp_path: Path, table: str) -> None:
    write_case(tmp_path, PULSE_BETWEEN_READS + SLOPE + ONE_TARGET, "", COARSE)
    entry = QUANTITY.format(name="conductance before", value=1e-6, unit="S", column="G_before_S")
    (tmp_path / "expected.toml").write_text(entry.replace('"pulses"', f'"{table}"'))
    with pytest.raises(CaseError) as caught:
        read_plan(tmp_path)
    (line,) = caught.value.lines
    assert f'calibrate.target[0].quantity = "conductance before" is from {table}, which a fit does not make' in line
