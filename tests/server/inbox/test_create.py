"""Posts that arrive: kept once, if somebody here would read them, and only on their author's word."""

import pytest

from activitypub.vocabulary import PUBLIC
from server.store.writing import media, posts
from tests.instance import run_jobs_until_idle
from tests.remote_host import Shown


async def test_s156_a_post_of_somebody_followed_is_kept_once_with_its_picture(street):
    await street.follow(street.bob)
    picture = {
        "type": "Document",
        "url": "https://remote.example/a.jpg",
        "mediaType": "image/jpeg",
        "name": "A boat.",
        "width": 640,
        "height": 480,
        "focalPoint": [0.5, -0.5],
    }
    note = street.bob.note("<p>hello <script>alert(1)</script><b>you</b></p>", attachment=[picture], sensitive=True)

    assert await street.arrive(street.bob, street.bob.create(note)) == "kept"
    assert await street.arrive(street.bob, street.bob.create(note)) == "known"

    kept = await street.post(note["id"])
    assert "script" not in kept.content_html and "hello" in kept.content_html
    assert (kept.visibility, kept.sensitive, kept.local) == ("public", True, False)
    async with street.house.database.read() as reader:
        (shown,) = (await media.list_of_posts(reader, [kept.id]))[kept.id]
    assert (shown.remote_url, shown.alt, shown.width, shown.height) == (picture["url"], "A boat.", 640, 480)
    assert (shown.focal_x, shown.focal_y) == (0.5, -0.5)


async def test_s179_a_post_that_nobody_here_would_read_is_dropped(street):
    note = street.bob.note()

    assert await street.arrive(street.bob, street.bob.create(note)) == "ignored: nobody here reads it"
    assert await street.post(note["id"]) is None


async def test_a_follow_that_was_not_accepted_yet_is_no_reason_to_keep_a_post(street):
    await street.follow(street.bob, accepted=False)

    assert await street.arrive(street.bob, street.bob.create(street.bob.note())) == "ignored: nobody here reads it"


@pytest.mark.parametrize("where", ["to", "cc", "tag"])
async def test_s178_a_post_that_names_one_of_us_is_kept_and_told(street, where):
    named = {"tag": [{"type": "Mention", "href": street.alice.uri, "name": "@alice@pinxit.example"}]}
    if where != "tag":
        named[where] = [street.alice.uri]
    note = street.bob.note(**named)

    assert await street.arrive(street.bob, street.bob.create(note)) == "kept"

    assert await street.told() == [("mention", "bob")]


async def test_an_answer_to_one_of_us_is_kept_counted_and_told(street):
    parent = await street.publish()
    note = street.bob.note(
        inReplyTo=parent.uri, tag=[{"type": "Mention", "href": street.alice.uri, "name": "@alice@pinxit.example"}]
    )

    assert await street.arrive(street.bob, street.bob.create(note)) == "kept"

    assert await street.told() == [("reply", "bob")]
    assert (await street.post(parent.uri)).replies_count == 1
    assert (await street.post(note["id"])).in_reply_to_id == parent.id


async def test_an_answer_that_comes_twice_is_counted_and_told_once(street):
    parent = await street.publish()
    note = street.bob.note(inReplyTo=parent.uri)
    for _ in range(2):
        await street.arrive(street.bob, street.bob.create(note))

    assert (await street.post(parent.uri)).replies_count == 1
    assert await street.told() == [("reply", "bob")]


@pytest.mark.parametrize(
    ("to", "cc", "visibility"),
    [
        (["as:Public"], [], "public"),
        (["https://remote.example/users/bob/followers"], [PUBLIC], "unlisted"),
        (["https://remote.example/users/bob/followers"], [], "followers"),
        ([], [], "direct"),
        (["https://other.example/users/eve/followers"], [], "direct"),
    ],
)
async def test_a_post_spreads_no_wider_than_its_addressing_says(street, to, cc, visibility):
    await street.follow(street.bob)
    note = street.bob.note(to=to, cc=cc)
    await street.arrive(street.bob, street.bob.create(note))

    assert (await street.post(note["id"])).visibility == visibility


@pytest.mark.parametrize("intruder", ["mallory", "eve"])
async def test_t31_nobody_creates_in_the_name_of_another(street, intruder):
    await street.follow(street.bob)
    sender = getattr(street, intruder)
    await street.follow(sender)
    note = street.bob.note() | {"id": f"{sender.uri}/notes/forged"}

    outcome = await street.arrive(sender, sender.create(note))

    assert outcome.startswith("refused:")
    assert await street.post(note["id"]) is None


async def test_t31_a_post_of_another_host_is_fetched_from_there_and_refused_as_not_the_senders(street):
    await street.follow(street.eve)
    note = street.bob.note("<p>mine</p>")
    altered = note | {"content": "<p>altered</p>"}

    outcome = await street.arrive(street.eve, street.eve.create(altered))

    assert outcome.startswith("refused:")
    assert await street.post(note["id"]) is None


