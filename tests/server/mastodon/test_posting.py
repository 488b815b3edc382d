"""Writing posts through the client API: made once, changed with their history, deleted to be drafted anew."""

import pytest

from activitypub.vocabulary import PUBLIC
from server.actions.people.preferences import PreferenceChange, change_preferences
from tests.server.mastodon.clients import Answer

DAY = 86_400


async def test_a_post_goes_out_as_it_was_written(desk):
    await desk.let_bob_follow()

    made = await desk.write("look @bob@remote.example #sea", visibility="unlisted", spoiler_text="water", language="de")

    (create,) = desk.received("Create")
    note = create["object"]
    assert (note["summary"], note["sensitive"], note["to"]) == ("water", True, [desk.alice.followers_uri])
    assert note["cc"] == [PUBLIC, desk.bob.uri]
    assert list(note["contentMap"]) == ["de"]
    assert (made["visibility"], made["language"], made["spoiler_text"]) == ("unlisted", "de", "water")
    assert [one["acct"] for one in made["mentions"]] == ["bob@remote.example"]
    assert [one["name"] for one in made["tags"]] == ["sea"]


async def test_a_form_writes_like_json(desk):
    form = [("status", "a form"), ("visibility", "private"), ("sensitive", "true"), ("media_ids[]", "")]
    picture = await desk.upload()

    made = (await desk.app.post("/api/v1/statuses", [*form[:3], ("media_ids[]", picture["id"])])).json

    assert (made["visibility"], made["sensitive"]) == ("private", True)
    assert [one["id"] for one in made["media_attachments"]] == [picture["id"]]


async def test_what_is_not_said_is_as_the_author_usually_has_it(desk):
    change = PreferenceChange(visibility="private", sensitive=True, language="fr", quote_policy="nobody")
    async with desk.house.database.write() as tx:
        await change_preferences(tx, desk.alice, change)

    made = await desk.write()

    assert (made["visibility"], made["sensitive"], made["language"]) == ("private", True, "fr")
    assert made["quote_approval"]["automatic"] == []


async def test_the_same_key_makes_one_post_within_a_day(desk):
    headers = {"Idempotency-Key": "k1"}

    async def send(app) -> Answer:
        return await app.post("/api/v1/statuses", {"status": "once"}, headers=headers)

    first, again, other = await send(desk.app), await send(desk.app), await send(desk.bens_app)
    desk.house.clock.moment += DAY * 1_000_000
    later = await send(desk.app)

    assert first.json["id"] == again.json["id"]
    assert len({first.json["id"], other.json["id"], later.json["id"]}) == 3


@pytest.mark.parametrize(
    "sent",
    [
        {"status": ""},
        {"status": "x" * 5001},
        {"status": "x" * 4990, "spoiler_text": "y" * 11},
        {"status": "x", "visibility": "secret"},
        {"status": "x", "media_ids": ["12345"]},
        {"status": "x", "media_ids": ["not a number"]},
        {"status": "x", "media_ids": ["1", "2", "3", "4", "5"]},
        {"status": "x", "quote_approval_policy": "friends"},
        {"status": "x", "scheduled_at": "tomorrow"},
    ],
)
async def test_what_cannot_be_posted_is_refused_with_words(desk, sent):
    answer = await desk.app.post("/api/v1/statuses", json=sent)

    assert answer.status == 422
    assert answer.json["error"]


async def test_five_thousand_characters_are_enough(desk):
    assert len((await desk.write("x" * 5000))["content"]) == len("<p></p>") + 5000


async def test_a_warning_before_nothing_is_what_was_meant(desk):
    made = await desk.write("", spoiler_text="hello")

    assert (made["content"], made["spoiler_text"]) == ("<p>hello</p>", "")


async def test_an_answer_names_whom_it_answers_and_only_what_is_seen_is_answered(desk):
    public = await desk.write("question", app=desk.bens_app)
    hidden = await desk.write("psst", app=desk.bens_app, visibility="direct")

    answer = await desk.write("answer", in_reply_to_id=public["id"])
    refused = await desk.app.post("/api/v1/statuses", json={"status": "x", "in_reply_to_id": hidden["id"]})

    assert (answer["in_reply_to_id"], answer["in_reply_to_account_id"]) == (public["id"], str(desk.ben.id))
    assert "reply" in await desk.told(desk.ben)
    assert refused.status == 404


