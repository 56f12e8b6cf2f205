"""Whether the voltages of a run leave what any host can mean: one that is full or empty has no U of its own any more.

    U = -(level of M / z + level of electrons) RT/F    against M | Mz+

is what a host's ion and its electrons together say, wherever they stand. No couple lies beyond COUPLE. Looked at where
a protocol step ends, and only where the terminals stand so far apart that a host can be there.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from eisfv.constants import COUPLE
from eisfv.device.build import Built
from eisfv.equations.local import laws_at
from eisfv.equations.unknowns import electrochemical
from eisfv.model.materials import ELECTRON
from eisfv.model.steps import Step, VoltageStep
from eisfv.observers.observer import Entry, Onlooker
from eisfv.stepping.state import State

SINCE, MOST, REGION = range(3)


class BeyondCouples(Onlooker):
    """Since when a host has stood beyond any couple, the largest U and where it was."""

    def __init__(self, built: Built) -> None:
        self.built = built
        self.hosts = {r: region for r, region in enumerate(built.device.regions) if region.material.host is not None}
        self.known = np.array([np.nan, 0.0, -1.0])  # s, V, number of the region

    def end(self, step: Step, state: State) -> None:
        built = self.built
        # The hosts of both ends are at most as far apart as the terminals, and each may be a couple itself.
        if isinstance(step, VoltageStep) or abs(state.at.voltage) * built.thermal_voltage < 0.5 * COUPLE:
            return
        t, u = built.tables, state.at.u
        level = electrochemical(t, u, laws_at(t, t.region, u).mu)
        for r, region in self.hosts.items():
            host, own = region.material.host, np.flatnonzero(t.region == r)
            assert host is not None
            ion = level[own, built.number(host.ion)] / host.working_ion.charge
            potential = -built.thermal_voltage * (ion + level[own, built.number(ELECTRON)])
            farthest = float(potential[np.abs(potential).argmax()])
            if abs(farthest) > max(COUPLE, abs(self.known[MOST])):
                since = state.time if np.isnan(self.known[SINCE]) else self.known[SINCE]
                self.known[:] = since, farthest, r

    def warnings(self) -> Iterator[str]:
        if not np.isnan(self.known[SINCE]):
            name = self.built.mesh.regions[int(self.known[REGION])]
            what = "full" if self.known[MOST] < 0.0 else "empty"
            yield (
                f"U of {name} came to {self.known[MOST]:.3g} V, which is no potential of a host: it is {what}, and "
                f"from t = {self.known[SINCE]:.5g} s on, or before, no voltage of this run means anything"
            )

    def statistics(self) -> Mapping[str, object]:
        return {"beyond_couples": list(self.warnings())}

    def save(self) -> Mapping[str, Entry]:
        return {"beyond couples": self.known}

    def restore(self, saved: Mapping[str, Entry], step: Step | None) -> None:
        self.known = np.array(saved["beyond couples"])
