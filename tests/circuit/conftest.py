"""Short runs of the two cases that compact models are fitted to, and what is fitted to them, once for all tests."""

import pytest

from support.compact import Trained, run_of, trained

SHORT = [f"protocol[{block}].repeat=1" for block in (1, 2, 3, 4)]
# A mesh of a seventh of the cells, on which the run takes a tenth of the time; its own error is beside the point here.
QUICK = ["mesh.first=0.02", "mesh.growth=1.3", "mesh.host_growth=1.2", "mesh.companion=none"]


@pytest.fixture(scope="session")
def mg(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """The magnesium stack under four current pulses."""
    return trained(run_of("mg_compact", tmp_path_factory.mktemp("mg") / "run", *SHORT))


@pytest.fixture(scope="session")
def ysz(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """The proton stack under four voltage pulses."""
    return trained(run_of("h_ysz_compact", tmp_path_factory.mktemp("ysz") / "run", *SHORT, *QUICK))
