"""When the conductance is read within a step."""

from math import inf
from typing import Any

from pydantic import ValidationInfo

from eisfv.model.fields import Unit
from eisfv.model.quantity import Quantity
from eisfv.model.record import Checked, Reading, refuse

ALL = "all"


class ReadWindow(Checked):
    """Marks `read`: "all", or "last 5 s"; in Python the length of the last stretch of the step in s."""

    def check(self, value: Any, info: ValidationInfo) -> Quantity:
        if isinstance(value, float) and not isinstance(info.context, Reading):
            return value if isinstance(value, Quantity) else Quantity(value, f"last {value!r} s")
        if value == ALL:
            return Quantity(inf, value)
        if not isinstance(value, str) or not value.startswith("last "):
            refuse('must be "all" or a last stretch of the step; write for example "last 5 s"')
        window = Unit("time").read(value.removeprefix("last "))
        return Quantity(window, f"last {window.text}")


def within(window: Quantity, duration: float) -> Quantity:
    """Return a window of a step, refused where that is shorter."""
    if duration < window < inf:
        length = duration.text if isinstance(duration, Quantity) and duration.text else f"{duration:.6g} s"
        refuse(f'is longer than the step of {length}; write for example "last {length}"')
    return Quantity(min(window, duration), window.text)
