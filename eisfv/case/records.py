"""A case as the simulation takes it: everything in SI, every choice made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Any

from eisfv.device.records import Device
from eisfv.drive.protocol import Protocol
from eisfv.observers.options import OutputOptions
from eisfv.stepping.options import SolverOptions


@dataclass(frozen=True)
class Case:
    """One device, what is done to it, what is written and how hard the solver tries.

    directory  where the case was read; not part of what the case is
    resolved   the case as a TOML tree with every default written out, unit strings kept and the materials
               inlined under `material`: the text of `resolved_toml` is a case file that stands alone
    """

    title: str
    source: str
    device: Device
    protocol: Protocol
    output: OutputOptions
    solver: SolverOptions
    resolved: Mapping[str, Any]
    directory: Path = field(compare=False)

    def resolved_toml(self) -> str:
        """Return the text of a case file that loads to this case, anywhere."""
        from tomli_w import dumps as toml  # here: `import eisfv.case` is on the way to `--help`

        return toml(self.resolved)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the resolved content; the order of keys does not count."""
        return sha256(dumps(self.resolved, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
