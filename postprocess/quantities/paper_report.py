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
from eisfv.text_files import UnreadableError, read_text, read_toml

from .expected import KINDS
from .fitted_rows import FIT
from .rows import HEADINGS, Row
from .statements import Statement, counted, name_of, sets_of, statements

MEANING = {
    "calibrated": "The value went into a parameter; that the model gives it back is no test.",
    "predicted": "The value went into no parameter.",
    "exact": "The value follows from the drive, the geometry or the conservation laws.",
}
SETS = "Each set of values has its own predictions: a statement that went into one set may be predicted by another."
OUTSIDE = "Rows that decide a statement, with the reason as far as it is known."
CONFLICTS = "A test on either side alone would prove nothing; the tolerances span both."
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
README = "README.md"
TITLE = "# Model against expected"
RUN_PLOTS = Path("runs") / "latest" / PLOTS


def write_report(
    path: Path, cases: Sequence[Path], rows: Sequence[Row], left_out: Mapping[Path, str], head: str = TITLE
) -> None:
    """Write the page below its head; left_out: cases that could not be compared, and why. Raises ResultError."""
    text = "\n".join([head, *report_lines(path, cases, rows, left_out)]) + "\n"
    with clear_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, text.encode())


def head_of(file: Path | None) -> str:
    """Return what stands above the tables: a title, or the text of a file, which has its own. Raises ResultError."""
    try:
        return TITLE if file is None else read_text(file).strip()
    except UnreadableError as error:
        raise ResultError(f"{file}: {error}; give the report's title and first paragraphs") from None


def report_lines(path: Path, cases: Sequence[Path], rows: Sequence[Row], left_out: Mapping[Path, str]) -> Iterator[str]:
    """Give the lines of the page below its head."""
    sets = sets_of(rows)
    yield from ("", f"{len(cases) - len(left_out)} cases.")
    for one in sets:
        own = [row for row in rows if row.set == one]
        yield from ("", f"{name_of(one)}: {counted(own)}" if len(sets) > 1 else counted(own))
    if len(sets) > 1:
        yield from side_by_side(rows, sets)
    yield from listed("What remains outside", OUTSIDE, [row for row in deciding(rows) if not row.within])
    yield from listed("Where the source contradicts itself", CONFLICTS, [row for row in rows if row.quantity.conflict])
    for one in sets:
        for kind in KINDS:
            chosen = [row for row in rows if row.quantity.kind == kind and row.set == one]
            head = kind.capitalize() if len(sets) == 1 else f"{kind.capitalize()}: {name_of(one)}"
            if chosen:
                yield from ("", f"## {head}", "", MEANING[kind], "", *table(chosen))
    kept = [row for row in rows if row.quantity.note and (row.within or row.quantity.repeats)]
    yield from listed("Where the source leaves room", "", kept)
    if left_out:
        yield from ("", "## Not compared", "")
        yield from (f"- {case.name}: {why}" for case, why in left_out.items())
    for case in cases:
        yield from fitted(path, case)
    yield from ("", "## Cases")
    shown: set[Path] = set()
    for case in cases:
        yield from ("", f"### [{case.name}]({link(path, readme_of(case))})")
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


def deciding(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that decide a statement."""
    return [row for statement in statements(rows) for row in statement.rows]


def side_by_side(rows: Sequence[Row], sets: Sequence[str]) -> Iterator[str]:
    """Give a table of the statements that any set predicts, with the verdict by each set."""
    tested: dict[str, dict[str, Statement]] = {}
    for one in sets:
        for statement in statements(row for row in rows if row.set == one):
            if statement.name:
                tested.setdefault(statement.name, {})[one] = statement
    yield from ("", "## Statements by set", "", SETS, "")
    yield "| statement | " + " | ".join(map(name_of, sets)) + " |"
    yield "|" + " --- |" * (len(sets) + 1)
    shown = {name: by_set for name, by_set in tested.items() if any(s.kind == "predicted" for s in by_set.values())}
    for name, by_set in shown.items():
        yield f"| {name} | " + " | ".join(verdict(by_set[one]) if one in by_set else "-" for one in sets) + " |"
    own = [[by_set[one].within for by_set in shown.values() if one in by_set] for one in sets]
    yield "| **within** | " + " | ".join(f"{sum(within)} of {len(within)}" for within in own) + " |"


def verdict(statement: Statement) -> str:
    """Return whether a statement is met, and of which kind it is for its set."""
    return f"{'within' if statement.within else 'OUTSIDE'}, {statement.kind}"


def listed(head: str, meaning: str, rows: Sequence[Row]) -> Iterator[str]:
    """Give a section with a line for each row: both numbers, and what its expected.toml says of them."""
    if not rows:
        return
    yield from ("", f"## {head}", "", *((meaning, "") if meaning else ()))
    for row in rows:
        _, name, expected, model, *_ = row.cells
        words = row.quantity.conflict if meaning == CONFLICTS else row.quantity.note or "No reason is given."
        yield f"- {row.case}, {name}: expected {expected}, model {model}. {' '.join(words.split())}"


def readme_of(case: Path) -> Path:
    """Return the README of a case, else that of the cases it stands among."""
    own, common = case / README, case.parent / README
    return common if common.is_file() and not own.is_file() else own


def pictures(case: Path) -> list[tuple[str, Path]]:
    """Return caption and file of the pictures that a case's README shows, else of those of its last run."""
    readme = readme_of(case)
    with clear_errors(readme, "read"):
        text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    shown = [(" ".join(caption.split()), readme.parent / name) for caption, name in PICTURE.findall(text)]
    found = [(caption or picture.stem, picture) for caption, picture in shown if picture.is_file()]
    return found or [(f"{case.name}: {picture.stem}", picture) for picture in sorted((case / RUN_PLOTS).glob("*.png"))]


def link(path: Path, target: Path) -> str:
    """Return a file as the page links it."""
    return quote(Path(relpath(target, path.parent)).as_posix())
