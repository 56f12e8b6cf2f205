"""A contact that needs electrons is refused, in one line, on a region without them."""

from pathlib import Path

import pytest

from eisfv.case import CaseError, load

CASE = """
[case]
title = "A salt between two walls"
[device]
temperature = "298.15 K"
area = "1 cm^2"
[[device.region]]
name = "salt"
material = "binary_1_1"
thickness = "100 nm"
[device.contact.gate]
kind = "blocking"
[device.contact.channel]
{}
[[protocol]]
drive = "voltage"
value = "0.1 V"
duration = "1 ms"
"""
CONTACTS = {"ohmic": "", "resistive": 'resistance = "1 ohm cm^2"'}


def written(directory: Path, contact: str) -> Path:
    file = directory / "case.toml"
    file.write_text(CASE.format(contact))
    return file


@pytest.mark.parametrize("kind", CONTACTS)
def test_a_contact_for_electrons_needs_electrons(tmp_path: Path, kind: str) -> None:
    file = written(tmp_path, f'kind = "{kind}"\n{CONTACTS[kind]}')
    with pytest.raises(CaseError) as error:
        load(file)
    (line,) = error.value.lines
    assert line.startswith(f'{file}: device.contact.channel.kind = "{kind}" needs electrons and "binary_1_1" has none')


def test_a_blocking_contact_needs_none(tmp_path: Path) -> None:
    load(written(tmp_path, 'kind = "blocking"'))
