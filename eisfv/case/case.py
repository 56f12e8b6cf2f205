"""A case as the simulation takes it: everything in SI, every choice made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the records import pydantic and NumPy, and `import eisfv.case` is on the way to `--help`
    from eisfv.case.curve_files import ReadCurve
    from eisfv.device.device import Device
    from eisfv.model.case_file import CaseFile
    from eisfv.model.output import Output
    from eisfv.model.protocol import Protocol
    from eisfv.model.solver_options import SolverOptions


LATEST = Path("runs") / "latest"  # where a case runs when nothing is said, in its directory


@dataclass(frozen=True)
class Case:
    """One device, what is done to it, what is written and how hard the solver tries.

    directory  where the case was read; not part of what the case is
    file       the records of the case with every default said: `resolved_toml` is their text, a case file that stands
               alone, or beside the attachments
    attachments  files that belong beside it, by the name it calls them
    curves     what was read from csv files for its materials
    """

    title: str
    source: str
    device: "Device"
    protocol: "Protocol"
    output: "Output"
    solver: "SolverOptions"
    file: "CaseFile"
    directory: Path = field(compare=False)
    attachments: Mapping[str, Path] = field(default_factory=dict, compare=False)
    curves: "tuple[ReadCurve, ...]" = field(default=(), compare=False)

    @cached_property
    def resolved(self) -> dict[str, Any]:
        """Return the case as a TOML tree, unit strings kept and the materials inlined under `material`."""
        tree: dict[str, Any] = self.file.written()
        return tree

    def resolved_toml(self) -> str:
        """Return the text of a case file that loads to this case, anywhere."""
        from tomli_w import dumps as toml  # here: for the same reason

        return toml(self.resolved)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the resolved content; the order of keys does not count."""
        return sha256(dumps(self.resolved, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
