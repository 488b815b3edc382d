"""Class E, authority over objects: who may do what to whose things, and classes B and J where they meet it."""

import pytest

from activitypub import activities as build
from activitypub.audience import Visibility
from server.actions.ties.follow import follow as ask_to_follow
from server.store.network import activities
from server.store.telling import notifications
from server.store.ties import follows
from tests.instance import run_jobs_until_idle
from tests.remote_host import Person
from tests.security.conftest import Siege


@pytest.fixture
def thief(siege: Siege) -> Person:
    """Somebody on victor's own server."""
    return siege.victor.host.person("thief")


async def victors_post(siege: Siege) -> dict[str, object]:
    """A post of victor's that is kept here."""
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    note = siege.victor.note("<p>mine</p>")
    await siege.send(siege.victor, siege.victor.create(note))
    assert await siege.find_post(str(note["id"])) is not None
    return note


@pytest.mark.parametrize("who", ["mallory", "thief"])
@pytest.mark.parametrize("type", ["Delete", "Update"])
async def test_t31_nobody_else_changes_or_deletes_a_post(siege: Siege, thief: Person, who, type):
    # Given a post of victor's
    note = await victors_post(siege)
    robber = thief if who == "thief" else siege.mallory

    # When somebody of his server, or of another, has it changed or deleted
    changed = note | {"content": "<p>stolen</p>", "updated": "2030-01-01T00:00:00Z"}
    for object in (note["id"], changed, {"id": note["id"], "type": "Tombstone"}, [note["id"]]):
        await siege.send(robber, robber.activity(type, object))
    if type == "Update":
        await siege.send(robber, robber.activity(type, changed | {"attributedTo": robber.uri}))

    # Then it is as it was
    post = await siege.find_post(str(note["id"]))
    assert post is not None and post.deleted_at is None and post.content_html == "<p>mine</p>"


@pytest.mark.parametrize("who", ["mallory", "thief"])
async def test_t31_nobody_else_deletes_an_actor(siege: Siege, thief: Person, who):
    await siege.known(siege.victor)
    robber = thief if who == "thief" else siege.mallory

    for uri in (siege.victor.uri, siege.alice.uri):
        await siege.send(robber, robber.activity("Delete", uri))
        known = await siege.actor(uri)
        assert known is not None and known.gone_at is None


async def test_t31_our_own_posts_are_changed_by_nobody_outside(siege: Siege):
    post = await siege.publish()
    for type in ("Delete", "Update", "Undo", "Announce", "Create"):
        lie = {"id": post.uri, "type": "Note", "attributedTo": siege.alice.uri, "content": "<p>stolen</p>"}
        await siege.send(siege.mallory, siege.mallory.activity(type, lie))

    now = await siege.find_post(post.uri)
    assert now is not None and now.deleted_at is None and now.content_html == post.content_html


@pytest.mark.parametrize("who", ["mallory", "thief"])
@pytest.mark.parametrize("embedded", [True, False])
async def test_t31_nobody_else_takes_back_a_like(siege: Siege, thief: Person, who, embedded):
    post, victor = await siege.publish(), siege.victor
    like = victor.activity("Like", post.uri)
    await siege.send(victor, like)
    robber = thief if who == "thief" else siege.mallory

    for object in (like, like | {"actor": robber.uri}) if embedded else (like["id"],):
        await siege.send(robber, robber.activity("Undo", object))

    now = await siege.find_post(post.uri)
    assert now is not None and now.likes_count == 1


@pytest.mark.parametrize("embedded", [True, False])
async def test_t31_nobody_else_takes_back_a_follow_nor_makes_us_forget_it(siege: Siege, thief: Person, embedded):
    # Given two followers of alice on one server
    victor = siege.victor
    asked = build.follow(f"{victor.uri}#follow", victor.uri, siege.alice.uri)
    await siege.send(victor, asked)
    await siege.send(thief, build.follow(f"{thief.uri}#follow", thief.uri, siege.alice.uri))

    # When one takes back the other's Follow by its id
    lie = build.follow(str(asked["id"]), thief.uri, siege.alice.uri) if embedded else asked["id"]
    await siege.send(thief, thief.activity("Undo", lie))

    # Then the other still follows, and what came from them is still known
    async with siege.house.database.read() as reader:
        followers = {one.uri for _, one in await follows.list_followers(reader, siege.alice.id)}
        assert victor.uri in followers
    assert await siege.arrived(str(asked["id"]))


