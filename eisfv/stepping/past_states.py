"""The states before the present one, as a checkpoint keeps them: what a readout within a step interpolates from."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from eisfv.equations.system import Ledger
from eisfv.solve.stage_records import Iterate
from eisfv.stepping.state import State


def saved_past(before: tuple[State, ...]) -> dict[str, Any]:
    """Return what a checkpoint keeps of the states before."""
    saved: dict[str, Any] = {}
    for name in ("offset", "passed", "spent", "stored", "flow"):
        saved[f"bdf before {name}"] = np.array([getattr(state, name) for state in before])
    for k, name in enumerate(Ledger._fields):
        saved[f"bdf before {name}"] = np.array([state.ledger[k] for state in before])
    saved["bdf before u"] = np.array([state.at.u for state in before])
    saved["bdf before gate"] = np.array([(s.at.voltage, s.charge, s.current) for s in before])
    return saved


def restored_past(saved: Mapping[str, Any], state: State) -> tuple[State, ...]:
    """Return the states before a state from what was saved of them."""
    before = []
    for k in range(len(saved["bdf before offset"])):
        voltage, charge, current = saved["bdf before gate"][k]
        before.append(
            state._replace(
                offset=float(saved["bdf before offset"][k]),
                at=Iterate(saved["bdf before u"][k], float(voltage)),
                stored=saved["bdf before stored"][k],
                ledger=Ledger(*(saved[f"bdf before {name}"][k] for name in Ledger._fields)),
                charge=float(charge),
                current=float(current),
                flow=saved["bdf before flow"][k],
            )
        )
    return tuple(before)
