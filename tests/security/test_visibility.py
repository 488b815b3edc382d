"""Class J, privacy and audience (T65, T64): each visibility, each viewer, each way of reading."""

import itertools

import pytest

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.actions.painting.request_picture import Wish, request_picture
from server.actions.people.login import log_in
from server.actions.writing.compose import Person as Named
from server.actions.writing.publish import Draft, publish
from server.oauth.sessions import cookie_name
from server.store.network import activities
from server.store.people import accounts, actors
from server.store.people.actors import Actor
from server.store.ties import follows
from server.store.writing.posts import Post
from tests.instance import run_jobs_until_idle
from tests.security.conftest import Siege

WORDS = "a secret between friends"
# Who may read what: strangers see what is open; followers what their acceptance opens; the named what names them.
STRANGERS = ("nobody", "bob", "pending", "blocked", "remote", "remote pending", "remote blocked")
FOLLOWERS = ("follower", "remote follower")
NAMED = ("named", "remote named")
SEES = {
    Visibility.PUBLIC: {*STRANGERS, *FOLLOWERS, *NAMED} - {"blocked", "remote blocked"},
    Visibility.FOLLOWERS: {*FOLLOWERS, *NAMED},
    Visibility.DIRECT: {*NAMED},
}


async def settle(siege: Siege) -> dict[str, Actor | None]:
    """Let everybody stand to alice as their name says."""
    alice, host = siege.alice, siege.victor.host
    viewers: dict[str, Actor | None] = {"nobody": None, "bob": siege.bob}
    for name in ("pending", "follower", "blocked", "named"):
        viewers[name] = await siege.house.register(name)
    for name in ("remote", "remote pending", "remote follower", "remote blocked", "remote named"):
        viewers[name] = await siege.known(host.person(name.replace("remote", "r").replace(" ", "_")))
    for name in ("pending", "remote pending"):
        await siege.let_follow(viewers[name], alice, state="pending")
    for name in ("follower", "remote follower"):
        await siege.let_follow(viewers[name], alice)
    async with siege.house.database.write() as tx:
        for number, name in enumerate(("blocked", "remote blocked")):
            target = viewers[name].id
            await follows.block(tx, id=number + 1, actor_id=alice.id, target_id=target, uri=f"urn:{number}", at=1)
    return viewers


async def hang(siege: Siege, viewers: dict[str, Actor | None], visibility: Visibility) -> Post:
    people = tuple(Named(viewers[name].handle, viewers[name].uri, viewers[name].uri) for name in NAMED)
    text = f"{WORDS} #friends " + " ".join(f"@{person.handle}" for person in people)
    async with siege.house.database.write() as tx:
        post = await publish(tx, siege.house.site, siege.alice, Draft(text=text, visibility=visibility, people=people))
    await run_jobs_until_idle(siege.house)
    return post


async def read_as(siege: Siege, name: str, viewer: Actor | None, path: str, accept: str) -> str:
    """What one viewer gets at one address."""
    if viewer is None:
        answer = await siege.get(path, accept=accept)
    elif viewer.local:
        answer = await siege.get(path, accept=accept, headers={"cookie": await log_in_as(siege, viewer)})
    else:
        person = siege.victor.host.person(viewer.username)
        answer = await siege.get(path, accept=accept, signer=person.signer)
    assert answer.status_code < 500
    return answer.text


async def log_in_as(siege: Siege, actor: Actor) -> str:
    async with siege.house.database.write() as tx:
        account = await accounts.find_by_username(tx, actor.username)
        token = await log_in(tx, siege.house.site, account)
    return f"{cookie_name(siege.house.site)}={token}"


async def ways_of_reading(siege: Siege, post: Post) -> dict[str, str]:
    async with siege.house.database.read() as reader:
        (created,) = [one for one in await siege.house.sent("Create") if one.object_uri == post.uri]
        assert await activities.find_by_uri(reader, created.uri)
    document, page = "application/activity+json", "text/html"
    return {
        post.uri: document,
        f"{post.uri}/replies": document,
        f"{post.uri}/replies?page=true": document,
        f"{post.uri}/likes": document,
        f"{post.uri}/shares": document,
        created.uri: document,
        post.url: document,
        "/users/alice/outbox?page=true": document,
        "/users/alice/featured": document,
        f"/@alice/{post.id}": page,
        "/@alice": page,
        "/": page,
        "/tags/friends": page,
        "/home": page,
        "/notifications": page,
        f"/posts/{post.id}/edit": page,
        f"/authorize_interaction?uri={post.uri}": page,
        f"/remote-follow?uri={post.uri}": page,
    }


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.FOLLOWERS, Visibility.DIRECT])
async def test_t65_who_may_not_see_a_post_finds_it_nowhere(siege: Siege, visibility):
    viewers = await settle(siege)
    post = await hang(siege, viewers, visibility)
    ways = await ways_of_reading(siege, post)

    leaks, seen = [], set()
    for (name, viewer), (path, accept) in itertools.product(viewers.items(), ways.items()):
        text = await read_as(siege, name, viewer, path, accept)
        # The numbers of likes and replies, and that there is a post, are secrets as well.
        shown = WORDS in text or (str(post.id) in text and path.startswith(post.uri) and '"totalItems"' in text)
        if shown:
            seen.add(name)
            if name not in SEES[visibility] and not _is_open_to_all(visibility, viewer):
                leaks.append((name, path))

    assert leaks == []
    # And who may see it does find it.
    assert seen >= SEES[visibility]


def _is_open_to_all(visibility: Visibility, viewer: Actor | None) -> bool:
    """A public post cannot be kept from whom its author blocks: they only need to log out."""
    return visibility is Visibility.PUBLIC


