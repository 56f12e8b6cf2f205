"""What must hold of a run's tables before anything is made of them: columns, numbers in them, a row for every pulse.

Of a damaged table the readers would make an empty one, and of that a run without pulses.
"""

import numpy as np

from eisfv.postprocess.protocol import ProtocolSteps
from eisfv.result import ResultError, Run
from eisfv.result.file_names import PULSES, TERMINALS

from .wording import counted

TEXT = "amplitude_unit"
COLUMNS = {
    TERMINALS: ("time_s", "step", "step_time_s", "voltage_V", "conductance_S"),
    PULSES: (
        *("index", "t_start_s", "t_end_s", "amplitude", TEXT),
        *("G_before_S", "G_after_S", "dG_S", "charge_C", "energy_J", "x_channel", "width_s"),
    ),
}


def check_tables(run: Run, steps: ProtocolSteps) -> None:
    """Raise ResultError where a table lacks a column, has text for a number, or a finished run lacks pulses."""
    for name, table in ((TERMINALS, run.terminals), (PULSES, run.pulses)):
        place = run.path / name
        lacking = [column for column in COLUMNS[name] if column not in table]
        if table and lacking:
            why = "it is of another version of eisfv or damaged, run the case again"
            raise ResultError(f"{place}: has no column {', '.join(lacking)}; {why}")
        for column, values in table.items():
            if column != TEXT and values.dtype.kind not in "iuf":
                raise ResultError(
                    f"{place}: {column} has text where a number belongs; it is damaged, run the case again"
                )
    count, driven = rows_of(run), int(steps.pulse.sum())
    if run.status.state == "finished" and count < driven:
        words = f"has {counted(count, 'row')}, and the run drove {counted(driven, 'pulse')}"
        raise ResultError(f"{run.path / PULSES}: {words}; it is damaged, run the case again")


def unwritten(run: Run, steps: ProtocolSteps) -> int:
    """Return how many pulses of a run ended by its last row of terminals.csv without a row of pulses.csv."""
    step = run.terminals.get("step", np.empty(0))
    ended = int(steps.pulse[: int(step[-1]) - 1].sum()) if step.size else 0
    return max(ended - rows_of(run), 0)


def rows_of(run: Run) -> int:
    """Return the number of pulses that have a row."""
    return len(run.pulses.get("index", ()))
