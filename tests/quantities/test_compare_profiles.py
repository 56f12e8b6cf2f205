"""The cells of a region are held against expected.toml: their mean over the volume, their ends, shares of it."""

from pathlib import Path

import numpy as np
import pytest

from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.expected import ExpectedError
from eisfv.postprocess.quantities.rows import Row
from eisfv.result import read
from support.expectations import GOOD, always, entry
from support.synthetic_section import STACK, section_run

PROFILE = {"from": '"profiles"', "column": '"site_fraction_Mg"', "region": '"channel"', "select": '"last 1"'}


def section_rows(tmp_path: Path, **changed: str | None) -> list[Row]:
    """Return the comparison of a section's run with one quantity of its profiles."""
    (tmp_path / "expected.toml").write_text(entry({**GOOD, **PROFILE}, **changed))
    return compare(tmp_path / "expected.toml", always(read(section_run(tmp_path / "section", STACK))))


@pytest.mark.parametrize("reduce", ["mean", "max", "min"])
def test_a_region_of_the_profiles_is_held_against_a_value(tmp_path: Path, reduce: str) -> None:
    (row,) = section_rows(tmp_path, value="0.2", reduce=f'"{reduce}"', tolerance='"at least"')
    run = read(tmp_path / "section")
    cells = run.cells.volumes_of("channel")
    values, sizes = run.profiles("site_fraction_Mg")[-1][cells], run.cells.size[cells]
    expected = {"mean": values @ sizes / sizes.sum(), "max": values.max(), "min": values.min()}
    np.testing.assert_allclose(row.model, expected[reduce], rtol=1e-12)


@pytest.mark.parametrize("reduce", ["share_below", "share_above"])
def test_a_share_of_a_region_is_that_of_its_volume(tmp_path: Path, reduce: str) -> None:
    run = read(section_run(tmp_path / "other", STACK))
    cells = run.cells.volumes_of("channel")
    values, sizes = run.profiles("site_fraction_Mg")[-1][cells], run.cells.size[cells]
    level = float(np.sort(values)[values.size // 3]) + 1e-12
    (row,) = section_rows(tmp_path, value="0.2", reduce=f'"{reduce}"', at=f"{level!r}", tolerance='"at least"')
    inside = values < level if reduce == "share_below" else values > level
    assert 0 < inside.sum() < values.size
    np.testing.assert_allclose(row.model, sizes[inside].sum() / sizes.sum(), rtol=1e-12)


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"region": None}, "region is missing"),
        ({"reduce": '"share_below"'}, "at is missing"),
        ({"region": '"chanel"'}, 'no region "chanel"'),
        ({"column": '"site_fraction_Li"'}, 'no profile "site_fraction_Li"'),
        ({"region": '"electrolyte"'}, '"electrolyte" has no site_fraction_Mg'),
        ({"reduce": '"median"'}, "is not one of mean, max, min"),
        ({"select": '"last 99"'}, "asks for more"),
    ],
)
def test_what_the_profiles_do_not_have_is_told(tmp_path: Path, changed: dict[str, str | None], words: str) -> None:
    with pytest.raises(ExpectedError, match=words):
        section_rows(tmp_path, value="0.2", **changed)
