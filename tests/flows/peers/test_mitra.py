"""Mitra: asks for one media type, has no shared inbox, names activities by their bare ids."""

from activitypub.vocabulary import LD_MEDIA_TYPE, is_as2_media_type
from server.remote.people import find_by_handle


async def test_mitra_asks_for_the_profiled_type_alone(meet):
    visit = await meet("mitra")
    post = await visit.publish()

    for url in (visit.anna.uri, post.uri):
        answer = await visit.house.network.send("GET", url, {"accept": LD_MEDIA_TYPE})
        assert answer.status_code == 200
        assert is_as2_media_type(answer.headers["content-type"])


async def test_mitra_writes_the_profiled_type_on_its_webfinger_link(meet):
    visit = await meet("mitra")

    assert (await find_by_handle(visit.house.services, "bo@mitra.example")).uri == visit.them.uri


async def test_mitra_accepts_by_the_bare_id_of_our_follow(meet):
    visit = await meet("mitra")
    ours = await visit.ask_to_follow()

    assert await visit.arrive(visit.word("accept", object=ours)) == "accepted"
    assert await visit.state() == "accepted"


async def test_mitra_undoes_by_the_bare_id_of_its_follow(meet):
    visit = await meet("mitra")
    undo = visit.word("undo")
    await visit.arrive(visit.them.activity("Follow", visit.anna.uri, id=undo["object"]))

    assert await visit.arrive(undo) == "undone"
    assert await visit.followers() == []


async def test_mitra_has_no_shared_inbox_so_each_of_its_people_is_told(meet):
    visit = await meet("mitra")
    other = visit.host.settle(
        visit.them.document
        | {
            "id": "https://mitra.example/users/al",
            "preferredUsername": "al",
            "inbox": "https://mitra.example/users/al/inbox",
            "followers": "https://mitra.example/users/al/followers",
            "publicKey": {"id": "https://mitra.example/users/al#main-key", "owner": "https://mitra.example/users/al"},
        }
    )
    for person in (visit.them, other):
        await visit.arrive(person.activity("Follow", visit.anna.uri), by=person)
    visit.host.inbox.clear()

    await visit.publish()

    assert sorted(one.path for one in visit.host.inbox) == ["/users/al/inbox", "/users/bo/inbox"]
