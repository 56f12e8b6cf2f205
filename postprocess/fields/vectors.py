"""Which profiles are vectors: current densities, in a section a variable for x and one for y, in a stack y alone."""

from collections.abc import Mapping

import numpy as np

VECTOR = "current_density"


def with_vectors(profiles: Mapping[str, np.ndarray], section: bool) -> dict[str, np.ndarray]:
    """Return the profiles with their vectors merged: (cells, 3) under the name without its component."""
    merged: dict[str, np.ndarray] = {}
    for name, values in profiles.items():
        if not name.startswith(VECTOR):
            merged[name] = values
            continue
        axis = 1 if not section else "xy".index(name[-1])
        vector = merged.setdefault(name[:-2] if section else name, np.zeros((values.size, 3)))
        vector[:, axis] = values
    return merged
