"""What a run writes and when: the `[output]` table of a case."""

from dataclasses import dataclass

from eisfv.observers.schedule import Schedule


@dataclass(frozen=True)
class OutputOptions:
    """terminals  rows of terminals.csv; the first of them is the start of the run
    profiles      cell profiles in result.nc, beside those at the fields' times
    fields        VTU files
    """

    terminals: Schedule
    profiles: Schedule
    fields: Schedule
