from dataclasses import replace

import pytest
import rfc8785

from activitypub.provenance import (
    ALGORITHMIC,
    COMPOSITE,
    CONTEXT_TERMS,
    TRAINED,
    Provenance,
    digital_source_type,
    note_terms,
)

painted = Provenance(
    engine="diffusers",
    model="starter",
    model_revision=None,
    license=None,
    prompt=None,
    negative=None,
    seed=2**64 - 1,
    steps=None,
    guidance=7.5,
    width=512,
    height=384,
    drawn_by_rules=False,
)


def test_only_what_is_known_and_shown_is_told():
    assert note_terms(painted) == {
        "generationEngine": "diffusers",
        "generationModel": "starter",
        "generationSeed": str(2**64 - 1),
        "generationGuidance": "7.5",
        "generationSize": "512x384",
        "drawnByRules": False,
    }


def test_every_key_has_a_term():
    told = replace(painted, model_revision="r", license="l", prompt="p", negative="n", steps=3)
    assert note_terms(told).keys() <= CONTEXT_TERMS.keys()


def test_terms_can_be_signed_in_canonical_json():
    assert rfc8785.dumps(note_terms(painted))


@pytest.mark.parametrize(("origin", "word"), [("model", TRAINED), ("remix", COMPOSITE), ("rules", ALGORITHMIC)])
def test_each_origin_has_its_iptc_word(origin, word):
    assert digital_source_type(origin) == word
