"""What nobody here has a tie to goes after its days; what somebody kept, answered or is told of stays."""

import importlib
import pkgutil
from dataclasses import replace

import pytest

import server.store
from server.actions.ties.follow_tag import receive_featured
from server.agenda.strangers import let_go
from server.remote.people import find_actor
from server.store.network import strangers
from server.store.people import actors
from server.store.schema import metadata
from server.store.writing import tags
from tests.server.agenda.test_recent import follow_bob, old_note, profile, show_outbox

# Owned by our own people alone, so that no row of theirs can name a stranger there.
OURS = {
    "accounts.actor_id",
    "bookmarks.actor_id",
    "collections.actor_id",
    "conversations.actor_id",
    "dismissed_suggestions.actor_id",
    "domain_blocks.actor_id",
    "endorsements.actor_id",
    "featured_tags.actor_id",
    "filters.actor_id",
    "followed_tags.actor_id",
    "generations.actor_id",
    "idempotency_keys.actor_id",
    "imports.actor_id",
    "lists.actor_id",
    "markers.actor_id",
    "muted_threads.actor_id",
    "mutes.actor_id",
    "notification_permissions.actor_id",
    "notification_policies.actor_id",
    "notification_requests.actor_id",
    "notifications.actor_id",
    "preferences.actor_id",
    "private_notes.actor_id",
    "promised_posts.actor_id",
    "push_subscriptions.actor_id",
    "scheduled_posts.actor_id",
}


async def later(desk, days):
    """Let so many days pass, and clean once at their end."""
    desk.house.clock.advance(days * 86_400)
    gone = await let_go(desk.house.services)
    await desk.settle()
    return gone


async def shown(desk):
    """Bob's posts as they are here now, without looking anew."""
    return sorted(one["content"] for one in (await desk.app.get(f"/api/v1/accounts/{desk.bob.id}/statuses")).json)


async def look_up(desk, *names, days=2):
    """Have bob's posts looked up, as if somebody opened his profile; return them by name."""
    show_outbox(desk, *[desk.person.create(old_note(desk, name, days)) for name in names])
    await profile(desk)
    found = (await desk.app.get(f"/api/v1/accounts/{desk.bob.id}/statuses")).json
    return {one["content"]: one for one in found}


async def test_strangers_posts_go_when_their_days_are_over_and_come_again_when_looked_up(desk):
    names = ["one", "two"]
    notes = [desk.person.create(old_note(desk, name, 2)) for name in names]
    show_outbox(desk, *notes)
    assert sorted(await profile(desk)) == names

    assert (await later(desk, 29)).posts == 0
    assert (await later(desk, 2)).posts == 2
    assert await shown(desk) == []

    assert sorted(await profile(desk)) == names


@pytest.mark.parametrize("verb", ["favourite", "bookmark", "reblog"])
async def test_what_somebody_here_likes_keeps_or_boosts_stays(desk, verb):
    found = await look_up(desk, "liked", "other")
    await desk.do(verb, found["liked"])

    await later(desk, 40)

    assert await shown(desk) == ["liked"]


async def test_what_was_answered_stays_with_all_above_it(desk):
    top = old_note(desk, "top", 3)
    middle = old_note(desk, "middle", 2, inReplyTo=top["id"])
    show_outbox(desk, desk.person.create(top), desk.person.create(middle), desk.person.create(old_note(desk, "x", 2)))
    await profile(desk)
    found = (await desk.app.get(f"/api/v1/accounts/{desk.bob.id}/statuses")).json
    answered = next(one for one in found if one["content"] == "middle")
    await desk.write("@bob@remote.example yes", in_reply_to_id=answered["id"])

    await later(desk, 40)

    assert await shown(desk) == ["middle", "top"]


async def test_what_names_somebody_here_stays(desk):
    tag = [{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}]
    note = desk.person.note("named", tag=tag)
    await desk.person.send(desk.person.create(note), desk.alice.inbox)
    await look_up(desk, "other")

    await later(desk, 40)

    assert await shown(desk) == ["named"]


async def test_t22_a_post_that_was_deleted_is_never_learnt_anew(desk):
    found = await look_up(desk, "one")
    await desk.person.send(desk.person.activity("Delete", found["one"]["uri"]), desk.alice.inbox)
    await desk.settle()

    assert (await later(desk, 4000)).posts == 0

    assert await profile(desk) == []


async def test_posts_of_whom_somebody_here_follows_stay(desk):
    await follow_bob(desk)
    await desk.person.send(desk.person.create(desk.person.note("followed")), desk.alice.inbox)
    await desk.settle()

    assert (await later(desk, 4000)).posts == 0

    assert await shown(desk) == ["followed"]


