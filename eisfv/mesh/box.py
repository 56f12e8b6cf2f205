"""A rectangle of a section, spans in m: x from source to drain, y from the gate to the channel."""

from dataclasses import dataclass

Span = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: Span
    y: Span

    def edge(self, name: str) -> tuple[int, float, Span]:
        """Return the axis normal to an edge (0 x, 1 y), where it lies on that axis, and its span along the other."""
        if name in ("left", "right"):
            return 0, self.x[name == "right"], self.y
        return 1, self.y[name == "bottom"], self.x