async def test_a_picture_of_somebody_else_or_in_use_is_refused(desk):
    picture = await desk.upload()
    await desk.write("mine", media_ids=[picture["id"]])

    again = await desk.app.post("/api/v1/statuses", json={"status": "again", "media_ids": [picture["id"]]})
    fresh = await desk.upload()
    stolen = await desk.bens_app.post("/api/v1/statuses", json={"status": "ha", "media_ids": [fresh["id"]]})

    assert (again.status, stolen.status) == (422, 422)


async def test_an_edit_reaches_who_got_the_post_and_leaves_its_history(desk):
    await desk.let_bob_follow()
    made = await desk.write("first", visibility="public")

    desk.house.clock.moment += 60_000_000
    changed = await desk.app.put(f"/api/v1/statuses/{made['id']}", json={"status": "second", "spoiler_text": "hm"})
    await desk.settle()

    assert changed.status == 200
    assert (changed.json["content"], changed.json["spoiler_text"]) == ("<p>second</p>", "hm")
    assert changed.json["edited_at"] is not None
    (update,) = desk.received("Update")
    assert (update["object"]["content"], update["object"]["summary"]) == ("<p>second</p>", "hm")
    history = (await desk.app.get(f"/api/v1/statuses/{made['id']}/history")).json
    assert [(one["content"], one["spoiler_text"]) for one in history] == [("<p>first</p>", ""), ("<p>second</p>", "hm")]
    assert [one["created_at"] for one in history] == [made["created_at"], changed.json["edited_at"]]


async def test_the_history_of_a_post_that_was_never_edited_is_the_post(desk):
    made = await desk.write("only", visibility="public")

    (state,) = (await desk.bens_app.get(f"/api/v1/statuses/{made['id']}/history")).json

    assert (state["content"], state["created_at"]) == ("<p>only</p>", made["created_at"])
    assert state["account"]["acct"] == "alice"
    assert (state["poll"], state["media_attachments"]) == (None, [])


async def test_pictures_are_swapped_described_and_ordered_by_an_edit(desk):
    first, second, third = [await desk.upload(name) for name in ("one", "two", "three")]
    made = await desk.write("look", media_ids=[first["id"], second["id"]])

    changed = await desk.app.put(
        f"/api/v1/statuses/{made['id']}",
        json={
            "status": "look",
            "media_ids": [third["id"], first["id"]],
            "media_attributes": [{"id": first["id"], "description": "uno", "focus": "0.5,0.5"}],
        },
    )

    shown = changed.json["media_attachments"]
    assert [(one["id"], one["description"]) for one in shown] == [(third["id"], "three"), (first["id"], "uno")]
    assert shown[1]["meta"]["focus"] == {"x": 0.5, "y": 0.5}
    history = (await desk.app.get(f"/api/v1/statuses/{made['id']}/history")).json
    assert [[one["description"] for one in state["media_attachments"]] for state in history] == [
        ["one", "two"],
        ["three", "uno"],
    ]
    # What was taken out can be posted again.
    assert (await desk.write("again", media_ids=[second["id"]]))["media_attachments"][0]["id"] == second["id"]


async def test_an_edit_without_pictures_leaves_them(desk):
    picture = await desk.upload()
    made = await desk.write("look", media_ids=[picture["id"]])

    kept = await desk.app.put(f"/api/v1/statuses/{made['id']}", json={"status": "look again"})
    emptied = await desk.app.put(f"/api/v1/statuses/{made['id']}", json={"status": "", "media_ids": []})

    assert len(kept.json["media_attachments"]) == 1
    assert emptied.status == 422


async def test_only_the_author_edits_and_reads_the_source(desk):
    made = await desk.write("hello #sea", visibility="public")
    path = f"/api/v1/statuses/{made['id']}"

    assert (await desk.bens_app.put(path, json={"status": "ha"})).status == 403
    assert (await desk.bens_app.get(f"{path}/source")).status == 403
    assert (await desk.app.get(f"{path}/source")).json == {"id": made["id"], "text": "hello #sea", "spoiler_text": ""}


