"""Rows that a fit used: what went into a parameter is no prediction.

`eisfv calibrate` lists its targets in `calibrated/fit.toml` of the case that asks for it. Looked for are the fits of
a case itself and of the cases beside it, as a fit over several of them is written in one.
"""

from collections.abc import Sequence
from pathlib import Path

from eisfv.text_files import UnreadableError, read_toml

from .expected import ExpectedError, Quantity

FIT = Path("calibrated") / "fit.toml"


def check_predictions(path: Path, entries: Sequence[Quantity]) -> None:
    """Refuse an expected.toml that calls a row predicted which a fit used. Raises ExpectedError."""
    case = path.parent.resolve()
    for file in sorted(case.parent.glob(f"*/{FIT.as_posix()}")):
        used = targets(file, case)
        for entry in entries:
            if entry.kind == "predicted" and entry.name in used:
                raise ExpectedError(
                    f'{path}: {entry.name}: kind = "predicted", but {file} was fitted to it; write "calibrated"'
                )


def targets(file: Path, case: Path) -> set[str]:
    """Return the names of a case's rows that a fit used. Raises ExpectedError."""
    try:
        listed = read_toml(file)["target"]
        origin = file.parent.parent
        return {str(one["quantity"]) for one in listed if (origin / one["case"]).resolve() == case}
    except (UnreadableError, KeyError, TypeError) as error:
        raise ExpectedError(f"{file}: is not what `eisfv calibrate` writes ({error})") from None
