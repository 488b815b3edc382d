"""A server made with Fedify follows ours, gets its pictures and answers, beginning with each form of signature."""

import re
from typing import Any

import httpx
import pytest

from tests.interop.conftest import StartPeer
from tests.interop.fedify import CAVAGE, RFC9421, FedifyPeer
from tests.interop.instance import Instance
from tests.interop.process import eventually
from tests.interop.reading import find_post_page

pytestmark = [pytest.mark.interop, pytest.mark.timeout(900), pytest.mark.xdist_group("interop-fedify")]

JPEG_HEAD = "ffd8ff"


@pytest.fixture(scope="module", params=[CAVAGE, RFC9421])
def peer(request: pytest.FixtureRequest, instance: Instance, start_peer: StartPeer) -> FedifyPeer:
    """A fresh peer, started when our server stands, because Fedify remembers a key it could not fetch."""
    return start_peer(first_knock=request.param)


@pytest.fixture(scope="module")
def follow(peer: FedifyPeer, instance: Instance) -> dict[str, Any]:
    """The peer's Follow of alice, with her answer."""
    sent = peer.do("follow", address=f"@{instance.handle('alice')}")
    return {"id": sent["id"], "accept": peer.event("Accept", object_id=sent["id"])}


@pytest.fixture(scope="module")
def picture(follow: dict[str, Any], instance: Instance) -> str:
    """A public picture of alice's, published after the peer followed her."""
    return instance.generate("a lighthouse above the sea at dusk", name="alice", seed=1)


def test_peer_finds_alice_by_her_handle_and_by_her_id(peer: FedifyPeer, instance: Instance) -> None:
    by_handle = peer.do("lookup", address=f"@{instance.handle('alice')}")
    by_id = peer.do("lookup", address=instance.actor("alice"))

    assert by_handle == by_id
    assert (by_id["id"], by_id["type"], by_id["preferredUsername"]) == (instance.actor("alice"), "Person", "alice")
    assert by_id["publicKey"] and by_id["sharedInbox"] and by_id["manuallyApprovesFollowers"] is False


def test_follow_is_accepted_and_counted(follow: dict[str, Any], peer: FedifyPeer, instance: Instance) -> None:
    accept = follow["accept"]

    assert accept["actor"] == instance.actor("alice")
    inner = accept["raw"]["object"]  # Pixelfed drops an Accept whose Follow is more than plain addresses
    assert (inner["type"], inner["actor"], inner["object"]) == ("Follow", peer.actor, instance.actor("alice"))
    assert instance.total_of(instance.read(instance.actor("alice")), "followers") >= 1


def test_first_knock_is_understood(follow: dict[str, Any], peer: FedifyPeer, instance: Instance) -> None:
    knocks = peer.requests("POST", instance.origin)

    assert {(knock["form"], knock["status"]) for knock in knocks} == {(peer.first_knock, 202)}


def test_picture_arrives_with_alt_text_and_bytes(picture: str, peer: FedifyPeer, instance: Instance) -> None:
    create = peer.event("Create", object_id=picture)

    assert create["actor"] == create["object"]["attributedTo"] == instance.actor("alice")
    assert create["object"]["published"] and create["object"]["sensitive"] is False
    [attachment] = create["object"]["attachments"]
    assert "lighthouse" in attachment["name"]
    assert attachment["width"] > 0 and attachment["height"] > 0
    fetched = attachment["picture"]
    assert (fetched["status"], fetched["mediaType"], attachment["mediaType"]) == (200, "image/jpeg", "image/jpeg")
    assert fetched["head"].startswith(JPEG_HEAD) and fetched["bytes"] > 2_000


def test_picture_says_on_the_wire_that_it_was_generated(picture: str, peer: FedifyPeer) -> None:
    raw = peer.event("Create", object_id=picture)["raw"]["object"]

    assert raw["genAI"] is True
    [attachment] = raw["attachment"]
    assert attachment["genAI"] is True
    assert attachment["name"] == attachment["summary"]  # Pixelfed reads the one, Mastodon prefers the other
    assert any(tag["type"] == "Hashtag" and tag["name"].lower() == "#aigenerated" for tag in raw["tag"])


