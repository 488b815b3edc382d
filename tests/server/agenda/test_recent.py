"""The job that looks up what somebody posted before they were followed, or when their profile is opened."""

from activitypub.vocabulary import PUBLIC
from server.actions.network.look_up import ask_recent
from server.actions.ties.follow import follow
from server.ids import MICROSECONDS, iso
from server.remote.people import find_actor
from server.store.ties import follows
from tests.remote_host import RemoteHost, Shown


def path_of(uri):
    return uri.partition("example")[2]


def gets(desk):
    return [request.target for request in desk.person.host.gets]


def old_note(desk, content, days, **more):
    """A post of bob's from some days ago."""
    return desk.person.note(content, published=iso(desk.house.clock.now() - days * 86_400 * MICROSECONDS), **more)


def show_outbox(desk, *items, **more):
    """What bob's outbox has on its only page, newest first."""
    root = f"{desk.bob.uri}/outbox"
    desk.person.host.show("/users/bob/outbox", {"id": root, "type": "OrderedCollection", "first": f"{root}/page"})
    page = {"id": f"{root}/page", "type": "OrderedCollectionPage", "partOf": root, "orderedItems": list(items)}
    desk.person.host.show("/users/bob/outbox/page", page | more)


async def follow_bob(desk):
    async with desk.house.database.write() as tx:
        await follow(tx, desk.site, desk.alice, desk.bob)
        known = await follows.find(tx, desk.alice.id, desk.bob.id)
    await desk.settle()
    accept = desk.person.activity("Accept", known.uri)
    await desk.person.send(accept, desk.alice.inbox)
    await desk.settle()


async def home(desk):
    return [one["content"] for one in (await desk.app.get("/api/v1/timelines/home")).json]


async def profile(desk, *, app=None):
    address = f"/api/v1/accounts/{desk.bob.id}/statuses"
    await (app or desk.app).get(address)
    await desk.settle()
    return [one["content"] for one in (await (app or desk.app).get(address)).json]


async def test_a_first_follow_shows_the_newest_in_their_order_and_tells_nobody(desk):
    named = [{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}]
    notes = [old_note(desk, f"<p>{days} days old</p>", days, tag=named) for days in (1, 5, 1500, 9000)]
    show_outbox(desk, *(desk.person.create(note) for note in notes))
    mine = await desk.write("mine")

    await follow_bob(desk)

    expected = [note["content"] for note in notes]
    assert await home(desk) == [mine["content"], *expected]
    assert await profile(desk) == expected
    assert await desk.told(desk.alice) == []


async def test_s13_what_is_not_theirs_or_not_for_everybody_is_left_out(desk):
    eve = RemoteHost(desk.house.network, desk.house.clock, origin="https://other.example").person("eve")
    foreign = eve.note("<p>eve's</p>")
    private = old_note(desk, "<p>private</p>", 1, to=[desk.person.followers], cc=[])
    boost = desk.person.activity("Announce", foreign["id"], to=[PUBLIC])
    show_outbox(desk, desk.person.create(foreign), foreign["id"], desk.person.create(private), boost)

    await follow_bob(desk)

    assert await profile(desk) == []


async def test_gotosocial_lists_creates_with_the_address_of_the_post_alone(desk):
    note = old_note(desk, "<p>by address</p>", 1)
    show_outbox(desk, desk.person.activity("Create", note["id"], to=[PUBLIC]))

    assert await profile(desk) == ["<p>by address</p>"]


async def test_pinned_posts_come_in_the_order_of_their_owner(desk):
    notes = [old_note(desk, f"<p>pin {number}</p>", 10 * number) for number in (2, 1, 3)]
    uri = f"{desk.bob.uri}/featured"
    desk.person.host.show("/users/bob", desk.person.document | {"featured": uri})
    desk.person.host.show("/users/bob/featured", {"id": uri, "type": "OrderedCollection", "orderedItems": notes})
    await find_actor(desk.house.services, desk.bob.uri, fresh=True)

    await profile(desk)

    pinned = (await desk.app.get(f"/api/v1/accounts/{desk.bob.id}/statuses", {"pinned": "true"})).json
    assert [one["content"] for one in pinned] == [note["content"] for note in notes]


async def test_an_opened_profile_is_looked_up_once_a_day_and_for_no_stranger(desk):
    show_outbox(desk)
    await profile(desk, app=desk.stranger)
    assert "/users/bob/outbox" not in gets(desk)

    for _ in range(3):
        await profile(desk)
    assert gets(desk).count("/users/bob/outbox") == 1

    await desk.wait(86_401)
    await profile(desk)
    assert gets(desk).count("/users/bob/outbox") == 2


async def test_t51_an_outbox_without_end_is_read_three_pages_far(desk):
    root = f"{desk.bob.uri}/outbox"
    for number in range(50):
        page = {"type": "OrderedCollectionPage", "orderedItems": [], "next": f"{root}/{number + 1}"}
        desk.person.host.show(f"/users/bob/outbox/{number}", page)
    desk.person.host.show("/users/bob/outbox", {"id": root, "type": "OrderedCollection", "first": f"{root}/0"})

    await profile(desk)

    assert len([target for target in gets(desk) if "/outbox" in target]) == 3


async def test_t51_posts_beyond_the_number_are_not_kept(desk):
    most = desk.house.config.federation.recent_posts_at_most
    show_outbox(desk, *(desk.person.create(old_note(desk, f"<p>{number}</p>", number)) for number in range(1, 100)))

    await follow_bob(desk)

    assert len(await home(desk)) == min(most, 20)
    assert not [target for target in gets(desk) if "/notes/" in target]


async def test_a_peer_that_is_down_is_asked_three_times(desk):
    show_outbox(desk, *(f"{desk.bob.uri}/notes/{number}" for number in range(30)))
    for number in range(30):
        desk.person.host.show_raw(f"/users/bob/notes/{number}", Shown(b"", 503))

    await profile(desk)

    assert len([target for target in gets(desk) if "/notes/" in target]) == 3


async def test_the_numbers_of_a_profile_are_its_own_servers(desk):
    origin = desk.person.host.origin
    host = desk.person.host
    carol = host.person("carol", outbox=f"{origin}/users/carol/outbox", following=f"{origin}/users/carol/following")
    for name, total in (("followers", 900), ("following", 80), ("outbox", 7)):
        host.show(
            f"/users/carol/{name}", {"id": f"{carol.uri}/{name}", "type": "OrderedCollection", "totalItems": total}
        )
    actor = await find_actor(desk.house.services, carol.uri)
    async with desk.house.database.write() as tx:
        await ask_recent(tx, desk.site, actor)
    await desk.settle()
    shown = (await desk.app.get(f"/api/v1/accounts/{actor.id}")).json
    assert (shown["followers_count"], shown["following_count"], shown["statuses_count"]) == (900, 80, 7)
