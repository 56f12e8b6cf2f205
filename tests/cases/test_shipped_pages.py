"""The pages of the cases show what is there, and an exact row claims a value that a run can miss."""

import re
from pathlib import Path

import pytest

from eisfv.postprocess.quantities.expected import read_expected

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "cases").rglob("*.md"))]
PAGES += sorted((ROOT / "eisfv" / "docs").glob("*.md"))
PAGES = [page for page in PAGES if "runs" not in page.relative_to(ROOT).parts]
EXPECTED = [path for path in sorted((ROOT / "cases").rglob("expected.toml")) if "runs" not in path.parts]


def missing(page: Path, text: str) -> list[str]:
    """Return the links of a page to files that are not there."""
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    return [link for link in links if link and "://" not in link and not is_there(page, link)]


def is_there(page: Path, link: str) -> bool:
    """Whether there is such a file, or the manual makes one."""
    return (page.parent / link).exists() or (page.parent.name == "docs" and link.startswith("made/"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_links_to_files_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert missing(page, text) == []
    assert "/runs/" not in "".join(re.findall(r"\]\(([^)\s]+)\)", text))  # which no checkout has
    assert missing(page, f"{text}\n![gone](gone.png)") == ["gone.png"]


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.parent.name)
def test_an_exact_row_is_a_value_and_no_bound(path: Path) -> None:
    assert [row.name for row in read_expected(path) if row.kind == "exact" and (row.bound or row.factor)] == []
