"""Class C and E, what others bring and nothing vouches for: the origin is asked, and believed alone."""

import pytest

from activitypub.vocabulary import AS2, PUBLIC
from server.federation.reception import RUMOURS_AT_MOST
from server.store.people import hiding
from server.store.writing.posts import Post
from tests.instance import let_time_pass, run_jobs_until_idle
from tests.remote_host import Document
from tests.security.conftest import Siege

NOTE = "https://friend.example/users/victor/notes/1"
PATH = "/users/victor/notes/1"


def write(siege: Siege, content: str = "<p>true</p>", **more: object) -> Document:
    return siege.victor.note(content, id=NOTE, **more)


async def bring(siege: Siege, document: Document) -> int:
    """Mallory's server brings it, honestly signed by her."""
    status = await siege.post(*siege.sign(siege.mallory.signer, document))
    await run_jobs_until_idle(siege.house)
    return status


async def keep(siege: Siege, **more: object) -> Post:
    """A post of victor's that we got from himself."""
    note = write(siege, to=more.pop("to", [PUBLIC]), cc=[siege.alice.uri], **more)
    await siege.send(siege.victor, siege.victor.create(note))
    post = await siege.find_post(NOTE)
    assert post is not None
    return post


def questions(siege: Siege) -> int:
    return len(siege.network.asked("GET", PATH))


async def test_s155_a_post_without_proof_is_kept_as_its_origin_shows_it(siege: Siege):
    # Given an answer to alice that victor's server shows
    post = await siege.publish()
    note = write(siege, inReplyTo=post.uri)

    # When mallory brings it with other words
    assert await bring(siege, siege.victor.create(note | {"content": "<p>a lie</p>"})) == 202

    # Then the true words are kept
    kept = await siege.find_post(NOTE)
    assert kept is not None and "true" in kept.content_html


async def test_s155_a_post_that_its_origin_does_not_show_is_not_kept(siege: Siege):
    post = await siege.publish()
    note = write(siege, inReplyTo=post.uri)
    siege.victor.host.show(PATH, {}, status=404)

    assert await bring(siege, siege.victor.create(note)) == 202
    assert await siege.find_post(NOTE) is None


async def test_s155_a_post_that_concerns_nobody_here_brings_its_origin_no_question(siege: Siege):
    assert await bring(siege, siege.victor.create(write(siege))) == 202
    assert questions(siege) == 0


async def test_s155_a_post_that_turns_out_to_concern_nobody_is_not_kept(siege: Siege):
    write(siege)
    claimed = siege.victor.note("<p>hello alice</p>", id=NOTE, to=[siege.alice.uri], cc=[])
    write(siege, to=[PUBLIC], cc=[])

    assert await bring(siege, siege.victor.create(claimed)) == 202
    assert questions(siege) == 1
    assert await siege.find_post(NOTE) is None


async def test_s155_a_change_without_proof_is_taken_from_the_origin(siege: Siege):
    await keep(siege)
    siege.clock.advance(60)
    note = write(siege, "<p>truer</p>", cc=[siege.alice.uri], updated="2026-11-19T00:00:00Z")

    lie = note | {"content": "<p>a lie</p>", "updated": "2027-01-01T00:00:00Z"}
    assert await bring(siege, siege.victor.activity("Update", lie)) == 202

    kept = await siege.find_post(NOTE)
    assert kept is not None and "truer" in kept.content_html


async def test_s155_a_deletion_without_proof_counts_when_the_origin_says_that_the_post_is_gone(siege: Siege):
    await keep(siege)
    siege.victor.host.show(PATH, {}, status=410)

    assert await bring(siege, siege.victor.activity("Delete", NOTE)) == 202

    kept = await siege.find_post(NOTE)
    assert kept is not None and kept.deleted_at is not None


