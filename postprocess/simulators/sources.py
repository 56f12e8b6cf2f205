"""What the files say of their origin."""

from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.extract.wording import one_line


def source_of(extraction: Extraction) -> str:
    """Return the titles of the runs, fit for a comment or a docstring."""
    names = dict.fromkeys(run.title or run.path.name for run in extraction.runs)
    return one_line("; ".join(names) or "measured steps")
