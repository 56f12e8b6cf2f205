"""The lines printed at the end of an extraction."""

from collections.abc import Iterator
from textwrap import shorten

from .wording import interval_text, value_text
from .writing import Outcome

WIDEST = 80  # of a reason; the report has all of it
MAIN = (
    "G_min",
    "G_max",
    "on_off",
    "usable_states",
    "symmetry_point",
    "step_up_at_middle",
    "step_down_at_middle",
    "asymmetry",
    "nonlinearity_up",
    "nonlinearity_down",
    "energy_per_pulse",
    "retention_ratio",
    "retention_settled_ratio",
    "short_term_tau1",
    "ocv_slope",
)
CLOSURE, WHAT = ("closure_conductance", "closure_change"), ("conductance", "changes")


def summary_lines(outcome: Outcome) -> Iterator[str]:
    """Give the main quantities, or why they are null, what each target came to, and where the files are."""
    for name in MAIN:
        one = outcome.extraction.quantities[name]
        said = shorten(one.reason, WIDEST, placeholder=" ...") if one.value is None else interval_text(one)
        yield f"{name:20} {value_text(one):>17}  {said}".rstrip()
    yield ""
    for name, written in outcome.written.items():
        yield f"{name:20} {', '.join(path.name for path in written.files) or written.reason}"
        errors = [written.quantities[one].value for one in CLOSURE if one in written.quantities]
        told = [f"{word} to {value:.2%}" for word, value in zip(WHAT, errors, strict=False) if value is not None]
        if told:
            yield f"{'':20} held against the run: {', '.join(told)}"
    for path in outcome.files[:2]:
        yield str(path)