async def test_t31_an_undo_makes_us_forget_nothing_of_others(siege: Siege):
    # Given a post of victor's that he deleted, which its stored Delete remembers, and mallory who follows alice
    note = await victors_post(siege)
    gone = siege.victor.activity("Delete", note["id"])
    await siege.send(siege.victor, gone)
    mallory = siege.mallory
    await siege.send(mallory, build.follow(f"{mallory.uri}#follow", mallory.uri, siege.alice.uri))

    # When she takes back a Follow that bears the Delete's id
    await siege.send(mallory, mallory.activity("Undo", build.follow(str(gone["id"]), mallory.uri, siege.alice.uri)))

    # Then the Delete is remembered
    assert await siege.arrived(str(gone["id"]))
    async with siege.house.database.read() as reader:
        assert await activities.was_deleted(reader, actor_uri=siege.victor.uri, object_uri=str(note["id"]))


@pytest.mark.parametrize("who", ["mallory", "thief", "victor"])
@pytest.mark.parametrize("place", ["own", "other", "ours"])
async def test_t31_nobody_moves_another_nor_where_they_are_not_known(siege: Siege, thief: Person, who, place):
    # Given that alice follows victor, and a place that names the robber, and victor only where another speaks for him
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    robber = {"mallory": siege.mallory, "thief": thief, "victor": siege.victor}[who]
    named = [siege.mallory.uri, thief.uri] + ([siege.victor.uri] if who != "victor" else [])
    nest = siege.mallory.host.person("nest", alsoKnownAs=named)
    target = {"own": robber.uri, "other": nest.uri, "ours": siege.bob.uri}[place]

    # When the robber says that victor went there; or victor himself, to where nobody vouches for him
    for object in (siege.victor.uri, {"id": siege.victor.uri, "movedTo": target}, [siege.victor.uri, robber.uri]):
        await siege.send(robber, robber.activity("Move", object, target=target))
        await siege.send(robber, robber.activity("Move", object, target=target, origin=siege.victor.uri))

    # Then alice follows him as before, and nobody else
    async with siege.house.database.read() as reader:
        followed = [one.uri for _, one in await follows.list_following(reader, siege.alice.id)]
    asked = siege.mallory.host.received("Follow") + siege.victor.host.received("Follow")
    assert (followed, asked) == ([siege.victor.uri], [])
    known = await siege.actor(siege.victor.uri)
    assert known is not None and known.moved_to is None


async def test_t31_our_own_people_are_moved_by_nobody_outside(siege: Siege):
    nest = siege.mallory.host.person("nest", alsoKnownAs=[siege.alice.uri])
    await siege.let_follow(siege.bob, siege.alice)

    for sender, why in ((nest, "ignored: our own people move by their own hand"), (siege.mallory, "refused")):
        told = sender.activity("Move", siege.alice.uri, target=nest.uri)
        await siege.send(sender, told)
        assert str(await siege.outcome(told)).startswith(why)

    alice = await siege.actor(siege.alice.uri)
    assert alice is not None and alice.moved_to is None
    async with siege.house.database.read() as reader:
        assert await follows.follows_accepted(reader, siege.bob.id, siege.alice.id)


@pytest.mark.parametrize("type", ["Accept", "Reject"])
@pytest.mark.parametrize("who", ["mallory", "thief"])
async def test_t32_nobody_else_answers_a_follow_of_ours(siege: Siege, thief: Person, type, who):
    # Given that alice asked victor
    victor = await siege.known(siege.victor)
    async with siege.house.database.write() as tx:
        await ask_to_follow(tx, siege.house.site, siege.alice, victor)
    await run_jobs_until_idle(siege.house)
    (asked,) = siege.victor.host.received("Follow")
    robber = thief if who == "thief" else siege.mallory

    # When somebody else answers, in every shape
    for object in (
        asked,
        asked["id"],
        asked | {"object": robber.uri},
        build.follow("x:y", siege.alice.uri, robber.uri),
    ):
        await siege.send(robber, robber.activity(type, object))

    async with siege.house.database.read() as reader:
        found = await follows.find(reader, siege.alice.id, victor.id)
        assert found is not None and found.state == "pending"
        mine = await siege.actor(robber.uri)
        assert mine is None or await follows.find(reader, siege.alice.id, mine.id) is None


