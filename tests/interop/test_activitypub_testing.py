"""The socialweb.coop tests of ActivityPub's MUSTs, run over alice: each must pass, or there is a written reason."""

from typing import Any

import pytest

from tests.interop.actor_tests import NUMBER_OF_TESTS, run
from tests.interop.environments import NodeEnvironment
from tests.interop.instance import Instance

pytestmark = [pytest.mark.interop, pytest.mark.timeout(900), pytest.mark.xdist_group("interop-activitypub-testing")]

# Why a test has nothing to say about an actor, or says the wrong thing.
EXPECTED_OF_ANYONE = {
    "likes-collection-must-be-a-collection": {"inapplicable"},  # an actor has no likes; run over a picture below
    "shares-collection-must-be-a-collection": {"inapplicable"},  # nor shares
    "inbox-must-be-an-orderedcollection": {"inapplicable"},  # the inbox is its owner's
    # Anonymous: the outbox answers 401, and the rest of each of these needs what only a submission gives.
    "outbox-post-servers-must-return-a-201-created-http-code": {"inapplicable"},
    "outbox-post-must-accept-non-activity-object": {"inapplicable"},
    "outbox-wraps-object-with-create-checked-using-get-location": {"inapplicable"},
    "post-outbox-server-overwrites-id-property": {"inapplicable"},
    "outbox-post-server-adds-to-outbox-collection-checked-by-outbox-get": {"inapplicable"},
    "create-then-update-modifies-object-checked-by-get": {"inapplicable"},
}
EXPECTED_OF_ALICE = {
    "likes-collection-must-be-a-collection": {"inapplicable"},
    "shares-collection-must-be-a-collection": {"inapplicable"},
    "inbox-must-be-an-orderedcollection": {"passed", "inapplicable"},  # the test fetches the inbox without the token
    # It looks for the new activity in the root's own `orderedItems`; ours are in pages, as everybody's are.
    "outbox-post-server-adds-to-outbox-collection-checked-by-outbox-get": {"passed", "failed"},
}


def test_anonymous_run_finds_no_fault(node: NodeEnvironment, instance: Instance) -> None:
    outcomes = run(node, instance.actor("alice"))

    assert len(outcomes) == NUMBER_OF_TESTS
    assert unexpected(outcomes, EXPECTED_OF_ANYONE) == []


def test_run_with_alices_token_finds_no_fault(node: NodeEnvironment, instance: Instance) -> None:
    token = instance.create_token("alice")

    outcomes = run(node, instance.actor("alice"), f"Bearer {token}")

    assert len(outcomes) == NUMBER_OF_TESTS
    assert unexpected(outcomes, EXPECTED_OF_ALICE) == []


def test_pictures_likes_and_shares_are_collections(node: NodeEnvironment, instance: Instance) -> None:
    picture = instance.generate("a bowl of oranges", name="alice")

    outcomes = {outcome["test"]: outcome for outcome in run(node, picture)}

    for test in ("likes-collection-must-be-a-collection", "shares-collection-must-be-a-collection"):
        assert outcomes[test]["outcome"] == "passed", outcomes[test]


def unexpected(outcomes: list[dict[str, Any]], expected: dict[str, set[str]]) -> list[dict[str, Any]]:
    return [outcome for outcome in outcomes if outcome["outcome"] not in expected.get(outcome["test"], {"passed"})]
