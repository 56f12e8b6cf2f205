"""A case as the simulation takes it: everything in SI, every choice made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eisfv.drive.protocol import Protocol
from eisfv.observers.options import OutputOptions
from eisfv.stepping.options import SolverOptions

if TYPE_CHECKING:  # its records import NumPy, and `import eisfv.case` is on the way to `--help`
    from eisfv.device.records import Device


@dataclass(frozen=True)
class Case:
    """One device, what is done to it, what is written and how hard the solver tries.

    directory  where the case was read; not part of what the case is
    resolved   the case as a TOML tree with every default written out, unit strings kept and the materials
               inlined under `material`: the text of `resolved_toml` is a case file that stands alone, or beside
               the attachments
    attachments  files that belong beside it, by the name it calls them
    """

    title: str
    source: str
    device: "Device"
    protocol: Protocol
    output: OutputOptions
    solver: SolverOptions
    resolved: Mapping[str, Any]
    directory: Path = field(compare=False)
    attachments: Mapping[str, Path] = field(default_factory=dict, compare=False)

    def resolved_toml(self) -> str:
        """Return the text of a case file that loads to this case, anywhere."""
        from tomli_w import dumps as toml  # here: for the same reason

        return toml(self.resolved)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the resolved content; the order of keys does not count."""
        return sha256(dumps(self.resolved, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
