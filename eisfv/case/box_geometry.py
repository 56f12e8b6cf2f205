"""Rectangles against each other: the edge two share, what an edge has left, where they overlap, who hangs together."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from eisfv.mesh.box import Box, Span

# Coordinates this close, of the extent of all of them, differ by rounding only.
ROUNDING = 1e-9
OPPOSITE = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}

Pair = tuple[int, int]


def snapping(values: Iterable[float]) -> Callable[[float], float]:
    """Return what takes a coordinate to the one of `values` that it equals but for rounding, or else to itself."""
    ascending = sorted(set(values))
    near = ROUNDING * (ascending[-1] - ascending[0])
    kept: list[float] = []
    for value in ascending:
        if not kept or value - kept[-1] > near:
            kept.append(value)

    def snap(value: float) -> float:
        closest = min(kept, key=lambda other: abs(other - value))
        return closest if abs(closest - value) <= near else value

    return snap


def common(a: Span, b: Span) -> Span | None:
    """Return the stretch that two spans share, None where it has no length."""
    start, stop = max(a[0], b[0]), min(a[1], b[1])
    return (start, stop) if stop > start else None


def overlap(a: Box, b: Box) -> Box | None:
    """Return the rectangle that two boxes share."""
    x, y = common(a.x, b.x), common(a.y, b.y)
    return Box(x, y) if x is not None and y is not None else None


def shared_edge(a: Box, b: Box) -> tuple[int, Span] | None:
    """Return the axis normal to the piece of edge that two boxes share (0 x, 1 y) and its span along the other axis."""
    for edge, other in OPPOSITE.items():
        axis, at, span = a.edge(edge)
        _, beside, along = b.edge(other)
        stretch = common(span, along)
        if at == beside and stretch is not None:
            return axis, stretch
    return None


def touching_pairs(boxes: Sequence[Box]) -> Iterator[Pair]:
    """Give the pairs of boxes that share a piece of edge, the lower number first."""
    for i, a in enumerate(boxes):
        for j in range(i + 1, len(boxes)):
            if shared_edge(a, boxes[j]):
                yield i, j


def open_stretches(number: int, edge: str, boxes: Sequence[Box]) -> list[Span]:
    """Return the stretches of an edge beside which no other box lies."""
    _, at, span = boxes[number].edge(edge)
    left = [span]
    for other, box in enumerate(boxes):
        _, beside, covered = box.edge(OPPOSITE[edge])
        if other != number and beside == at:
            pieces = [((a, min(b, covered[0])), (max(a, covered[1]), b)) for a, b in left]
            left = [piece for pair in pieces for piece in pair if piece[1] > piece[0]]
    return left


def floating(count: int, pairs: Iterable[Pair], anchor: int) -> Iterator[list[int]]:
    """Give each group of numbers below `count` that no chain of pairs joins to the anchor."""
    group = list(range(count))
    for a, b in pairs:
        old, new = group[b], group[a]
        group = [new if g == old else g for g in group]
    for name in dict.fromkeys(group):
        if name != group[anchor]:
            yield [number for number in range(count) if group[number] == name]


def length_text(value: float) -> str:
    """Return a length (m) as a case would write it."""
    for factor, unit in ((1e9, "nm"), (1e6, "um"), (1e3, "mm")):
        if abs(value) * factor < 999.9999:
            return f"{value * factor:.6g} {unit}" if value else "0 um"
    return f"{value:.6g} m"


def span_text(span: Span) -> str:
    """Return a span as a sentence has it."""
    return f"{length_text(span[0])} to {length_text(span[1])}"
