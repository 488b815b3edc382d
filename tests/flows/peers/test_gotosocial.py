"""GoToSocial: reading needs a signature, lists of one are bare, the key's id is a path, 429 and 503 name a time."""

import httpx
import pytest

from activitypub.audience import Visibility
from activitypub.reading import read_activity
from activitypub.vocabulary import host_of
from server.store.writing import media
from tests.instance import run_jobs_until_idle
from tests.remote_host import Shown


async def test_gotosocial_refuses_unsigned_reading_and_is_read_all_the_same(meet):
    visit = await meet("gotosocial")

    assert await visit.arrive(visit.word("follow")) == "accepted"

    assert await visit.followers() == [visit.them.uri]
    read = [one for one in visit.host.gets if not one.target.startswith("/.well-known/")]
    assert {one.target for one in read} == {"/users/milo/main-key", "/users/milo"}
    assert all("signature" in one.headers for one in read)


async def test_gotosocial_finds_the_key_by_which_we_read_without_a_signature(meet):
    """Else two servers that both want signatures could never begin."""
    visit = await meet("gotosocial")
    key_id = (await visit.house.services.signers.instance()).key_id

    answer = await visit.house.network.send("GET", key_id.partition("#")[0], {"accept": "application/activity+json"})

    assert answer.status_code == 200
    assert answer.json()["publicKey"]["id"] == key_id


async def test_gotosocial_writes_a_post_without_a_single_list_and_its_picture_is_kept(meet):
    visit = await meet("gotosocial")
    await visit.follow()

    assert await visit.arrive(visit.word("create")) == "kept"

    post = await visit.post(visit.word("create")["object"]["id"])
    assert (post.visibility, post.summary, post.language) == (Visibility.PUBLIC, "sea", "de")
    async with visit.house.database.read() as reader:
        (picture,) = (await media.list_of_posts(reader, [post.id]))[post.id]
    assert picture.alt == "Two boats at low tide"


async def test_gotosocial_knows_our_keys_by_heart_so_they_survive_a_restart(meet):
    visit = await meet("gotosocial")
    before = await visit.house.services.signers.of(visit.anna.id)

    await visit.house.restart()

    after = await visit.house.services.signers.of(visit.anna.id)
    assert after.key_id == before.key_id
    assert after.key.private_numbers() == before.key.private_numbers()


@pytest.mark.parametrize(("status", "seconds"), [(429, 240), (503, 30)])
async def test_gotosocial_says_when_to_come_again_and_is_obeyed(meet, status, seconds):
    visit = await meet("gotosocial")
    visit.host.answers = [Shown(b"", status, {"retry-after": str(seconds)})]
    await visit.arrive(visit.word("follow"))
    assert len(visit.host.inbox) == 1

    visit.house.clock.advance(seconds - 1)
    await run_jobs_until_idle(visit.house)
    assert len(visit.host.inbox) == 1

    visit.house.clock.advance(2)
    await run_jobs_until_idle(visit.house)
    assert len(visit.host.received("Accept")) == 2


@pytest.mark.parametrize("status", [400, 403, 406])
async def test_gotosocial_means_no_when_it_says_no(meet, status):
    visit = await meet("gotosocial")
    visit.host.answers = [Shown(b"", status)]

    await visit.arrive(visit.word("follow"))
    visit.house.clock.advance(86_400)
    await run_jobs_until_idle(visit.house)

    assert len(visit.host.inbox) == 1


async def test_gotosocial_believes_our_shared_inbox_as_it_lies_on_our_own_host(meet):
    visit = await meet("gotosocial")

    answer = await visit.house.network.send("GET", visit.anna.uri, {"accept": "application/activity+json"})

    shown = answer.json()
    addresses = [shown["id"], shown["url"], shown["inbox"], shown["endpoints"]["sharedInbox"], shown["publicKey"]["id"]]
    assert {host_of(one) for one in addresses} == {host_of(visit.anna.uri)}


async def test_gotosocial_takes_a_follow_back_with_the_whole_of_it(meet):
    visit = await meet("gotosocial")
    await visit.arrive(visit.word("follow"))

    assert await visit.arrive(visit.word("undo", object=visit.word("follow"))) == "undone"
    assert await visit.followers() == []


async def test_gotosocial_approves_an_answer_and_nothing_breaks(meet):
    """Its interaction policies: an Accept of a reply, with an authorisation as its result."""
    visit = await meet("gotosocial")
    post = await visit.publish("an answer")
    approval = visit.them.activity("Accept", post.uri, result=f"{visit.them.uri}/authorizations/1", to=visit.anna.uri)

    assert await visit.arrive(approval) == "ignored: it answers no Follow of ours"


async def test_gotosocial_sends_activities_with_a_charset(meet):
    visit = await meet("gotosocial")
    follow = visit.word("follow")

    assert await visit.knock(follow, media_type="application/activity+json; charset=utf-8") == 202


async def test_gotosocial_deletes_by_bare_id(meet):
    visit = await meet("gotosocial")
    await visit.follow()
    await visit.arrive(visit.word("create"))
    deletion = visit.word("delete")
    assert isinstance(deletion["object"], str) and read_activity(deletion).object_id == deletion["object"]

    assert await visit.arrive(deletion) == "deleted"
    assert (await visit.post(deletion["object"])).deleted_at is not None


async def test_gotosocial_looks_our_people_up_by_webfinger(meet):
    visit = await meet("gotosocial")
    url = httpx.URL(f"{visit.house.origin}/.well-known/webfinger", params={"resource": "acct:anna@pinxit.example"})

    answer = await visit.house.network.send("GET", str(url), {"accept": "application/jrd+json"})

    assert answer.json()["subject"] == "acct:anna@pinxit.example"
    assert [one["href"] for one in answer.json()["links"] if one["rel"] == "self"] == [visit.anna.uri]