def test_picture_can_be_looked_up_afterwards(picture: str, peer: FedifyPeer) -> None:
    found = peer.do("lookup", address=picture)

    assert (found["id"], found["type"], len(found["attachments"])) == (picture, "Note", 1)


@pytest.mark.parametrize(("verb", "collection"), [("like", "likes"), ("announce", "shares")])
def test_reaction_is_counted_until_it_is_undone(
    verb: str, collection: str, picture: str, peer: FedifyPeer, instance: Instance
) -> None:
    def counted() -> int:
        return instance.total_of(instance.read(picture), collection)

    before = counted()

    reaction = peer.do(verb, address=picture)
    assert eventually(lambda: counted() == before + 1, what=f"{verb} is counted")

    peer.do("undo", id=reaction["id"], tell=instance.actor("alice"))
    assert eventually(lambda: counted() == before, what=f"{verb} is taken back")


def test_reply_is_in_the_thread_until_it_is_deleted(picture: str, peer: FedifyPeer, instance: Instance) -> None:
    def counted() -> int:
        return instance.total_of(instance.read(picture), "replies")

    before = counted()

    reply = peer.do("reply", address=picture, content="<p>What a light!</p>")
    assert eventually(lambda: counted() == before + 1, what="the reply is counted")

    peer.do("delete", note=reply["objectId"], tell=instance.actor("alice"))
    assert eventually(lambda: counted() == before, what="the reply is gone")


def test_edit_reaches_the_peer(peer: FedifyPeer, follow: dict[str, Any], instance: Instance) -> None:
    post = instance.generate("a harbour in fog", name="alice", seed=2)
    created = peer.event("Create", object_id=post)["object"]

    instance.run("post", "edit", post, "--text", "The harbour, better described.")

    updated = peer.event("Update", object_id=post)["object"]
    assert "better described" in updated["content"]
    assert updated["updated"] > created["published"]
    assert len(updated["attachments"]) == 1


def test_deletion_reaches_the_peer_and_leaves_a_tombstone(
    peer: FedifyPeer, follow: dict[str, Any], instance: Instance
) -> None:
    post = instance.generate("a path through birches", name="alice", seed=3)
    file_url = peer.event("Create", object_id=post)["object"]["attachments"][0]["url"]

    instance.run("post", "delete", post)

    deletion = peer.event("Delete", object_id=post)
    assert deletion["raw"]["object"]["type"] == "Tombstone"
    gone = instance.get(post)
    assert (gone.status_code, gone.json()["type"]) == (410, "Tombstone")
    eventually(lambda: httpx.get(file_url, timeout=10).status_code in {404, 410}, what="the file is gone")


def test_our_follow_of_the_peer_is_accepted_and_its_posts_come_home(peer: FedifyPeer, instance: Instance) -> None:
    def following() -> int:
        return instance.total_of(instance.read(instance.actor("alice")), "following")

    before = following()

    instance.follow(peer.handle, name="alice")

    assert peer.event("Follow", object_id=peer.actor, actor=instance.actor("alice"))["form"] in {CAVAGE, RFC9421}
    eventually(lambda: following() == before + 1, what="the Accept is believed")
    peer.do("post", content=f"<p>News from {peer.first_knock}<script>alert(1)</script></p>")
    with instance.browse("alice") as browser:
        page = eventually(
            lambda: find_post_page(browser, f"News from {peer.first_knock}"), what="the peer's post is in alice's home"
        )
    assert "<script>alert" not in page


def test_rejection_by_the_peer_ends_our_follow(peer: FedifyPeer, instance: Instance) -> None:
    instance.create_user(name := f"fan{peer.first_knock[-2:]}")
    instance.follow(peer.handle, name=name)
    fan = instance.actor(name)
    follow_id = peer.event("Follow", object_id=peer.actor, actor=fan)["id"]
    assert eventually(lambda: instance.total_of(instance.read(fan), "following") == 1, what="the Accept is believed")

    peer.do("reject", follower=fan, follow=follow_id)

    assert eventually(lambda: instance.total_of(instance.read(fan), "following") == 0, what="the Reject is believed")


def test_everything_that_we_sent_was_signed(picture: str, peer: FedifyPeer) -> None:
    create = peer.event("Create", object_id=picture)

    assert create["form"] in {CAVAGE, RFC9421}
    assert re.match(r"application/(activity|ld)\+json", create["contentType"])