async def test_t32_an_accept_that_nobody_asked_for_follows_nobody(siege: Siege):
    mallory = siege.mallory
    for follower in (siege.alice.uri, siege.victor.uri):
        await siege.send(mallory, mallory.activity("Accept", build.follow(f"{follower}#f", follower, mallory.uri)))

    known = await siege.actor(mallory.uri)
    async with siege.house.database.read() as reader:
        assert known is None or await follows.find(reader, siege.alice.id, known.id) is None


@pytest.mark.parametrize(
    "change",
    [
        {"attributedTo": "https://evil.example/users/mallory"},
        {"type": "Question"},
        {"to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": []},
        {"published": "1999-01-01T00:00:00Z"},
        {"inReplyTo": "https://evil.example/other"},
    ],
)
async def test_t33_an_update_changes_the_words_and_not_who_sees_them(siege: Siege, change):
    # Given a post of victor's for his followers
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    note = siege.victor.note("<p>mine</p>", to=[siege.victor.followers], cc=[])
    await siege.send(siege.victor, siege.victor.create(note))
    before = await siege.find_post(str(note["id"]))
    assert before is not None and before.visibility == "followers"

    await siege.send(siege.victor, siege.victor.activity("Update", note | {"updated": "2030-01-01T00:00:00Z"} | change))

    after = await siege.find_post(str(note["id"]))
    assert after is not None
    for name in ("actor_id", "type", "visibility", "published_at", "in_reply_to_uri", "to_uris"):
        assert getattr(after, name) == getattr(before, name)


async def test_t34_what_was_deleted_before_it_came_does_not_come(siege: Siege):
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    note = siege.victor.note()

    await siege.send(siege.victor, siege.victor.activity("Delete", note["id"]))
    await siege.send(siege.victor, siege.victor.create(note))

    assert await siege.find_post(str(note["id"])) is None


async def test_t35_an_older_update_does_not_replace_a_newer_one(siege: Siege):
    note = await victors_post(siege)
    for words, when in (("new", "2030-01-02"), ("old", "2030-01-01"), ("none", None)):
        changed = note | {"content": f"<p>{words}</p>"} | ({"updated": f"{when}T00:00:00Z"} if when else {})
        await siege.send(siege.victor, siege.victor.activity("Update", changed))

    post = await siege.find_post(str(note["id"]))
    assert post is not None and post.content_html == "<p>new</p>"


async def test_t31_whom_alice_blocks_does_not_reach_her(siege: Siege):
    # Given that alice blocks mallory
    post, mallory = await siege.publish(), await siege.known(siege.mallory)
    async with siege.house.database.write() as tx:
        uri = f"{siege.alice.uri}#block"
        await follows.block(tx, id=1, actor_id=siege.alice.id, target_id=mallory.id, uri=uri, at=1)

    # When mallory likes, boosts, answers and names her
    sender = siege.mallory
    await siege.send(sender, sender.activity("Like", post.uri))
    await siege.send(sender, sender.activity("Announce", post.uri))
    mention = [{"type": "Mention", "href": siege.alice.uri, "name": "@alice"}]
    for more in ({"inReplyTo": post.uri}, {"tag": mention}, {"inReplyTo": post.uri, "tag": mention}):
        await siege.send(sender, sender.create(sender.note("<p>nasty words</p>", **more)))

    # Then she hears nothing of it, and nothing stands under her picture
    async with siege.house.database.read() as reader:
        assert await notifications.list_of_actor(reader, siege.alice.id) == []
    now = await siege.find_post(post.uri)
    assert now is not None and (now.likes_count, now.shares_count) == (0, 0)
    page = (await siege.get(f"/@alice/{post.id}", accept="text/html")).text
    assert "nasty words" not in page


async def test_t31_a_reply_to_what_one_may_not_see_is_not_shown_to_its_author(siege: Siege):
    # Given a post for alice's followers, who do not include mallory
    post = await siege.publish(Visibility.FOLLOWERS)

    # When mallory answers it all the same
    note = siege.mallory.note("<p>I guessed the address</p>", inReplyTo=post.uri)
    await siege.send(siege.mallory, siege.mallory.create(note))

    # Then it counts as nothing
    now = await siege.find_post(post.uri)
    assert now is not None and now.replies_count == 0
