"""`eisfv.noise`: how a quantity of a run scatters by thermal and reaction noise."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfv.analysis.programming_noise import SETTLED
from eisfv.api.case import Case, case_of
from eisfv.api.given import path_of
from eisfv.api.places import free
from eisfv.api.sensitivity import WORDS, on_its_mesh
from eisfv.case.case import Case as Resolved
from eisfv.postprocess.extract.pulse_noise import FILE as PULSE
from eisfv.result.atomic import write_atomic
from eisfv.result.errors import clear_errors
from eisfv.running.programming_noise import Noisy, noisy
from eisfv.running.sensitivity import UNITS

if TYPE_CHECKING:
    import pandas as pd

FOLDER, FILES = "noise", ("noise.csv", PULSE)
LEAST = 1e-3  # share of the variance of a process that words name


class ProgrammingNoise:
    """How a quantity scatters; `notes` has what a user should know, a line each.

    title, value, unit  of the quantity; sd: its standard deviation; steps: accepted time steps of the run
    moved               by which share of it the last refinement of the sweep has moved the sd
    """

    def __init__(self, found: Noisy, quantity: str, pulse: int | None, notes: tuple[str, ...]) -> None:
        where = "at the end" if pulse is None else f"change by pulse {pulse}"
        self.title, self.value, self.unit = f"{WORDS[quantity]}, {where}", found.value, UNITS[quantity]
        self.sd, self.steps, self.moved = found.scatter.variance**0.5, found.steps, found.scatter.moved
        self._asked = {"quantity": quantity, "pulse": pulse}
        self._parts, self._ions = found.scatter.parts, found.ions
        self.notes = notes
        if self.moved > SETTLED:
            self.notes = (*notes, f"the sd has not settled: the last refinement moved it by {self.moved:.1g} of itself")

    @property
    def table(self) -> "pd.DataFrame":
        """A row a process, the largest first: region, interface or contact, species, variance, share of all of it."""
        import pandas as pd

        rows = sorted(self._parts.items(), key=lambda part: -part[1])
        total = self.sd**2
        return pd.DataFrame(
            {
                "where": [where for (where, _), _ in rows],
                "what": [what for (_, what), _ in rows],
                f"variance_{self.unit or '1'}2": [variance for _, variance in rows],
                "share": [variance / total if total else 0.0 for _, variance in rows],
            }
        )

    def __str__(self) -> str:
        from eisfv.postprocess.quantities.prefixes import quantity

        share = f", {self.sd / abs(self.value):.3g} of it" if self.value else ""
        ions = f"; {self.sd * self._ions:.4g} of {self.value * self._ions:.6g} ions" if self._ions is not None else ""
        lines = [
            f"{self.title}: {quantity(self.value, self.unit)}, {self.steps} time steps",
            f"sd by thermal and reaction noise, a lower limit: {quantity(self.sd, self.unit)}{share}{ions}",
            "share of the variance:",
        ]
        table = self.table
        rows = table[table["share"] >= LEAST]
        return "\n".join([*lines, *(f"{row.share:12.3g}  {row.where}: {row.what}" for row in rows.itertuples())])

    def write(self, out: str | Path, *, force: bool = False) -> list[Path]:
        """Write noise.csv and noise.json, which `eisfv extract --noise` reads, into a directory and return where;
        `force` replaces. Raises ResultError."""
        folder = path_of(out)
        files = free(folder, FILES, force)
        with clear_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        write_atomic(files[0], self.table.to_csv(index=False).encode())
        told = {**self._asked, "value": self.value, "sd": self.sd, "unit": self.unit}
        write_atomic(files[1], (json.dumps(told, indent=1) + "\n").encode())
        return list(files)


def noise(case: Case | str | Path, quantity: str = "conductance", *, pulse: Any = None) -> ProgrammingNoise:
    """Return how a quantity of a run scatters from one time to the next by the thermal noise of every flow and the shot
    noise of every reaction, the start of the protocol being known; read in no time.

    quantity, pulse  as of `eisfv.sensitivity`
    Raises CaseError, GivenError, NoSensitivityError, EquilibriumError, SolverError.

    >>> import eisfv
    >>> eisfv.noise("cases/mg_wo3_pulses", "current")
    Traceback (most recent call last):
    eisfv.api.given.GivenError: quantity "current" is not one of conductance, voltage, x_channel
    """
    given = case_of(case)
    return noise_in(given.resolved, given.origin, quantity, pulse)


def noise_in(case: Resolved, origin: str, quantity: str, pulse: Any) -> ProgrammingNoise:
    """Return what `noise` does; origin: what a fault is told of."""
    result, number, notes = on_its_mesh(noisy, case, origin, quantity, pulse)
    return ProgrammingNoise(result, quantity, number, notes)
