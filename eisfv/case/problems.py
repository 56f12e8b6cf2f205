"""What is wrong with a case: the place, the value, the remedy; and the error that carries all of it at once."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from eisfv.errors import EisfvError

Key = tuple[str | int, ...]


# Words of other programs for the beginnings of our keys.
SYNONYMS = {"max": "largest", "maximum": "largest", "min": "smallest", "minimum": "smallest", "tol": "tolerance"}
BEGUN = 4  # letters
LONGEST_PATH = 300  # characters that a line tells of a path


class Absent:
    """The value of a key that is not there."""


ABSENT = Absent()


@dataclass(frozen=True)
class Problem:
    """One fault. `message` reads on after "key = value": 'has no unit; write for example "30 nm"'.

    whole  the message is a sentence of its own, which names its place
    """

    key: Key
    message: str
    value: object = ABSENT
    whole: bool = False

    @property
    def is_missing(self) -> bool:
        """Return whether the fault is that the key is not there."""
        return self.message.startswith("is missing")

    def line(self, origin: str) -> str:
        """Return the line a user reads; origin is the file or the option that set the key."""
        name = "" if self.whole else key_text(self.key)
        value = "" if isinstance(self.value, Absent) else f" = {value_text(self.value)}"
        return f"{origin}: {name}{value} {self.message}" if name else f"{origin}: {self.message}"


class CaseError(EisfvError):
    """A case that cannot be run. `lines` holds one line for each fault."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        super().__init__("\n".join(self.lines))


def key_text(key: Key) -> str:
    """Return ("device", "region", 1) as `device.region[1]`."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += "." * bool(text) + (part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else json.dumps(part))
    return text


def value_text(value: object) -> str:
    """Return a value as TOML writes it, long ones cut short."""
    if isinstance(value, str | bool):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, dict):
        text = "{ " + ", ".join(f"{key} = {value_text(item)}" for key, item in value.items()) + " }" if value else "{}"
    elif isinstance(value, list):
        text = "[" + ", ".join(value_text(item) for item in value) + "]"
    else:
        text = str(value)
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= 60 else text[:56] + " ..."


def quoted(names: Iterable[str]) -> str:
    """Return names as a list in quotes."""
    return ", ".join(f'"{name}"' for name in names)


def did_you_mean(word: object, known: Sequence[str]) -> str:
    """Return a hint: the known name that looks like the word, or all of them when none does."""
    names = list(dict.fromkeys(known))
    # The last of like ones counts, so that the order says which of "k" and "K" is told.
    lower = {name.lower(): name for name in reversed(names)}
    meant = "_".join(SYNONYMS.get(part, part) for part in str(word)[:LONGEST_PATH].lower().split("_"))
    close = get_close_matches(meant, lower, n=1, cutoff=0.6)
    # The beginning of one name alone is that name: "stern", "open".
    begun = [name for name in lower if len(meant) >= BEGUN and name.startswith(meant)]
    if not close and len(begun) == 1:
        close = begun
    return f'; did you mean "{lower[close[0]]}"?' if close else f"; known are {quoted(names)}" if names else ""


def display(path: Path) -> str:
    """Return a path as the user would type it: relative to the working directory when it is below."""
    try:
        text = str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        text = str(path)
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return text if len(text) <= LONGEST_PATH else "..." + text[-LONGEST_PATH:]
