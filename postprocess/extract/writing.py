"""An extraction's directory: made whole beside its place, then put there; nothing of somebody else is replaced."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from eisfv.remedies import way
from eisfv.result import ResultError
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors
from eisfv.result.sweep_table import Sweep

from .extraction import extract
from .measured import LARGEST_RESIDUAL, Extraction, Written
from .neutral import FORMAT_KEY, neutral_text
from .pulse_noise import PulseNoise
from .reading import Source
from .report import report_text
from .targets import write_targets

NEUTRAL, REPORT = "extract.json", "report.html"


@dataclass(frozen=True)
class Outcome:
    """What was extracted, what each target made of it, and where the files are; no files: nothing could be."""

    extraction: Extraction
    written: dict[str, Written]
    files: tuple[Path, ...]


def earlier(out: Path, force: bool) -> frozenset[str]:
    """Return the files an earlier extraction left in a directory, by their names in it.

    Raises ResultError where there is one and it is not to be replaced, or where the file of its name is none.
    """
    path = out / NEUTRAL
    with clear_errors(path, "read"):
        if not path.exists():
            return frozenset()
        if not force:
            raise ResultError(
                f"{path}: is there already; replace it with {way('force')}, or choose another place with {way('out')}"
            )
        text = path.read_text(errors="replace")
    try:
        tree = json.loads(text)
        tree[FORMAT_KEY]
        names = [name for target in tree["targets"].values() for name in target["files"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ResultError(
            f"{path}: is not an extraction of eisfv; move it, or choose another place with {way('out')}"
        ) from None
    return frozenset({NEUTRAL, REPORT, *(name for name in names if is_inside(name))})


def is_inside(name: object) -> bool:
    """Return whether a name is that of a file under the directory it is in."""
    return isinstance(name, str) and not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts


def write_extraction(
    sources: Sequence[Source],
    targets: list[str],
    out: Path,
    force: bool,
    residual: float = LARGEST_RESIDUAL,
    devices: Sweep | None = None,
    noisy: Sequence[PulseNoise] = (),
) -> Outcome:
    """Extract, write every target, extract.json and report.html; return what came of it. Raises ResultError.

    residual  as in Extraction; devices, noisy as in `extract`
    """
    own = earlier(out, force)
    extraction = replace(extract(sources, devices, noisy), residual=residual)
    if all(value.value is None for value in extraction.quantities.values()):
        return Outcome(extraction, {}, ())
    with clear_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        # In the same directory, so that putting a file in its place is a rename.
        with tempfile.TemporaryDirectory(prefix=".extract-", dir=out) as place:
            draft = Path(place)
            written = write_targets(extraction, targets, draft)
            texts = {
                NEUTRAL: neutral_text(extraction, [source.text for source in sources], written, draft),
                REPORT: report_text(extraction, written),
            }
            names = [str(path.relative_to(draft)) for one in written.values() for path in one.files]
            for name in (*names, *texts):
                if name not in own and (out / name).exists():
                    raise ResultError(
                        f"{out / name}: is there already and of no extraction; choose another place with {way('out')}"
                    )
            for name in own - {*names, *texts}:
                (out / name).unlink(missing_ok=True)
            for name in names:
                (out / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(draft / name, out / name)
            # The list of the files last: it is what an extraction is known by.
            for name in (REPORT, NEUTRAL):
                write_atomic(out / name, texts[name].encode())
    return Outcome(extraction, written, tuple(out / name for name in (*texts, *names)))