async def test_a_deleted_post_comes_back_with_its_text_and_its_pictures_can_be_posted_anew(desk):
    await desk.let_bob_follow()
    picture = await desk.upload()
    made = await desk.write("typo #sea", media_ids=[picture["id"]])

    gone = await desk.app.delete(f"/api/v1/statuses/{made['id']}")
    await desk.settle()

    assert (gone.json["id"], gone.json["text"]) == (made["id"], "typo #sea")
    assert [one["id"] for one in gone.json["media_attachments"]] == [picture["id"]]
    assert (await desk.app.get(f"/api/v1/statuses/{made['id']}")).status == 404
    assert [one["object"]["type"] for one in desk.received("Delete")] == ["Tombstone"]
    again = await desk.write("no typo", media_ids=[picture["id"]])
    assert [one["id"] for one in again["media_attachments"]] == [picture["id"]]


async def test_a_post_deleted_with_its_pictures_leaves_none(desk):
    picture = await desk.upload()
    made = await desk.write("away", media_ids=[picture["id"]])

    await desk.app.delete(f"/api/v1/statuses/{made['id']}?delete_media=true")
    await desk.settle()

    assert (await desk.app.get(f"/api/v1/media/{picture['id']}")).status == 404


async def test_a_painted_picture_can_be_drafted_anew_and_stays_marked(desk):
    wished = await desk.app.post("/api/v2/media", {"prompt": "a red boat", "seed": "7"})
    await desk.settle()
    made = await desk.write("first", media_ids=[wished.json["id"]])

    await desk.app.delete(f"/api/v1/statuses/{made['id']}")
    again = await desk.write("second", media_ids=[wished.json["id"]])

    assert again["pinxit"]["prompt"] == "a red boat"
    assert "drawn" in again["content"].lower() or "Painted" in again["content"]
    assert (await desk.sent("Create"))[-1]["object"]["genAI"] is True


async def test_what_is_not_drafted_anew_within_a_day_is_gone(desk):
    wished = await desk.app.post("/api/v2/media", {"prompt": "a red boat", "seed": "7"})
    await desk.settle()
    pictures = [wished.json["id"], (await desk.upload())["id"]]
    made = await desk.write("away", media_ids=pictures)
    await desk.app.delete(f"/api/v1/statuses/{made['id']}")

    await desk.wait(DAY + 1)

    assert [(await desk.app.get(f"/api/v1/media/{one}")).status for one in pictures] == [404, 404]


async def test_others_posts_are_not_deleted(desk):
    made = await desk.write("mine", visibility="public")

    assert (await desk.bens_app.delete(f"/api/v1/statuses/{made['id']}")).status == 404
    assert (await desk.look(made))["id"] == made["id"]


async def test_deleting_a_boost_takes_it_back(desk):
    made = await desk.write("good", visibility="public")
    boost = (await desk.do("reblog", made, app=desk.bens_app)).json

    answer = await desk.bens_app.delete(f"/api/v1/statuses/{boost['id']}")

    assert answer.status == 200
    assert (await desk.look(made))["reblogs_count"] == 0


@pytest.mark.parametrize(("scope", "status"), [("read", 403), ("write:statuses", 200), ("write:media", 403)])
async def test_writing_needs_its_scope(desk, scope, status):
    from_app = await desk.client(desk.alice, scope)

    assert (await from_app.post("/api/v1/statuses", {"status": "hi"})).status == status


async def test_a_stranger_writes_nothing(desk):
    assert (await desk.stranger.post("/api/v1/statuses", {"status": "hi"})).status == 401


async def paint(desk):
    wished = await desk.app.post("/api/v2/media", {"prompt": "a red boat", "seed": "7"})
    await desk.settle()
    return wished.json["id"]


async def test_a_painted_picture_that_an_edit_puts_in_marks_the_post(desk):
    made = await desk.write("only words", visibility="public")

    edited = await desk.app.put(f"/api/v1/statuses/{made['id']}", json={"media_ids": [await paint(desk)]})

    assert edited.json["pinxit"]["prompt"] == "a red boat"
    assert "a red boat" in edited.json["content"] and edited.json["content"].startswith("<p>only words</p>")
    assert [one["name"] for one in edited.json["tags"]] == ["aigenerated"]
    assert (await desk.sent("Update"))[-1]["object"]["genAI"] is True


async def test_a_painted_picture_that_an_edit_takes_out_can_be_posted_anew(desk):
    picture_id = await paint(desk)
    made = await desk.write("first", media_ids=[picture_id])

    edited = await desk.app.put(f"/api/v1/statuses/{made['id']}", json={"media_ids": []})
    again = await desk.write("second", media_ids=[picture_id])

    assert (edited.json["pinxit"], edited.json["content"]) == (None, "<p>first</p>")
    assert again["pinxit"]["prompt"] == "a red boat"
