"""The job that fetches what is quoted: tried again while a peer is silent, given up where it refuses."""

from activitypub.vocabulary import PUBLIC
from tests.remote_host import Shown


async def quoting(desk, quoted_uri):
    """A post of bob's that quotes another and names alice."""
    tag = [{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}]
    note = desk.person.note("<p>see</p>", tag=tag, quote=quoted_uri)
    await desk.person.send(desk.person.create(note), desk.alice.inbox)
    await desk.settle()
    (told,) = (await desk.app.get("/api/v1/notifications")).json
    return told["status"]


async def test_a_silent_peer_is_asked_again(desk):
    quoted = desk.person.note("<p>quoted</p>", interactionPolicy={"canQuote": {"automaticApproval": [PUBLIC]}})
    path = quoted["id"].removeprefix(desk.person.host.origin)
    desk.person.host.show_raw(path, Shown(b"", 503))
    post = await quoting(desk, quoted["id"])
    assert post["quote"]["state"] == "pending"

    desk.person.host.show(path, quoted)
    await desk.wait(61)

    assert (await desk.look(post))["quote"]["quoted_status"]["content"] == "<p>quoted</p>"


async def test_what_is_not_there_stays_pending_and_is_not_asked_for_again(desk):
    post = await quoting(desk, f"{desk.bob.uri}/notes/nowhere")

    await desk.wait(86_400)

    assert (await desk.look(post))["quote"] == {"state": "pending", "quoted_status": None, "quoted_status_id": None}
    asked = [request.target for request in desk.person.host.gets]
    assert asked.count("/users/bob/notes/nowhere") == 1


async def test_a_document_of_another_origin_is_not_believed(desk):
    forged = {"id": "https://elsewhere.example/1", "type": "Note", "attributedTo": desk.bob.uri, "content": "forged"}
    desk.person.host.show("/users/bob/notes/forged", forged)

    post = await quoting(desk, f"{desk.bob.uri}/notes/forged")

    assert post["quote"]["quoted_status"] is None


async def test_a_post_of_ours_that_does_not_exist_is_asked_for_nowhere(desk):
    before = len(desk.person.host.gets)

    post = await quoting(desk, f"{desk.alice.uri}/posts/5")

    assert post["quote"]["state"] == "pending"
    assert len(desk.person.host.gets) - before <= 1
