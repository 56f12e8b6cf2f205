"""Mistakes in interfaces and contacts: each is one clear line."""

from collections.abc import Callable

import pytest

SITES = 'sites = "1e-8 mol/m^2", capture = "1 nm/s", release = "10 1/s", '


@pytest.mark.parametrize(
    "old, new, words",
    [
        pytest.param(
            '["reservoir", "electrolyte"]',
            '["reservoir", "channel"]',
            "names regions that do not touch; neighbours are",
            id="regions that do not touch",
        ),
        pytest.param(
            '["reservoir", "electrolyte"]',
            '["reservior", "electrolyte"]',
            'did you mean "reservoir"?',
            id="interface of an unknown region",
        ),
        pytest.param(
            '["reservoir", "electrolyte"]',
            '["electrolyte", "channel"]',
            "is described twice",
            id="interface given twice",
        ),
        pytest.param(
            '["reservoir", "electrolyte"]', '["reservoir"]', "must have 2 entries", id="interface of one region"
        ),
        pytest.param("electron = {", "species.Li = {", 'is for "Li", which neither side has', id="law of a stranger"),
        pytest.param(
            "electron = {",
            "species.TFSI = {",
            'lets "TFSI" pass into "mg_wo3", which does not have it',
            id="law into a region without the species",
        ),
        pytest.param(
            'electron = { law = "continuous" }',
            'electron = { law = "butler_volmer", exchange_current = "1 A/m^2" }',
            "which is ohmic here; write law =",
            id="butler-volmer of leakage electrons",
        ),
        pytest.param(
            'law = "butler_volmer"',
            'law = "butler_vollmer"',
            'did you mean "butler_volmer"?',
            id="unknown interface law",
        ),
        pytest.param(
            'law = "butler_volmer", exchange_current = "0.1 uA/cm^2", ',
            "",
            "ion.law is missing",
            id="interface without a law",
        ),
        pytest.param("alpha = 0.5", "alpha = 1.5", "alpha = 1.5 must be between 0 and 1", id="alpha above one"),
        pytest.param('"0.1 uA/cm^2"', '"0 A/m^2"', "must be greater than zero", id="no exchange current"),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            '[device.contact.gate]\nkind = "omic"',
            'did you mean "ohmic"?',
            id="unknown contact",
        ),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            "",
            "gate is missing; add for example [device.contact.gate]",
            id="no gate contact",
        ),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            '[device.contact.gate]\nkind = "ohmic"\nalpha = 0.5',
            "alpha is not a known key",
            id="a key of another contact",
        ),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            '[device.contact.gate]\nkind = "reactive"\nelectrode = "lfp"\nexchange_current = "1 A/m^2"',
            'exchanges "Li", which "mg_wo3" does not have',
            id="electrode of another ion",
        ),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            '[device.contact.gate]\nkind = "reactive"\nelectrode = "mg_wo3"\nexchange_current = "1 A/m^2"',
            "is not an electrode",
            id="a host as electrode",
        ),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            '[device.contact.gate]\nkind = "reactive"\nelectrode = "li_metal"\nlaw = "butler_vollmer"',
            'device.contact.gate.law = "butler_vollmer" is not one of "butler_volmer", "marcus_hush_chidsey", '
            '"coupled_ion_electron", "over_barrier"; '
            'did you mean "butler_volmer"?',
            id="unknown law of a contact",
        ),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            '[device.contact.gate]\nkind = "reactive"\nelectrode = "li_metal"\nlaw = "continuous"',
            'device.contact.gate.law = "continuous" is not one of "butler_volmer"',
            id="a law without a rate at a contact",
        ),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            '[device.contact.gate]\nkind = "reactive"\nelectrode = "li_metal"\nexchange_current = "1 A/m^2"\n'
            "alhpa = 0.5",
            'device.contact.gate.alhpa is not a known key; did you mean "alpha"?',
            id="a misspelt key of the law of a contact",
        ),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            '[device.contact.gate]\nkind = "reactive"\nelectrode = "li_metal"',
            "device.contact.gate.exchange_current is missing; add for example exchange_current =",
            id="a reactive contact without a rate",
        ),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            '[device.contact.gate]\nkind = "reactive"\nelectrode = "li_metal"\n'
            'exchange_current = { x = ["0 um", "1 um"], value = ["1 A/m^2", "2 A/m^2"] }',
            "device.contact.gate.exchange_current varies along x, which a contact does not; write one value",
            id="a contact along x",
        ),
        *(
            pytest.param(
                "electron = {", f"adsorbed.{name} = {{ {SITES}{keys} }}\nelectron = {{", words, id=f"sites: {words}"
            )
            for name, keys, words in (
                ("ads", 'of = "Mgg"', 'adsorbed.ads.of = "Mgg" is no ion beside the plane; did you mean "Mg"?'),
                ("ads", 'of = "Mg"', "adsorbed.ads.region is missing: Mg is on both sides"),
                ("ads", 'of = "Mg", region = "channel"', 'adsorbed.ads.region = "channel" is no side of this plane'),
                ("ads", 'of = "Mg", region = "reservoir"', "must be an ion of an electrolyte, and reservoir is a host"),
                ("ads", 'of = "electron", region = "electrolyte"', "in which electron is a free ion"),
                ("Mg", 'of = "Mg", region = "electrolyte"', "adsorbed.Mg is the name of a species that there is"),
                ("ads", "coverage = 0.5", "adsorbed.ads.of is missing"),
            )
        ),
        pytest.param(
            '[device.contact.gate]\nkind = "ohmic"',
            '[device.contact.gate]\nkind = "bath"\nconcentration.Li = "1 mol/m^3"',
            "Li is not a species",
            id="bath of a stranger",
        ),
    ],
)
def test_a_mistake_is_one_line_of_file_key_and_remedy(
    spoil: Callable[[str, str, str], None], old: str, new: str, words: str
) -> None:
    spoil(old, new, words)
