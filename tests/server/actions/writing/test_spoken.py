"""A post in several languages: what stands under a generated picture in each, and what its reader is shown."""

import msgspec

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.actions.clients.given import Given
from server.actions.people.preferences import PreferenceChange, change_preferences
from server.actions.writing.edit import Change, edit_post
from server.actions.writing.publish import Draft, publish
from server.actions.writing.spoken import change_spoken
from server.mastodon.showing.statuses import show_status
from server.store.writing import generations

BOTH = {"en": "<p>hello</p>", "de": "<p>Hallo</p>"}


async def spoken_post(ground):
    """What a client of alice's wrote in two languages, with a warning in both."""
    extra = {"contentMap": BOTH, "summaryMap": {"en": "mind it", "de": "Achtung"}}
    given = Given(type="Note", content_html=BOTH["en"], to=(PUBLIC,), cc=(), extra=extra)
    draft = Draft(text="", visibility=Visibility.PUBLIC, summary="mind it", language="en", given=given)
    return await ground.once(publish, ground.site, ground.alice, draft)


async def test_where_a_picture_comes_from_is_said_in_each_language(ground):
    painted = await ground.paint()
    async with ground.house.database.read() as reader:
        generation = await generations.find(reader, painted.generation_id)

    with_origin = change_spoken(ground.site, {"contentMap": BOTH, "mood": "calm"}, None, generation)

    assert with_origin["mood"] == "calm"
    for language, words in BOTH.items():
        assert with_origin["contentMap"][language].startswith(words)
        assert "Painted by" in with_origin["contentMap"][language]
    assert change_spoken(ground.site, with_origin, generation, None)["contentMap"] == BOTH


async def test_an_app_shows_the_language_in_which_its_person_writes(ground):
    post = await spoken_post(ground)
    await ground.once(change_preferences, ground.carol, PreferenceChange(language="de"))

    async with ground.house.database.read() as reader:
        seen = [await show_status(reader, ground.site, post, viewer) for viewer in (ground.carol, ground.bob, None)]

    assert [(one.content, one.spoiler_text, one.language) for one in seen] == [
        (BOTH["de"], "Achtung", "de"),
        (BOTH["en"], "mind it", "en"),
        (BOTH["en"], "mind it", "en"),
    ]


async def test_other_words_by_an_app_end_what_the_old_ones_said_in_other_languages(ground):
    post = await spoken_post(ground)

    changed = await ground.once(edit_post, ground.site, ground.alice, post, Change(text="anew"))
    assert "contentMap" not in changed.more and "summaryMap" in changed.more

    changed = await ground.once(edit_post, ground.site, ground.alice, changed, Change(summary="other"))
    assert msgspec.json.decode(changed.extra) == {}
