"""Texts of an expected.toml with one quantity of a written run, and its comparison."""

from collections.abc import Callable, Mapping
from pathlib import Path

from eisfv.postprocess.quantities.compare import compare
from eisfv.postprocess.quantities.rows import Row
from eisfv.result import Run, read

from .written_run import written

GOOD = {
    "name": '"change"',
    "value": '"1 uS"',
    "tolerance": "0.1",
    "kind": '"predicted"',
    "source": '"somewhere"',
    "from": '"pulses"',
    "column": '"dG_S"',
    "select": '"first 1"',
    "reduce": '"mean"',
}


def entry(base: Mapping[str, str] = GOOD, **changed: str | None) -> str:
    """Return the text of a quantity, keys changed or left out."""
    keys = {**base, **changed}
    return "[[quantity]]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items() if value is not None)


def denominator(**changed: str | None) -> str:
    """Return the text of a denominator, the change by the last pulse."""
    bare = {"name": '"down"', "select": '"last 1"', **dict.fromkeys(("value", "tolerance", "kind", "source"))}
    return entry(**{**bare, **changed}).replace("[[quantity]]", "[[denominator]]")


def rows(tmp_path: Path, run: str = "run", **changed: str | None) -> list[Row]:
    """Return the comparison of a written run with one quantity, keys changed or left out."""
    (tmp_path / "expected.toml").write_text(entry(**changed))
    return compare(tmp_path / "expected.toml", always(read(written(tmp_path / run))))


def always(run: Run) -> Callable[[Path], Run]:
    """Return what gives this run whatever case is asked for."""
    return lambda case: run
