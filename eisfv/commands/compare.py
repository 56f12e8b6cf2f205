"""`eisfv compare`."""

from pathlib import Path

from eisfv.commands.common import DONE, FAILED, LATEST, WRONG_INPUT, StoppedError, complain, user_errors


def compare_case(case: Path, run: Path | None) -> int:
    """Print expected against model; return 1 where a quantity lies outside its tolerance."""
    from eisfv.postprocess.compare import compare, comparison_lines
    from eisfv.postprocess.expected import ExpectedError
    from eisfv.result import read

    directory = case if case.is_dir() else case.parent
    try:
        with user_errors():
            rows = compare(directory / "expected.toml", read(run or directory / LATEST))
    except StoppedError as stopped:
        return stopped.code
    except ExpectedError as error:
        complain(str(error))
        return WRONG_INPUT
    for line in comparison_lines(rows):
        print(line)
    return DONE if all(row.within for row in rows) else FAILED
