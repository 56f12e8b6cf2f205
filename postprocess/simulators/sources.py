"""What the files say of their origin."""

from eisfv.postprocess.extract.measured import Extraction


def source_of(extraction: Extraction) -> str:
    """Return the titles of the runs, fit for a comment or a docstring."""
    names = dict.fromkeys(run.title or run.path.name for run in extraction.runs)
    text = "; ".join(names) or "measured steps"
    return " ".join(text.replace("\\", "/").replace('"', "'").split())
