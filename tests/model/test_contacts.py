"""Contacts: every kind says what others ask of it; a reactive one takes the laws of the interfaces."""

from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from eisfv.model.contact_kind import ContactKind
from eisfv.model.contacts import AnyContact, Contact, ReactiveContact
from eisfv.model.fields import names_of
from eisfv.model.interface_laws import ButlerVolmer
from eisfv.model.materials import Electrode
from eisfv.model.record import Reading

PD = Electrode("H", 1, 0.0, reference="pd_hx")
READING = Reading({"pd_hx": PD})
PLAIN = {"kind": "reactive", "electrode": "pd_hx", "exchange_current": "10 A/m^2"}


def read(tree: dict[str, Any]) -> Contact:
    return TypeAdapter(AnyContact).validate_python(tree, context=READING)


@pytest.mark.parametrize("kind", get_args(Contact))
def test_every_contact_says_what_others_ask_of_it(kind: type[ContactKind]) -> None:
    assert kind.surface_node in ("always", "neutral", "never")
    assert kind.level in ("electron", "carrier", "ion", "wall", "none")
    assert isinstance(kind.takes_electrons, bool)
    assert len(names_of(kind, "kind")) == 1


def test_no_two_contacts_share_a_number() -> None:
    kinds = get_args(Contact)
    assert len({kind.number for kind in kinds}) == len(kinds)


def test_without_a_law_a_reactive_contact_is_butler_volmer() -> None:
    contact = read({**PLAIN, "alpha": 0.4, "activation_energy": "0.1 eV", "stern_capacitance": "10 uF/cm^2"})
    assert isinstance(contact, ReactiveContact)
    assert isinstance(contact.law, ButlerVolmer)
    assert (contact.electrode, contact.law.alpha, contact.stern_capacitance) == (PD, 0.4, 0.1)


def test_the_law_may_be_named_and_is_written_only_where_it_must_be() -> None:
    named = read({**PLAIN, "law": "butler_volmer"})
    assert named == read(PLAIN) == ReactiveContact(PD, ButlerVolmer(10.0))
    assert named.written() == {**PLAIN, "activation_energy": "0 eV", "alpha": 0.5}
    assert list(named.written()) == ["kind", "electrode", "exchange_current", "activation_energy", "alpha"]


@pytest.mark.parametrize("change", [{"law": "continuous"}, {"alpha": 2.0}, {"alhpa": 0.5}, {"exchange_current": None}])
def test_what_is_no_law_with_a_rate_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read({**PLAIN, **change})
