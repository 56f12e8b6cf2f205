"""`eisfv compare`."""

from collections.abc import Sequence
from pathlib import Path

from eisfv.commands.common import complain
from eisfv.errors import DONE, FAILED, WRONG_INPUT


def compare_cases(cases: Sequence[Path], run: Path | None, report: Path | None, head: Path | None) -> int:
    """Print expected against model in one table, and draw the figures that the cases describe.

    Returns 1 where a predicted or an exact quantity lies outside its tolerance, 2 where a case cannot be compared; the
    others are compared all the same. Raises ResultError for a run that is not told whose it is, StorageError where the
    report cannot be written.
    """
    from eisfv.api.comparing import compared_cases
    from eisfv.postprocess.quantities.rows import comparison_lines
    from eisfv.postprocess.quantities.statements import counted

    found = compared_cases(cases, run)
    for line in (*(f"warning: {notice}" for notice in found.comparison.notices), *map(str, found.errors)):
        complain(line)
    if found.comparison.rows:
        for line in comparison_lines(found.comparison.rows):
            print(line)
        if len(cases) > 1:
            print(f"\n{counted(found.comparison.rows)}")
    files = [*found.comparison.figures, *found.comparison.draw()]
    files += [report] if found.write(report, head) and report is not None else []
    if files:
        print("", *files, sep="\n")
    return WRONG_INPUT if found.errors else FAILED if found.comparison.fails else DONE
