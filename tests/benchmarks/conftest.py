"""Benchmarks print tables and write nothing; `make bench` runs them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

Show = Callable[[str, Sequence[str], Iterable[Sequence[Any]]], None]


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Show:
    """Return a function that prints a titled table past pytest's capture."""

    def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        texts = [[written(value) for value in row] for row in rows]
        widths = [max(len(head), *(len(row[k]) for row in texts)) for k, head in enumerate(heads)]
        with capsys.disabled():
            print(f"\n\n{title}")
            for row in (list(heads), *texts):
                print("  " + "  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)))

    return table


def written(value: Any) -> str:
    """Return a number with the digits that a benchmark deserves."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)
