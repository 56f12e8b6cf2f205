"""When a profile is of, in words: the time since the start of the run, or, where that does not tell it from others, the
step of the protocol and the time in it, which hold their digits late in a run."""

from collections.abc import Sequence

from eisfv.postprocess.quantities.prefixes import duration_text, time_scale
from eisfv.result import Run

DIGITS = 10  # of a single moment


def moment(run: Run, record: int) -> str:
    """Return when one profile is of, told from the ones before and after it."""
    times = run.profile_times
    text, *near = (
        duration_text(float(times[k]), DIGITS) for k in (record, record - 1, record + 1) if 0 <= k < times.size
    )
    return (in_step(run, record) or text) if text in near else text


def moments(run: Run, records: Sequence[int]) -> list[str]:
    """Return when profiles are of, told from one another, in the unit that suits the last of them."""
    factor, unit = time_scale(float(run.profile_times[records[-1]]))
    texts = [f"{run.profile_times[record] * factor:.4g} {unit}" for record in records]
    if len(set(texts)) < len(texts):
        return [in_step(run, record) or text for record, text in zip(records, texts, strict=True)]
    return texts


def in_step(run: Run, record: int) -> str:
    """Return the step and the time in it; nothing of a run that does not tell them."""
    if run.profile_steps is None or run.profile_step_times is None:
        return ""
    return f"{duration_text(float(run.profile_step_times[record]))} of step {run.profile_steps[record]}"
