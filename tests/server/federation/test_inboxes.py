"""The inbox as its owner reads it: everything that came and passed, once, and for nobody else."""

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.federation.paging import ACTIVITIES_PER_PAGE
from server.store.ties import follows
from tests.instance import run_jobs_until_idle
from tests.server.federation.conftest import Door

INBOX = "/users/alice/inbox"


async def read(door: Door, path: str) -> dict[str, object]:
    """A page of alice's inbox."""
    return (await door.ask(path, headers={"authorization": await door.token()})).json()


async def test_s38_s46_its_owner_sees_an_ordered_collection(door: Door):
    root = await read(door, INBOX)
    assert (root["type"], root["totalItems"]) == ("OrderedCollection", 0)
    assert root["id"] == f"{door.alice.uri}/inbox"
    assert root["first"] and root["last"]


async def test_s46_a_stranger_is_asked_for_a_token(door: Door):
    answer = await door.ask(INBOX)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer ")


async def test_s46_others_and_tokens_that_only_write_are_403(door: Door):
    bob = await door.house.register("bob")
    for token in (await door.token(bob), await door.token(scopes="write")):
        assert (await door.ask(INBOX, headers={"authorization": token})).status_code == 403


async def test_s45_what_came_is_listed_once_and_newest_first(door: Door):
    note = door.victor.note(to=[PUBLIC], cc=[door.alice.uri])
    create = door.victor.create(note)
    like = door.victor.activity("Like", (await door.write()).uri)
    for document in (create, create, like):
        await door.victor.send(document, f"{door.house.origin}/inbox")
    await run_jobs_until_idle(door.house)
    page = await read(door, f"{INBOX}?page=true")
    assert [one["id"] for one in page["orderedItems"]] == [like["id"], create["id"]]
    assert page["orderedItems"][1]["object"]["content"] == note["content"]
    assert (await read(door, INBOX))["totalItems"] == 2


async def test_what_did_not_pass_is_not_there(door: Door):
    forged = door.victor.activity("Update", {"id": (await door.write()).uri, "type": "Note"}, to=[door.alice.uri])
    await door.victor.send(forged, f"{door.house.origin}/inbox")
    await run_jobs_until_idle(door.house)
    assert (await door.house.outcome(forged["id"])).startswith("refused")
    assert (await read(door, INBOX))["totalItems"] == 0


async def test_what_a_blocked_actor_sends_is_not_there(door: Door):
    await door.do("Block", door.victor.uri)
    create = door.victor.create(door.victor.note(cc=[door.alice.uri]))
    await door.victor.send(create, f"{door.house.origin}/inbox")
    await run_jobs_until_idle(door.house)
    assert (await read(door, INBOX))["totalItems"] == 0


async def test_what_our_own_people_send_is_there_for_whom_it_is(door: Door):
    bob, carl = await door.house.register("bob"), await door.house.register("carl")
    await door.do("Follow", bob.uri)
    body = {"type": "Note", "content": "x", "to": [f"{bob.uri}/followers"]}
    sent = await door.hand_in(body, token=await door.token(bob), path="/users/bob/outbox")
    await run_jobs_until_idle(door.house)
    assert [one["id"] for one in (await read(door, f"{INBOX}?page=true"))["orderedItems"]] == [sent.json()["id"]]
    theirs = await door.ask("/users/carl/inbox", headers={"authorization": await door.token(carl)})
    assert theirs.json()["totalItems"] == 0


async def test_what_was_deleted_since_is_not_shown(door: Door):
    bob = await door.house.register("bob")
    token = await door.token(bob)
    body = {"type": "Note", "content": "x", "to": [door.alice.uri]}
    sent = (await door.hand_in(body, token=token, path="/users/bob/outbox")).json()
    await run_jobs_until_idle(door.house)
    await door.hand_in({"type": "Delete", "object": sent["object"]["id"]}, token=token, path="/users/bob/outbox")
    await run_jobs_until_idle(door.house)
    page = await read(door, f"{INBOX}?page=true")
    assert [one["type"] for one in page["orderedItems"]] == ["Delete"]


async def test_s40_s41_s42_s43_pages_have_a_stable_cursor_both_ways(door: Door):
    count = ACTIVITIES_PER_PAGE + 3
    likes = [door.victor.activity("Like", (await door.write()).uri) for _ in range(count)]
    for like in likes:
        await door.victor.send(like, f"{door.house.origin}/inbox")
    await run_jobs_until_idle(door.house)
    root = await read(door, INBOX)
    first = await read(door, door.path(root["first"]))
    later = door.victor.activity("Like", (await door.write()).uri)
    await door.victor.send(later, f"{door.house.origin}/inbox")
    await run_jobs_until_idle(door.house)
    second = await read(door, door.path(first["next"]))
    seen = [one["id"] for one in (*first["orderedItems"], *second["orderedItems"])]
    assert seen == [like["id"] for like in likes[::-1]]
    assert second["partOf"] == root["id"] and "next" not in second and "prev" not in first
    back = await read(door, door.path(second["prev"]))
    assert [one["id"] for one in back["orderedItems"]] == seen[:ACTIVITIES_PER_PAGE]
    last = await read(door, door.path(root["last"]))
    assert last["orderedItems"][-1]["id"] == likes[0]["id"]


async def test_s44_s48_the_outbox_shows_everything_to_its_owner_and_what_is_public_to_others(door: Door):
    public = await door.write("public")
    secret = await door.write("secret", Visibility.FOLLOWERS)
    shown = {
        "owner": await read(door, "/users/alice/outbox?page=true"),
        "others": (await door.ask("/users/alice/outbox?page=true")).json(),
    }
    listed = {who: [one["object"]["id"] for one in page["orderedItems"]] for who, page in shown.items()}
    assert listed == {"owner": [secret.uri, public.uri], "others": [public.uri]}
    assert (await read(door, "/users/alice/outbox"))["totalItems"] == 2
    assert (await door.ask("/users/alice/outbox")).json()["totalItems"] == 1


async def test_s95_a_follower_reads_with_a_token_what_is_for_followers(door: Door):
    bob, carl = await door.house.register("bob"), await door.house.register("carl")
    post = await door.write("to followers", Visibility.FOLLOWERS)
    await door.hand_in(
        {"type": "Follow", "object": door.alice.uri}, token=await door.token(bob), path="/users/bob/outbox"
    )
    async with door.house.database.read() as reader:
        assert await follows.follows_accepted(reader, bob.id, door.alice.id)
    assert (await door.show(post.uri, await door.token(bob))).status_code == 200
    assert (await door.show(post.uri, await door.token())).status_code == 200
    assert (await door.show(post.uri, await door.token(carl))).status_code == 404
    assert (await door.show(f"{post.uri}/likes", await door.token(bob))).status_code == 200


async def test_s95_a_bad_token_is_401_whatever_it_asks_for(door: Door):
    post = await door.write("to followers", Visibility.FOLLOWERS)
    for path in (door.path(post.uri), "/users/alice/posts/1", "/users/alice"):
        assert (await door.ask(path, headers={"authorization": "Bearer nonsense"})).status_code == 401
