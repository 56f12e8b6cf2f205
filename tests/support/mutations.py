"""Files spoilt at random, the same way for the same seed: lines lost, doubled, swapped; values of another size, sign,
kind or length; letters lost, put in, exchanged; the end cut off."""

import re
from collections.abc import Callable
from random import Random

NUMBER = re.compile(r"(?<![\w.])[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
TEXT = re.compile(r'"[^"\n]*"')
VALUE = re.compile(r"(?<== )[^\n#]+")
KEY = re.compile(r"^ *[A-Za-z_.]+(?= =)|(?<=[\[.])[A-Za-z_]+(?=\])", re.MULTILINE)
NUMBERS = ("0", "-1", "1e-300", "1e300", "1e12", "nan", "inf", "1e-12", "1000000000000", "9" * 400, "0.5", "2", "1e400")
UNITS = ("m", "V", "K", "degC", "cm⁻²", "−1 mV", "1e4000 m", "5 m", "m " * 30_000, "%", "")
TEXTS = (
    "",
    "α",
    "\\u0000",
    "x" * 300,
    "/dev/zero",
    "..",
    "./",
    "film_1",
    "case.toml",
    "electrolyte",
    "host",
    "−18.52 mV",
)
VALUES = (
    "true",
    "[]",
    "{}",
    '""',
    "1979-05-27",
    "[[]]",
    "{ x = 1 }",
    "[1, 2]",
    "[" * 1000 + "]" * 1000,
    '"table"',
    "-0.0",
)
LETTERS = ("\0", "\ufeff", "−", "\u2028", '"', "[", "]", "{", "}", "=", ".", ",", "\n", "#", "é", "\ud7ff", "\\")

Mutation = Callable[[str, Random], str]


def exchanged(pattern: re.Pattern[str], words: tuple[str, ...]) -> Mutation:
    """Return what puts one of the words in the place of one match."""

    def spoil(text: str, rng: Random) -> str:
        found = list(pattern.finditer(text))
        if not found:
            return text
        match = rng.choice(found)
        return text[: match.start()] + rng.choice(words) + text[match.end() :]

    return spoil


def other_unit(text: str, rng: Random) -> str:
    """Give a quantity another unit."""
    found = [match for match in TEXT.finditer(text) if re.match(r'"[+-]?[\d.]', match[0])]
    if not found:
        return text
    match = rng.choice(found)
    number = re.match(r'"([^ "]*)', match[0])
    assert number is not None
    return f'{text[: match.start()]}"{number[1]} {rng.choice(UNITS)}"{text[match.end() :]}'


def lines(text: str, rng: Random) -> str:
    """Lose, double or swap lines."""
    rows = text.split("\n")
    a, b = rng.randrange(len(rows)), rng.randrange(len(rows))
    match rng.randrange(3):
        case 0:
            del rows[a : a + rng.randint(1, 4)]
        case 1:
            rows.insert(b, rows[a])
        case 2:
            rows[a], rows[b] = rows[b], rows[a]
    return "\n".join(rows)


def letters(text: str, rng: Random) -> str:
    """Lose, put in or exchange letters."""
    at = rng.randrange(len(text) + 1)
    put = rng.choice(LETTERS) if rng.random() < 0.7 else chr(rng.randrange(32, 0x2100))
    return text[:at] + (put if rng.random() < 0.8 else "") + text[at + rng.randrange(3) :]


def cut(text: str, rng: Random) -> str:
    """Lose the end."""
    return text[: rng.randrange(len(text) + 1)]


def other_key(text: str, rng: Random) -> str:
    """Call a key by the name of another."""
    keys = [match[0].strip() for match in KEY.finditer(text)]
    return exchanged(KEY, tuple(keys))(text, rng) if keys else text


MUTATIONS: tuple[Mutation, ...] = (
    exchanged(NUMBER, NUMBERS),
    exchanged(TEXT, tuple(f'"{text}"' for text in TEXTS)),
    exchanged(VALUE, VALUES),
    other_unit,
    other_key,
    lines,
    letters,
    cut,
)


def mutated(text: str, seed: int) -> str:
    """Return a text spoilt one to three times."""
    rng = Random(seed)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        text = rng.choice(MUTATIONS)(text, rng)
    return text
