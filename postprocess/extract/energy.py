"""What a pulse costs: the energy taken from the source, by branch and for the change it makes."""

import numpy as np

from .levels import missing_branch
from .means import mean_of, ratio_of
from .measured import Branch, Measured, Pulses, Topic
from .nonlinearity import NAMES
from .wording import counted


def measure_energy(pulses: Pulses, up: Branch | None, down: Branch | None) -> Topic:
    """Return energy_per_pulse, energy_<branch> (J) and energy_per_change_<branch>: mean energy over mean |dG| (J/S).

    Negative where the device gives energy back to the source.
    """
    if not len(pulses):
        none = Measured(None, "J", reason="the run has no pulses")
        quantities = {"energy_per_pulse": none}
    else:
        quantities = {"energy_per_pulse": mean_of(pulses.energy, "J", f"all {counted(len(pulses), 'pulse')}")}
    for (sign, name), branch in zip(NAMES.items(), (up, down), strict=True):
        if branch is None:
            why = missing_branch(sign)
            each, ratio = Measured(None, "J", reason=why), Measured(None, "J/S", reason=why)
        else:
            energy, change = pulses.energy[branch.chosen], np.abs(pulses.change[branch.chosen])
            window = f"{counted(energy.size, 'pulse')} of the branch"
            each = mean_of(energy, "J", window)
            ratio = ratio_of(energy, change, "J/S", f"mean energy over mean |dG| of {window}")
        quantities |= {f"energy_{name}": each, f"energy_per_change_{name}": ratio}
    return Topic(quantities)
