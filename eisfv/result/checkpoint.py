"""checkpoint.h5: a flat set of named arrays, numbers and texts, replaced as a whole."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from eisfv.result.atomic import write_atomic
from eisfv.result.errors import ResultError, clear_errors

FORMAT = 5
Entry = np.ndarray | float | int | str


def write_checkpoint(path: Path, entries: Mapping[str, Entry]) -> None:
    """Replace the checkpoint; names may not hold a slash. Raises ResultError."""
    import h5py

    # In memory first: the disk sees one plain write, and a full one says so in plain words.
    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        file.attrs["eisfv_checkpoint"] = FORMAT
        for name, entry in entries.items():
            if "/" in name:
                raise ValueError(f'checkpoint entry "{name}" has a slash')
            file.create_dataset(name, data=entry)
    write_atomic(path, image.getvalue())


def read_checkpoint(path: Path) -> dict[str, Entry]:
    """Return the entries with the types they were written with. Raises ResultError."""
    import h5py

    with clear_errors(path, "read"):
        image = io.BytesIO(path.read_bytes())
    try:
        with h5py.File(image, "r") as file:
            if (found := file.attrs.get("eisfv_checkpoint")) != FORMAT:
                other = f"is a checkpoint of another version of eisfv (format {found}, this one reads {FORMAT})"
                raise ResultError(f"{path}: {other}; start over with --force")
            return {name: _entry(dataset) for name, dataset in file.items()}
    except OSError as error:
        raise ResultError(f"{path}: is not a checkpoint; start over with --force") from error


def _entry(dataset: Any) -> Entry:
    value = dataset[()]
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, np.integer):
        return int(value)
    return float(value) if isinstance(value, np.floating) else np.asarray(value)