@pytest.mark.parametrize("path", ["", "/replies", "/likes", "/shares"])
async def test_t65_what_is_hidden_and_what_is_not_there_are_answered_alike(siege: Siege, path):
    hidden = await siege.publish(Visibility.FOLLOWERS)
    missing = hidden.uri.replace(str(hidden.id), str(hidden.id + 1))

    for signer in (None, siege.mallory.signer):
        there = await siege.get(hidden.uri + path, signer=signer)
        nowhere = await siege.get(missing + path, signer=signer)
        assert there.status_code == nowhere.status_code == 404
        assert there.content == nowhere.content
        assert dict(there.headers) == dict(nowhere.headers)


async def test_t65_what_is_not_open_is_kept_by_no_cache(siege: Siege):
    viewers = await settle(siege)
    post = await hang(siege, viewers, Visibility.FOLLOWERS)

    answer = await siege.get(post.uri, signer=siege.victor.host.person("r_follower").signer)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Signature" in answer.headers["vary"]


async def test_t65_a_direct_message_between_peers_is_not_shown_to_a_follower(siege: Siege):
    # Given that alice follows victor, and victor writes to bob alone
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    mention = [{"type": "Mention", "href": siege.bob.uri, "name": "@bob"}]
    note = siege.victor.note(f"<p>{WORDS}</p>", to=[siege.bob.uri], cc=[], tag=mention)
    await siege.send(siege.victor, siege.victor.create(note))

    # Then bob reads it and alice does not
    post = await siege.find_post(str(note["id"]))
    assert post is not None
    for path in (f"/@victor@friend.example/{post.id}", "/@victor@friend.example", "/home", "/notifications"):
        assert WORDS not in await read_as(siege, "alice", siege.alice, path, "text/html")
        assert WORDS not in await read_as(siege, "nobody", None, path, "text/html")
    assert WORDS in await read_as(siege, "bob", siege.bob, f"/@victor@friend.example/{post.id}", "text/html")


async def test_t65_a_post_for_the_followers_of_a_peer_is_shown_to_accepted_followers_alone(siege: Siege):
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    await siege.let_follow(siege.bob, await siege.known(siege.victor), state="pending")
    note = siege.victor.note(f"<p>{WORDS}</p>", to=[siege.victor.followers], cc=[])
    await siege.send(siege.victor, siege.victor.create(note))

    assert WORDS in await read_as(siege, "alice", siege.alice, "/home", "text/html")
    for path in ("/home", "/@victor@friend.example", "/"):
        assert WORDS not in await read_as(siege, "bob", siege.bob, path, "text/html")


async def test_t65_a_private_reply_does_not_stand_under_a_public_post(siege: Siege):
    post = await siege.publish()
    mention = [{"type": "Mention", "href": siege.alice.uri, "name": "@alice"}]
    note = siege.victor.note(f"<p>{WORDS}</p>", to=[siege.alice.uri], cc=[], tag=mention, inReplyTo=post.uri)
    await siege.send(siege.victor, siege.victor.create(note))

    page = f"/@alice/{post.id}"
    assert WORDS in await read_as(siege, "alice", siege.alice, page, "text/html")
    assert WORDS not in await read_as(siege, "bob", siege.bob, page, "text/html")
    replies = await siege.get(f"{post.uri}/replies?page=true")
    assert str(note["id"]) not in replies.text


async def test_t65_nobody_makes_a_private_post_public_by_boosting_it(siege: Siege):
    viewers = await settle(siege)
    post = await hang(siege, viewers, Visibility.FOLLOWERS)
    follower = siege.victor.host.person("r_follower")

    await siege.send(follower, follower.activity("Announce", post.uri, to=[PUBLIC]))

    now = await siege.find_post(post.uri)
    assert now is not None and now.shares_count == 0 and now.visibility == "followers"


async def test_t65_an_actor_that_is_gone_takes_all_its_posts_along(siege: Siege):
    # Given more posts of victor's than one transaction empties, and an answer to alice among them
    await siege.let_follow(siege.alice, await siege.known(siege.victor))
    parent = await siege.publish()
    notes = [siege.victor.note(f"<p>{WORDS}</p>", inReplyTo=parent.uri)]
    notes += [siege.victor.note(f"<p>{WORDS}</p>", tag=[{"type": "Hashtag", "name": "#x"}]) for _ in range(3)]
    for note in notes:
        await siege.send(siege.victor, siege.victor.create(note))
    found = [await siege.find_post(str(note["id"])) for note in notes]
    assert all(found)

    # When his server says that he is gone, but not all is emptied
    async with siege.house.database.write() as tx:
        await actors.mark_gone(tx, siege.victor.uri, at=siege.clock.now())

    for post in found:
        for path in (f"/@victor@friend.example/{post.id}", "/tags/x", "/home", f"/@alice/{parent.id}"):
            assert WORDS not in await read_as(siege, "alice", siege.alice, path, "text/html")


async def test_t64_what_is_anothers_is_not_there(siege: Siege):
    # Given a wish and a draft of alice's
    async with siege.house.database.write() as tx:
        wish = await request_picture(tx, siege.house.site, siege.alice, Wish(prompt=WORDS, draft=True))
    await run_jobs_until_idle(siege.house)

    # Then bob finds nothing of it, at any address
    for path in ("", "/events", "/preview"):
        for name, viewer in (("bob", siege.bob), ("nobody", None)):
            text = await read_as(siege, name, viewer, f"/create/{wish.id}{path}", "text/html")
            assert WORDS not in text and "progress" not in text
    assert WORDS not in await read_as(siege, "bob", siege.bob, f"/create?from={wish.id}", "text/html")
    for path in ("/", "/@alice", "/users/alice/outbox?page=true", "/metrics"):
        assert WORDS not in await read_as(siege, "bob", siege.bob, path, "text/html")
