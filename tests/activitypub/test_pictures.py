"""Pictures as objects: what a client wishes for is read, and how it fares is written."""

import pytest

from activitypub.errors import Malformed
from activitypub.pictures import Painting, build_painting, build_place, read_alt, read_wished

URI = "https://pictures.example/users/alice/media/5"


def test_a_wish_is_read_with_everything_in_it():
    wished = read_wished(
        {
            "type": "Image",
            "name": "A boat",
            "generationPrompt": "a boat",
            "generationNegativePrompt": "people",
            "generationSeed": "7",
            "generationSteps": 20,
            "generationGuidance": "4.5",
            "generationSize": "768x512",
            "generationModel": "starter",
        }
    )

    assert wished is not None
    assert (wished.prompt, wished.negative, wished.alt, wished.model) == ("a boat", "people", "A boat", "starter")
    assert (wished.seed, wished.steps, wished.guidance) == (7, 20, 4.5)
    assert (wished.width, wished.height) == (768, 512)


def test_names_are_understood_with_their_prefix():
    wished = read_wished({"pinxit:generationPrompt": "a boat", "pinxit:generationSeed": 7})
    assert wished is not None and (wished.prompt, wished.seed) == ("a boat", 7)


def test_an_object_without_a_prompt_is_no_wish():
    assert read_wished({"type": "Image", "generationSeed": "7"}) is None


@pytest.mark.parametrize(
    "more",
    [
        {"generationPrompt": 5},
        {"generationSeed": "many"},
        {"generationSeed": True},
        {"generationSteps": -1},
        {"generationSize": "wide"},
        {"generationGuidance": "1e9"},
    ],
)
def test_what_cannot_be_read_is_refused(more):
    with pytest.raises(Malformed):
        read_wished({"generationPrompt": "a boat"} | more)


@pytest.mark.parametrize("name", ["summary", "name", "description"])
def test_the_alternative_text_has_three_names(name):
    assert read_alt({name: "A boat"}) == "A boat"


def test_what_is_not_painted_yet_has_no_address_and_says_how_it_fares():
    place = build_place(URI, "A boat", Painting(state="running", prompt="a boat", step=3, steps_total=20))

    assert place == {
        "id": URI,
        "type": "Image",
        "name": "A boat",
        "summary": "A boat",
        "generationState": "running",
        "generationPrompt": "a boat",
        "generationStep": 3,
        "generationStepsTotal": 20,
    }


def test_every_term_of_a_painting_is_defined_in_its_context():
    painting = Painting(state="failed", prompt="a boat", step=1, steps_total=2, error="No.")
    document = build_painting(URI, "https://pictures.example/users/alice", "2026-11-22T10:00:00.000Z", "", painting)

    context = document["@context"]
    assert isinstance(context, list)
    assert {name for name in document if name.startswith("generation")} <= set(context[-1])
