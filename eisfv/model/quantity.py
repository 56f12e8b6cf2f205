"""Numbers that remember how they were written: SI for the solver, the user's own text for the resolved case."""


class Quantity(float):
    """A value in SI with its text ("80 nm"; "" for a plain number) and, in a material, where it is from."""

    __slots__ = ("source", "text")
    text: str
    source: str

    def __new__(cls, value: float, text: str = "", source: str = "") -> "Quantity":
        self = super().__new__(cls, value)
        self.text, self.source = text, source
        return self

    def __reduce__(self) -> tuple[type["Quantity"], tuple[float, str, str]]:
        return type(self), (float(self), self.text, self.source)


class Series(tuple[float, ...]):
    """Values of a material that have one source together."""

    source: str

    def __new__(cls, values: tuple[float, ...], source: str = "") -> "Series":
        self = super().__new__(cls, values)
        self.source = source
        return self

    def __getnewargs__(self) -> tuple[tuple[float, ...], str]:
        return tuple(self), self.source
