"""The socialweb.coop tests of ActivityPub's MUSTs, run over alice: each must pass, or there is a written reason."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.interop.actor_tests import NUMBER_OF_TESTS, run, run_one
from tests.interop.environments import NodeEnvironment
from tests.interop.instance import Instance

pytestmark = [pytest.mark.interop, pytest.mark.timeout(900), pytest.mark.xdist_group("interop-activitypub-testing")]

# Tests that have nothing to say about an actor of ours, and why; a second reason would be a fault.
INAPPLICABLE = {
    "likes-collection-must-be-a-collection": "object has no `likes` property",  # posts have; run over a picture below
    "shares-collection-must-be-a-collection": "does not have a shares property",
}
# The run does not hand the token on to this one; alone it passes (below).
WITHOUT_TOKEN = {"inbox-must-be-an-orderedcollection": "got unexpected 401 response"}
# These post text/plain, and the second an object without a type, neither of which ActivityPub allows. With both
# mended on their way they pass alone (below).
NOT_CONFORMING = {
    "post-outbox-server-overwrites-id-property": "the response to a POST outbox request has a location header",
    "outbox-post-server-adds-to-outbox-collection-checked-by-outbox-get": "has a location header",
}
# Nobody hands in at an outbox without its owner's token.
NEED_TOKEN = {
    "outbox-wraps-object-with-create-checked-using-get-location": "an http header named 'location', but there is none",
    "create-then-update-modifies-object-checked-by-get": "status 401",
}
# Without one, these say that they cannot tell.
CANNOT_TELL = {
    "outbox-post-must-accept-non-activity-object",
    "outbox-post-servers-must-return-a-201-created-http-code",
}


def test_anonymous_run_finds_no_fault(node: NodeEnvironment, instance: Instance) -> None:
    outcomes = run(node, instance.actor("alice"))

    expected = INAPPLICABLE | WITHOUT_TOKEN | NOT_CONFORMING | NEED_TOKEN
    assert len(outcomes) == NUMBER_OF_TESTS
    assert {outcome["test"] for outcome in unexpected(outcomes, expected)} == CANNOT_TELL


def test_run_with_alices_token_finds_no_fault(node: NodeEnvironment, instance: Instance) -> None:
    token = instance.create_token("alice")

    outcomes = run(node, instance.actor("alice"), f"Bearer {token}")

    assert len(outcomes) == NUMBER_OF_TESTS
    assert unexpected(outcomes, INAPPLICABLE | WITHOUT_TOKEN | NOT_CONFORMING) == []


@pytest.mark.parametrize("slug", [*NEED_TOKEN, *NOT_CONFORMING, *sorted(CANNOT_TELL)])
def test_each_test_of_the_outbox_passes_alone(node: NodeEnvironment, instance: Instance, slug: str) -> None:
    token = instance.create_token("alice")
    outbox = f"{instance.actor('alice')}/outbox"

    outcome = run_one(node, slug, outbox=outbox, authorization=f"Bearer {token}")

    assert outcome["outcome"] == "passed", outcome


def test_the_test_of_the_inbox_passes_alone(node: NodeEnvironment, instance: Instance) -> None:
    token = instance.create_token("alice")
    actor = json.dumps(instance.read(instance.actor("alice")))

    outcome = run_one(node, *WITHOUT_TOKEN, object=actor, authorization=f"Bearer {token}")

    assert outcome["outcome"] == "passed", outcome


def test_pictures_likes_and_shares_are_collections(node: NodeEnvironment, instance: Instance) -> None:
    picture = instance.generate("a bowl of oranges", name="alice")

    outcomes = {outcome["test"]: outcome for outcome in run(node, picture)}

    for test in ("likes-collection-must-be-a-collection", "shares-collection-must-be-a-collection"):
        assert outcomes[test]["outcome"] == "passed", outcomes[test]


def unexpected(outcomes: list[dict[str, Any]], expected: Mapping[str, str]) -> list[dict[str, Any]]:
    """Those that neither passed nor were inapplicable for the written reason."""
    return [outcome for outcome in outcomes if not is_expected(outcome, expected)]


def is_expected(outcome: dict[str, Any], expected: Mapping[str, str]) -> bool:
    reason = expected.get(outcome["test"])
    if reason is None:
        return bool(outcome["outcome"] == "passed")
    return outcome["outcome"] == "inapplicable" and reason in (outcome["info"] or "")
