"""What the files say of their origin."""

from eisfv.postprocess.extract.measured import Extraction
from eisfv.postprocess.extract.wording import one_line, title_of


def source_of(extraction: Extraction) -> str:
    """Return the titles of the runs, those of its measures under that of the case, fit for a comment or a docstring."""
    names = dict.fromkeys(title_of(run) for run in extraction.runs)
    return one_line("; ".join(names) or "measured steps")
