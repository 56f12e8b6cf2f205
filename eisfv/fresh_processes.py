"""Processes that are started fresh know this package alone.

The module that Python started with is run again in every process that multiprocessing spawns, so that it finds what was
defined there: a script without `if __name__ == "__main__"` would start its own runs once more. What is given to
these processes is of this package, and so they need none of that.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def without_main() -> Iterator[None]:
    """Let processes that are started here not run the script of this one."""
    main: dict[str, Any] = vars(sys.modules["__main__"])
    before: dict[str, Any] = {name: main[name] for name in ("__file__", "__spec__") if name in main}
    main["__spec__"] = None
    main.pop("__file__", None)
    try:
        yield
    finally:
        main.update(before)
