"""The peers work with each other and themselves, so that a failure elsewhere is ours and not theirs."""

import json
from pathlib import Path

import pytest

from tests.interop.actor_tests import NUMBER_OF_TESTS, run
from tests.interop.conftest import StartPeer
from tests.interop.environments import NodeEnvironment
from tests.interop.fedify import CAVAGE, RFC9421
from tests.interop.pasture_process import PERSONAS, PastureProcess

pytestmark = [pytest.mark.interop, pytest.mark.timeout(900), pytest.mark.xdist_group("interop-peers")]


def test_two_fedify_peers_with_different_first_knocks_follow_like_and_undo(start_peer: StartPeer) -> None:
    bob = start_peer(name="bob", first_knock=CAVAGE)
    carol = start_peer(name="carol", first_knock=RFC9421)

    follow = bob.do("follow", address=f"@{carol.handle}")
    assert bob.event("Accept", object_id=follow["id"])["actor"] == carol.actor

    note = carol.do("post", content="<p>from one peer to another</p>")["objectId"]
    assert bob.event("Create", object_id=note)["object"]["content"] == "<p>from one peer to another</p>"

    like = bob.do("like", address=note)
    bob.do("undo", id=like["id"], tell=carol.actor)
    undo = carol.event("Undo", object_id=like["id"])
    assert (undo["object"]["type"], undo["form"]) == ("Like", CAVAGE)


def test_a_fedify_peer_can_say_everything_that_the_tests_need(start_peer: StartPeer) -> None:
    erin = start_peer(name="erin", first_knock=CAVAGE)
    frank = start_peer(name="frank", first_knock=RFC9421)
    follow = erin.do("follow", address=frank.actor)
    erin.event("Accept", object_id=follow["id"])
    note = frank.do("post", content="<p>one</p>")["objectId"]

    announce = erin.do("announce", address=note)
    reply = erin.do("reply", address=note, content="<p>two</p>")
    frank.do("update", note=note, content="<p>three</p>", tell=erin.actor)
    frank.do("delete", note=note, tell=erin.actor)
    frank.do("reject", follower=erin.actor, follow=follow["id"])

    assert frank.event("Announce", object_id=note)["id"] == announce["id"]
    assert frank.event("Create", object_id=reply["objectId"])["object"]["inReplyTo"] == note
    assert erin.event("Update", object_id=note)["object"]["content"] == "<p>three</p>"
    assert erin.event("Delete", object_id=note)["raw"]["object"]["type"] == "Tombstone"
    assert erin.event("Reject", object_id=follow["id"])["actor"] == frank.actor


def test_activitypub_testing_finds_no_fault_in_a_fedify_actor(node: NodeEnvironment, start_peer: StartPeer) -> None:
    outcomes = run(node, start_peer(name="dave", first_knock=RFC9421).actor)

    assert len(outcomes) == NUMBER_OF_TESTS
    assert {outcome["outcome"] for outcome in outcomes} == {"passed", "inapplicable"}


def test_pasture_finds_no_fault_in_its_own_actor(pasture: Path, tmp_path: Path) -> None:
    target = PastureProcess(pasture, tmp_path / "target", "serve")
    verifier = PastureProcess(pasture, tmp_path / "verifier", "verify", f"{target.origin}/bob")
    try:
        done = verifier.result()
    finally:
        verifier.stop()
        target.stop()

    assert done["results"] == PERSONAS, json.dumps(done["steps"], indent=1)
