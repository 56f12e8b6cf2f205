"""The variants of a `[[measure]]`: `vary = { "steps[0].duration" = ["1 ms", "10 ms"] }` written out one by one.

The keys of `vary` stand for places in the measure itself, as those of --set do in a case; their lists go together.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from eisfv.case.file_tree import Override, assign, parse_key
from eisfv.case.problems import Key, Problem, did_you_mean

MOST = 10_000


def bring_in(tree: dict[str, Any]) -> tuple[list[Problem], list[int]]:
    """Put one measure for each value in the place of those that vary; return what is wrong with them, and of each
    variant the place of its measure in the file."""
    measures = tree.get("measure")
    if not isinstance(measures, list):
        return [], []
    written: list[Any] = []
    places: list[int] = []
    found: list[Problem] = []
    for index, measure in enumerate(measures):
        key: Key = ("measure", index, "vary")
        vary = measure.get("vary") if isinstance(measure, dict) else None
        made: list[Any] = [measure]
        if vary is not None:
            problem = fault(key, measure, vary)
            plain = {name: entry for name, entry in measure.items() if name != "vary"}
            made = variants(plain, vary) if problem is None else [plain]
            found += [] if problem is None else [problem]
        written += made
        places += [index] * len(made)
    tree["measure"] = written
    if len(written) > MOST:
        found.append(Problem(("measure",), f"has {len(written)} variants; {MOST} at most"))
    return found, places


def fault(key: Key, measure: Mapping[str, Any], vary: Any) -> Problem | None:
    """Return the first thing that is wrong with what varies."""
    if not isinstance(vary, dict) or not vary:
        return Problem(
            key, 'must be a table of keys and lists; write for example { "steps[0].duration" = ["1 ms"] }', vary
        )
    lengths = {name: len(values) if isinstance(values, list) else -1 for name, values in vary.items()}
    for name, length in lengths.items():
        if length < 1:
            return Problem((*key, name), 'must be a list of values; write for example ["1 ms", "10 ms"]', vary[name])
        if length != next(iter(lengths.values())):
            first = next(iter(lengths))
            return Problem(
                (*key, name), f'has {length} values and "{first}" {lengths[first]}: they go together; give as many'
            )
        inside = parse_key(name)
        if inside is None:
            return Problem((*key, name), 'is no key of a measure; write for example "steps[0].duration"')
        place = assign(deepcopy(dict(measure)), Override(inside, vary[name][0]))
        if isinstance(place, Problem):
            return Problem((*key, name), f"leads nowhere: {place.message}")
        missing = there(measure, place)
        if missing is not None:
            return Problem((*key, name), f"leads nowhere: the measure has no such key{missing}")
    return None


def there(measure: Mapping[str, Any], place: Key) -> str | None:
    """Return a hint where a measure does not have a key, None where it does."""
    node: Any = measure
    for part in place:
        if isinstance(node, Mapping) and part not in node:
            return did_you_mean(part, [str(name) for name in node if name != "vary"])
        node = node[part]
    return None


def variants(measure: Mapping[str, Any], vary: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    """Return the measure with each of the values; the keys are known to be some."""
    places = [place for name in vary if (place := parse_key(name)) is not None]
    found = []
    for values in zip(*vary.values(), strict=True):
        made = deepcopy(dict(measure))
        made["keys"] = dict(zip(vary, values, strict=True))
        for place, value in zip(places, values, strict=True):
            assign(made, Override(place, value))
        found.append(made)
    return found
