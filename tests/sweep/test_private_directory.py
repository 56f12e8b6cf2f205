"""What processes share in the common temporary directory is put where nobody else can lead it astray."""

from pathlib import Path

import pytest

from eisfv.errors import EisfvError
from eisfv.sweeping import kernels


@pytest.fixture
def common(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kernels, "gettempdir", lambda: str(tmp_path))
    return tmp_path


def test_a_directory_of_ones_own_is_made_and_found_again(common: Path) -> None:
    made = kernels.private_directory()
    assert made.stat().st_mode & 0o777 == 0o700
    assert kernels.private_directory() == made


def test_a_link_in_its_place_is_not_followed(common: Path) -> None:
    place = kernels.private_directory()
    place.rmdir()
    victim = common / "victim"
    victim.mkdir()
    place.symlink_to(victim)
    with pytest.raises(EisfvError, match="yours alone"), kernels.notes():
        pass
    assert not list(victim.iterdir())


def test_a_directory_others_may_write_to_is_refused(common: Path) -> None:
    kernels.private_directory().chmod(0o777)
    with pytest.raises(EisfvError, match="yours alone"):
        kernels.private_directory()
