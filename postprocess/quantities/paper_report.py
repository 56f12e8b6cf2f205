"""The comparison of many cases as one page of markdown: tables, what the source says twice, pictures."""

import re
from collections.abc import Iterator, Mapping, Sequence
from os.path import relpath
from pathlib import Path
from typing import Any
from urllib.parse import quote

from eisfv.result.atomic import write_atomic
from eisfv.result.errors import ResultError, clear_errors
from eisfv.result.file_names import PLOTS
from eisfv.text_files import UnreadableError, read_toml

from .expected import KINDS
from .fitted_rows import FIT
from .rows import HEADINGS, Row
from .statements import counted

MEANING = {
    "calibrated": "The value went into a parameter; that the model gives it back is no test.",
    "predicted": "The value went into no parameter.",
    "exact": "The value follows from the drive, the geometry or the conservation laws.",
}
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
RUN_PLOTS = Path("runs") / "latest" / PLOTS


def write_report(path: Path, cases: Sequence[Path], rows: Sequence[Row], left_out: Mapping[Path, str]) -> None:
    """Write the page; left_out: cases that could not be compared, and why. Raises ResultError."""
    text = "\n".join(report_lines(path, cases, rows, left_out)) + "\n"
    with clear_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, text.encode())


def report_lines(path: Path, cases: Sequence[Path], rows: Sequence[Row], left_out: Mapping[Path, str]) -> Iterator[str]:
    """Give the lines of the page."""
    yield from ("# Model against expected", "", f"{len({row.case for row in rows})} cases. {counted(rows)}")
    for kind in KINDS:
        chosen = [row for row in rows if row.quantity.kind == kind]
        if chosen:
            yield from ("", f"## {kind.capitalize()}", "", MEANING[kind], "", *table(chosen))
    noted = [row for row in rows if row.quantity.note]
    if noted:
        yield from ("", "## Where the source leaves room", "")
        yield from (note(row) for row in noted)
    if left_out:
        yield from ("", "## Not compared", "")
        yield from (f"- {case.name}: {why}" for case, why in left_out.items())
    for case in cases:
        yield from fitted(path, case)
    yield from ("", "## Cases")
    shown: set[Path] = set()
    for case in cases:
        yield from ("", f"### [{case.name}]({link(path, case / 'README.md')})")
        for caption, picture in pictures(case):
            if picture.resolve() not in shown:
                shown.add(picture.resolve())
                yield from ("", f"![{caption}]({link(path, picture)})", "", f"*{caption}*")


def fitted(path: Path, case: Path) -> Iterator[str]:
    """Give the values that a case's fit found, where it has one."""
    file = case / FIT
    if not file.is_file():
        return
    try:
        fit = read_toml(file)
        yield from ("", f"## Fitted values: [{case.name}]({link(path, file)})", "")
        yield from ("| parameter | value | standard error |", "| --- | --- | --- |")
        for entry in fit["parameter"]:
            value = f"{entry['value']:.4g} {entry['unit']}".rstrip()
            yield f"| {entry['key']} | {value} | {error_of(entry)} |"
        yield from ("", f"Errors from: {fit['errors']['from']}.")
    except (UnreadableError, KeyError, TypeError, ValueError) as error:
        raise ResultError(f"{file}: is not what `eisfv calibrate` writes ({error})") from None


def error_of(entry: Mapping[str, Any]) -> str:
    """Return the standard error of a fitted value, a factor where it was fitted in the logarithm."""
    if "standard_factor" in entry:
        return f"factor {entry['standard_factor']:.3g}"
    return f"{entry['standard_error']:.2g} {entry['unit']}".rstrip() if "standard_error" in entry else "none"


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Give a table of rows."""
    yield "| " + " | ".join(HEADINGS) + " |"
    yield "|" + " --- |" * len(HEADINGS)
    for row in rows:
        cells = [cell.replace("|", r"\|") for cell in row.cells]
        yield "| " + " | ".join(cells) + " |"


def note(row: Row) -> str:
    """Return the line of a quantity's note, with both numbers."""
    _, name, expected, model, *_ = row.cells
    return f"- {row.case}, {name}: expected {expected}, model {model}. {' '.join(row.quantity.note.split())}"


def pictures(case: Path) -> list[tuple[str, Path]]:
    """Return caption and file of the pictures that a case's README shows, else of those of its last run."""
    readme = case / "README.md"
    with clear_errors(readme, "read"):
        text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    shown = [(" ".join(caption.split()), case / name) for caption, name in PICTURE.findall(text)]
    found = [(caption or picture.stem, picture) for caption, picture in shown if picture.is_file()]
    return found or [(f"{case.name}: {picture.stem}", picture) for picture in sorted((case / RUN_PLOTS).glob("*.png"))]


def link(path: Path, target: Path) -> str:
    """Return a file as the page links it."""
    return quote(Path(relpath(target, path.parent)).as_posix())
