"""What a run writes: the `[output]` table of a case."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OutputOptions:
    """terminals  interval in s, None: every accepted step
    profiles      interval in s of the cell profiles in result.nc, None: only at the fields' times
    fields        times of the VTU files: seconds, or "start", "end", "end of step", "end of pulse"
    """

    terminals: float | None = None
    profiles: float | None = None
    fields: tuple[float | str, ...] = ("start", "end")
