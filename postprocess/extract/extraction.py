"""What runs give: their pulses, writing branches, and every quantity with its error or the reason why there is none."""

from collections.abc import Sequence
from itertools import chain

from eisfv.postprocess.quantities.prefixes import duration_text, quantity
from eisfv.result.sweep_table import Sweep

from .branches import WORDS, branch_of
from .dependence import measure_dependence
from .devices import measure_devices
from .energy import measure_energy
from .levels import measure_levels, missing_branch
from .measured import Branch, Extraction, Measured, Topic
from .noise import with_noise
from .nonlinearity import measure_nonlinearity
from .open_circuit import measure_open_circuit
from .pairs import measure_pairs
from .pulse_noise import PulseNoise, with_pulse_noise
from .pulses import kinds_of, pulses_of, readable
from .reading import Source, notes_of
from .rests import rests_of
from .retention import measure_retention
from .short_term import measure_short_term
from .spike_pairs import measure_spike_pairs
from .symmetry import measure_symmetry
from .wording import counted

SATURATED = 0.02  # last step of the longest train over its largest: below this nothing much is written any more


def extract(sources: Sequence[Source], devices: Sweep | None = None, noisy: Sequence[PulseNoise] = ()) -> Extraction:
    """Return the extraction of runs of one device, the first the main one. Raises ResultError.

    devices  how others of its kind differ: a gathered sweep whose values scatter
    noisy    how changes by pulses scatter by the noise of every flow; none: by that of the spectra at rest, if any
    """
    differences = measure_devices(devices)
    pulses = pulses_of(sources)
    kinds = kinds_of(pulses)
    up, down = (branch_of(pulses, kinds, sign) for sign in (1, -1))
    written = [None if found is None else found[0] for found in (up, down)]
    noise, branches = with_pulse_noise(noisy, written) if noisy else with_noise(sources, pulses, written)
    rests = list(chain.from_iterable(rests_of(source) for source in sources))
    topics = [
        measure_levels(pulses, [source.run for source in sources], up, down),
        measure_symmetry(up, down),
        *(measure_nonlinearity(pulses, branch, sign) for branch, sign in zip(branches, (1, -1), strict=True)),
        Topic({"cycle_to_cycle_noise": noise, **differences}),
        measure_dependence(pulses, kinds),
        measure_energy(pulses, *branches),
        measure_retention(rests),
        measure_short_term(rests),
        measure_pairs(pulses, kinds),
        measure_spike_pairs(pulses),
        measure_open_circuit(sources),
    ]
    quantities = {name: value for topic in topics for name, value in topic.quantities.items()}
    chosen = {
        f"branch_{name}": branch_text(branch, sign)
        for name, branch, sign in (("up", branches[0], 1), ("down", branches[1], -1))
        if branch is not None
    }
    return Extraction(
        runs=tuple(source.run for source in sources),
        cases=tuple(source.case for source in sources),
        pulses=pulses,
        up=branches[0],
        down=branches[1],
        quantities=quantities,
        noise=noise.value is not None,
        tables={name: table for topic in topics for name, table in topic.tables.items()},
        choices=chosen | {name: words for topic in topics for name, words in topic.choices.items()},
        notes=(*notes_of(sources), *what_is_missing(len(pulses), int(readable(pulses).sum()), quantities)),
    )


def branch_text(branch: Branch, sign: int) -> str:
    """Return which pulses a branch is made of, in words."""
    size = f"{quantity(branch.amplitude, branch.unit)}, {duration_text(branch.width)}"
    return f"{counted(branch.chosen.size, 'pulse')} of {size}: the commonest kind that {WORDS[sign]} the conductance"


def what_is_missing(count: int, readings: int, quantities: dict[str, Measured]) -> list[str]:
    """Return in words what a reader of the quantities must know."""
    if not count:
        return ["no pulses: no steps, branches and energies; levels, retention and open-circuit voltage only"]
    if not readings:
        return ["no pulse has a conductance: the case reads none"]
    notes = []
    for name, sign in (("up", 1), ("down", -1)):
        step = quantities[f"step_{name}_at_middle"]
        if step.reason == missing_branch(sign):
            notes.append(f"no kind of pulse {WORDS[sign]} the conductance: nothing of that branch")
        last = quantities[f"saturation_{name}"].value
        if last is not None and last < SATURATED:
            notes.append(f"the branch {name} is saturated: its last step is {last:.2g} of its largest")
    return notes
