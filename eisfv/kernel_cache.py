"""Compiled kernels on disk must be those of the source.

Numba's cache looks at the file of a kernel alone, not at the files of the functions that were compiled into it: after
an edit of a law in `physics/`, a kernel in `equations/` would go on with the old one. Importing this module drops every
cached kernel that is older than the newest source of the package.
"""

from pathlib import Path

COMPILED = ("physics", "equations", "solve", "stepping", "observers", "device")
ASKED = (".", "model", "mesh")  # whose numbers stand in kernels: of contacts, of faces, of nature


def drop_stale(root: Path) -> int:
    """Remove the index files of kernels older than the newest source; return how many."""
    sources = [path for folder in (*COMPILED, *ASKED) for path in (root / folder).glob("*.py")]
    if not sources:
        return 0
    newest = max(path.stat().st_mtime_ns for path in sources)
    stale = [
        index
        for folder in COMPILED
        for index in (root / folder / "__pycache__").glob("*.nbi")
        if index.stat().st_mtime_ns < newest
    ]
    for index in stale:
        try:
            index.unlink(missing_ok=True)
        except OSError:  # a tree that cannot be written holds what it was installed with
            return 0
    return len(stale)


drop_stale(Path(__file__).parent)