async def test_a_report_that_waits_keeps_what_it_is_about(desk):
    found = await look_up(desk, "bad")
    answer = await desk.app.post(
        "/api/v1/reports", json={"account_id": str(desk.bob.id), "status_ids": [found["bad"]["id"]]}
    )
    assert answer.status == 200

    await later(desk, 40)

    assert await shown(desk) == ["bad"]


async def test_a_profile_goes_when_nothing_is_left_of_it_and_comes_again(desk):
    await look_up(desk, "one")
    assert (await later(desk, 40)).profiles == 0

    gone = await later(desk, 60)

    assert gone.profiles == 1
    assert (await desk.app.get(f"/api/v1/accounts/{desk.bob.id}")).status == 404
    (again,) = (await desk.app.get("/api/v1/accounts/search?q=bob@remote.example&resolve=true")).json
    assert again["acct"] == "bob@remote.example"


async def test_whom_somebody_follows_wrote_to_or_blocked_stays(desk):
    people = [desk.person.host.person(name) for name in ("carol", "dora", "erin", "fay", "gil")]
    for person in people:
        found = await desk.app.get(f"/api/v1/accounts/search?q={person.name}@remote.example&resolve=true")
        assert found.json
    ids = {one.name: (await desk.house.actor(one.uri)).id for one in people}
    await desk.app.post(f"/api/v1/accounts/{ids['carol']}/follow")
    await desk.app.post(f"/api/v1/accounts/{ids['dora']}/block")
    await desk.write("@erin@remote.example hello")
    # Whom the operator silenced would come back and be heard.
    gil = await desk.house.actor(people[4].uri)
    async with desk.house.database.write() as tx:
        await actors.replace(tx, replace(gil, silenced_at=desk.house.clock.now()))

    await later(desk, 100)

    known = {name: (await desk.app.get(f"/api/v1/accounts/{number}")).status for name, number in ids.items()}
    assert known == {"carol": 200, "dora": 200, "erin": 200, "fay": 404, "gil": 200}


@pytest.mark.parametrize("there", [False, True])
async def test_whom_the_operator_suspended_stays_and_whom_their_own_server_did_goes(desk, there):
    """One of them would be learnt anew as living, of the other their server says so again."""
    gil, now = desk.person.host.person("gil"), desk.house.clock.now()
    await desk.app.get("/api/v1/accounts/search?q=gil@remote.example&resolve=true")
    known = await desk.house.actor(gil.uri)
    async with desk.house.database.write() as tx:
        await actors.replace(tx, replace(known, suspended_at=now, suspended_there_at=now if there else None))

    await later(desk, 100)

    async with desk.house.database.read() as reader:
        assert (await actors.find_by_uri(reader, gil.uri) is None) == there


async def test_deliveries_that_ended_go_but_those_of_a_living_post_stay_for_its_deletion(desk):
    await desk.let_bob_follow()
    kept, dropped = await desk.write("stays"), await desk.write("goes")
    await desk.app.delete(f"/api/v1/statuses/{dropped['id']}")
    await desk.settle()

    assert (await later(desk, 29)).deliveries == 0
    assert (await later(desk, 2)).deliveries >= 2

    desk.person.host.inbox.clear()
    await desk.app.delete(f"/api/v1/statuses/{kept['id']}")
    await desk.settle()
    assert [one["object"]["id"] for one in desk.received("Delete")] == [kept["uri"]]


async def test_what_is_ours_stays_whatever_its_age(desk):
    mine = await desk.write("mine")

    await later(desk, 4000)

    assert (await desk.look(mine))["content"] == "<p>mine</p>"
    assert (await desk.app.get(f"/api/v1/accounts/{desk.ben.id}")).status == 200


def test_every_column_that_names_an_actor_is_a_tie_or_ours():
    for module in pkgutil.walk_packages(server.store.__path__, "server.store."):
        importlib.import_module(module.name)
    naming = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "actors" and key.ondelete is None
    }
    ties = {f"{one.table.name}.{one.name}" for one in strangers.TIES_OF_ACTORS}

    assert ties <= naming
    assert naming == ties | OURS


def test_every_table_of_posts_follows_one_that_goes():
    naming = {
        table.name
        for table in metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "posts" and key.ondelete is None
    }
    assert naming == {"reactions"}


async def test_a_profile_with_hashtags_goes_with_them(desk):
    tessa = await find_actor(desk.house.services, desk.person.host.person("tessa").uri)
    async with desk.house.database.write() as tx:
        await receive_featured(tx, desk.site, tessa, "boats")

    await later(desk, 4000)

    async with desk.house.database.read() as reader:
        assert await actors.find(reader, tessa.id) is None
        assert await tags.list_featured(reader, tessa.id) == []