async def test_s155_a_deletion_without_proof_changes_nothing_while_the_origin_shows_the_post(siege: Siege):
    await keep(siege)
    assert await bring(siege, siege.victor.activity("Delete", NOTE)) == 202

    kept = await siege.find_post(NOTE)
    assert kept is not None and kept.deleted_at is None


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize("open", [True, False])
async def test_s155_t26_an_origin_that_only_hides_a_post_has_not_deleted_it(siege: Siege, status: int, open: bool):
    """Its author may be suspended for a while; nobody must be able to make that last."""
    await keep(siege, to=[PUBLIC if open else siege.victor.followers])
    siege.victor.host.show(PATH, {}, status=status)

    assert await bring(siege, siege.victor.activity("Delete", NOTE)) == 202

    kept = await siege.find_post(NOTE)
    assert kept is not None and kept.deleted_at is None


async def test_s155_an_origin_that_is_silent_is_asked_thrice(siege: Siege):
    await keep(siege)
    siege.victor.host.show(PATH, {}, status=503)

    await bring(siege, siege.victor.activity("Delete", NOTE))
    await let_time_pass(siege.house)

    kept = await siege.find_post(NOTE)
    assert kept is not None and kept.deleted_at is None
    assert questions(siege) == 3


async def test_s155_t6_a_rumour_about_another_origin_than_its_actors_is_dropped(siege: Siege):
    post = await siege.publish()
    note = siege.mallory.note(id="https://evil.example/notes/1", inReplyTo=post.uri)

    assert await bring(siege, siege.victor.create(note)) == 202
    assert not siege.network.asked("GET", "/notes/1")


async def test_s155_t54_who_brings_too_many_rumours_is_slowed_down(siege: Siege):
    post = await siege.publish()
    for number in range(RUMOURS_AT_MOST):
        note = siege.victor.note(id=f"{NOTE}{number}", inReplyTo=post.uri)
        headers, body = siege.sign(siege.mallory.signer, siege.victor.create(note))
        assert await siege.post(headers, body) == 202

    note = siege.victor.note(id=NOTE, inReplyTo=post.uri)
    assert await siege.post(*siege.sign(siege.mallory.signer, siege.victor.create(note))) == 429


@pytest.mark.parametrize("state", ["suspended", "vote", "deleted"])
async def test_s155_a_post_of_nobody_who_may_write_is_not_kept(siege: Siege, state: str):
    # Given a post to alice that victor's server shows, and what speaks against it
    victor = await siege.known(siege.victor)
    post = await siege.publish()
    content, name = ("", "tea") if state == "vote" else ("<p>true</p>", None)
    note = write(siege, content, inReplyTo=post.uri, name=name)
    if state == "deleted":
        await siege.send(siege.victor, siege.victor.activity("Delete", NOTE))
    if state == "suspended":
        async with siege.house.database.write() as tx:
            await hiding.mark(tx, hiding.SUSPENDED, victor.id, at=1)

    # When mallory tells of it
    await bring(siege, siege.victor.create(note))

    assert await siege.find_post(NOTE) is None


async def test_s155_a_tombstone_of_something_else_deletes_nothing(siege: Siege):
    await keep(siege)
    siege.victor.host.show(PATH, {"@context": AS2, "id": f"{NOTE}0", "type": "Tombstone"})

    assert await bring(siege, siege.victor.activity("Delete", NOTE)) == 202

    kept = await siege.find_post(NOTE)
    assert kept is not None and kept.deleted_at is None


@pytest.mark.parametrize("change", ["type", "author"])
async def test_s155_t33_a_change_without_proof_keeps_author_and_type(siege: Siege, change: str):
    await keep(siege)
    siege.clock.advance(60)
    other = siege.victor.host.person("wilma")
    changes = {"type": {"type": "Article"}, "author": {"attributedTo": other.uri}}[change]
    note = write(siege, "<p>stolen</p>", cc=[siege.alice.uri], updated="2026-11-19T00:00:00Z", **changes)

    await bring(siege, siege.victor.activity("Update", note))

    kept = await siege.find_post(NOTE)
    assert kept is not None and "stolen" not in kept.content_html
