"""How a change by a pulse scatters from cycle to cycle: thermal and reaction noise of the conductance between reads.

    sd^2 = 4 int S_G sin^2(pi f tau) df

    S_G   noise of the conductance at rest, one-sided, of the run's spectra with noise = true          S2/Hz
    tau   from the read before a pulse to the one after it: its width and its rest                     s

At open circuit where the run rests so, else with the gate's voltage given. What the pulse itself adds, 1/f noise and
lateral modes are not in it: a lower limit.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eisfv.postprocess.quantities.prefixes import duration_text
from eisfv.result import Run

from .measured import Branch, Measured, Pulses
from .reading import Source
from .wording import counted

NONE = "the run is deterministic: no noise source was modelled"
HINT = (
    '; a step { drive = "impedance", noise = true } among the pulses gives that of heat and reactions at rest, '
    "eisfv noise CASE --pulse 1 that of a pulse"
)
SLOWEST = 0.1  # of 1/tau: where a spectrum must have begun
FINE = 4000  # frequencies of the integral below 3/tau


def with_noise(
    sources: Sequence[Source], pulses: Pulses, branches: Sequence[Branch | None]
) -> tuple[Measured, list[Branch | None]]:
    """Return the spread of a change by a pulse over its size, and the branches with that spread; or why there is
    none, and the branches as they are."""
    states = [state for source in sources for state in states_of(source)]
    written = [branch for branch in branches if branch is not None]
    if not states or not written:
        return Measured(None, reason=NONE + HINT if written else NONE), list(branches)
    tau = float(np.median(pulses.width[written[0].chosen] + pulses.wait[written[0].chosen]))
    slowest = max(float(frequency[0]) for _, frequency, _ in states)
    if slowest > SLOWEST / tau:
        reason = f"the spectra begin at {slowest:.2g} Hz; cycles of {duration_text(tau)} need {SLOWEST / tau:.2g} Hz"
        return Measured(None, reason=reason), list(branches)
    conductance = np.array([state[0] for state in states])
    spread = np.array([sd_between_reads(frequency, density, tau) for _, frequency, density in states])
    order = np.argsort(conductance)
    made: list[Branch | None] = [
        None if b is None else replace(b, spread=np.interp(b.nodes, conductance[order], spread[order]))
        for b in branches
    ]
    shares = [b.spread / np.abs(b.steps) for b in made if b is not None]
    window = f"thermal and reaction noise at {counted(len(states), 'state')} over {duration_text(tau)}: a lower limit"
    return Measured(float(np.median(np.concatenate(shares))), points=len(states), window=window), made


def states_of(source: Source) -> list[tuple[float, np.ndarray, np.ndarray]]:
    """Return conductance (S), frequencies (Hz) and S_G (S2/Hz) of the spectra of a run that have their noise."""
    run: Run = source.run
    table = run.table("impedance")
    rests = {step.drive for step in source.steps.written if not step.pulse}
    column = "S_G_open_S2_per_Hz" if rests <= {"open_circuit"} else "S_G_closed_S2_per_Hz"
    if column not in table:
        return []
    found = []
    for number in np.unique(table["spectrum"]):
        own = (table["spectrum"] == number) & np.isfinite(table[column])
        order = np.argsort(table["frequency_Hz"][own])
        if order.size > 1:
            values = (table[name][own][order] for name in ("frequency_Hz", column))
            found.append((float(table["conductance_S"][own][0]), *values))
    return found


def sd_between_reads(frequency: np.ndarray, density: np.ndarray, tau: float) -> float:
    """Return the standard deviation (S) of the change between two reads; the density is a power of the frequency
    between two of its points, white below the first."""
    first, last = float(frequency[0]), float(frequency[-1])
    bend = min(max(3.0 / tau, first), last)
    slow = np.geomspace(first, bend, FINE)
    fast = np.geomspace(bend, last, FINE)
    total = density[0] * first * (2.0 * np.pi * first * tau) ** 2 / 3.0
    for f, weight in ((slow, 4.0 * np.sin(np.pi * slow * tau) ** 2), (fast, np.full(FINE, 2.0))):
        s = np.exp(np.interp(np.log(f), np.log(frequency), np.log(np.maximum(density, 1e-300))))
        if f[-1] > f[0]:
            total += float(np.trapezoid(s * weight * f, np.log(f)))
    return float(np.sqrt(total))
