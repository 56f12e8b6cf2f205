"""Curves that a file gives by lists: places that ascend, and one value for each."""

from itertools import pairwise

from pydantic import ValidationInfo

from eisfv.model.record import refuse


def check_ascending(places: tuple[float, ...], example: str) -> None:
    """Refuse places that do not ascend."""
    if any(late <= early for early, late in pairwise(places)):
        refuse(f"must ascend; write for example {example}")


def check_one_for_each(values: tuple[float, ...], info: ValidationInfo, places: str) -> None:
    """Refuse values that are not one for each of the places, a field of the record that is read before them."""
    points = info.data.get(places)
    if points is not None and len(points) != len(values):
        refuse(f"has {len(values)} entries and {places} has {len(points)}; give one for each")