async def test_t12_a_post_that_claims_one_of_us_as_author_is_refused(street):
    await street.follow(street.bob)
    for authors in ([street.bob.uri, street.alice.uri], street.alice.uri):
        note = street.bob.note(attributedTo=authors)
        assert (await street.arrive(street.bob, street.bob.create(note))).startswith("refused:")
        assert await street.post(note["id"]) is None


async def test_s174_a_post_of_somebody_blocked_that_names_the_blocker_is_dropped_in_silence(street):
    parent = await street.publish()
    await street.block(street.bob)
    mention = [{"type": "Mention", "href": street.alice.uri, "name": "@alice@pinxit.example"}]
    named, answer = street.bob.note(to=[street.alice.uri], tag=mention), street.bob.note(inReplyTo=parent.uri)

    assert (await street.arrive(street.bob, street.bob.create(named))).startswith("ignored:")
    assert (await street.arrive(street.bob, street.bob.create(answer))).startswith("ignored:")

    assert await street.told() == []
    assert await street.post(named["id"]) is None
    assert (await street.post(parent.uri)).replies_count == 0


async def test_a_post_of_somebody_blocked_by_one_is_kept_for_another_but_not_told_to_the_blocker(street):
    await street.follow(street.bob, by=street.carol)
    await street.block(street.bob)
    mention = [{"type": "Mention", "href": street.alice.uri, "name": "@alice@pinxit.example"}]
    note = street.bob.note(tag=mention)

    assert await street.arrive(street.bob, street.bob.create(note)) == "kept"
    assert await street.told() == []


async def test_t34_a_post_whose_delete_came_first_is_not_kept(street):
    await street.follow(street.bob)
    note = street.bob.note()
    await street.arrive(street.bob, street.bob.activity("Delete", {"id": note["id"], "type": "Tombstone"}))

    outcome = await street.arrive(street.bob, street.bob.create(note))

    assert outcome == "ignored: it was deleted before it came"
    assert await street.post(note["id"]) is None


@pytest.mark.parametrize("intruder", ["mallory", "eve"])
async def test_t34_the_delete_of_another_keeps_no_post_away(street, intruder):
    await street.follow(street.bob)
    note, sender = street.bob.note(), getattr(street, intruder)
    await street.follow(sender)
    await street.arrive(sender, sender.activity("Delete", note["id"]))

    assert await street.arrive(street.bob, street.bob.create(note)) == "kept"


async def test_a_create_that_only_names_its_post_has_it_fetched(street):
    await street.follow(street.bob)
    note = street.bob.note("<p>fetched</p>")

    assert await street.arrive(street.bob, street.bob.create(note) | {"object": note["id"]}) == "kept"
    assert (await street.post(note["id"])).content_html == "<p>fetched</p>"


async def test_a_post_whose_server_is_down_is_fetched_later(street):
    await street.follow(street.bob)
    note = street.bob.note("<p>fetched</p>")
    create = street.bob.create(note) | {"object": note["id"]}
    path = note["id"].removeprefix(street.bob.host.origin)
    street.bob.host.show_raw(path, Shown(b"", 503))

    assert await street.arrive(street.bob, create) is None
    street.bob.host.show(path, note)
    street.house.clock.advance(60)
    await run_jobs_until_idle(street.house)

    assert await street.house.outcome(create["id"]) == "kept"


async def test_a_reply_that_comes_before_its_parent_is_tied_to_it_later(street):
    await street.follow(street.bob)
    await street.follow(street.eve)
    parent = street.bob.note()
    reply = street.eve.note(inReplyTo=parent["id"])
    await street.arrive(street.eve, street.eve.create(reply))

    await street.arrive(street.bob, street.bob.create(parent))

    kept = await street.post(parent["id"])
    assert kept.replies_count == 1
    async with street.house.database.read() as reader:
        assert [one.uri for one in await posts.list_replies(reader, kept.id)] == [reply["id"]]


async def test_a_post_from_the_future_is_kept_as_of_now(street):
    await street.follow(street.bob)
    note = street.bob.note(published="2099-01-01T00:00:00Z")
    await street.arrive(street.bob, street.bob.create(note))

    assert (await street.post(note["id"])).published_at == street.house.clock.now()


@pytest.mark.parametrize(
    "object", [{"type": "Recipe", "name": "soup"}, {"type": "Person", "name": "x"}, None, "not a uri"]
)
async def test_what_is_no_post_is_ignored(street, object):
    await street.follow(street.bob)
    if isinstance(object, dict):
        object = object | {"id": f"{street.bob.uri}/things/1", "attributedTo": street.bob.uri}

    assert (await street.arrive(street.bob, street.bob.activity("Create", object))).startswith(("ignored:", "refused:"))
