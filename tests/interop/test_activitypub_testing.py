"""The socialweb.coop tests of ActivityPub's MUSTs, run over alice: each must pass, or there is a written reason."""

from typing import Any

import pytest

from tests.interop.actor_tests import NUMBER_OF_TESTS, run
from tests.interop.environments import NodeEnvironment
from tests.interop.instance import Instance

pytestmark = [pytest.mark.interop, pytest.mark.timeout(900), pytest.mark.xdist_group("interop-activitypub-testing")]

# Tests that have nothing to say about an actor of ours, and why; a second reason would be a fault.
INAPPLICABLE = {
    "likes-collection-must-be-a-collection": "object has no `likes` property",  # posts have; run over a picture below
    "shares-collection-must-be-a-collection": "does not have a shares property",
    "inbox-must-be-an-orderedcollection": "got unexpected 405 response",  # what came in is shown to nobody by HTTP
}
# The outbox takes no POST: these go when it does, and then each must pass for alice and stay so for anybody else.
INAPPLICABLE_WITHOUT_SUBMISSION = {
    "outbox-post-servers-must-return-a-201-created-http-code": "status 405",
    "outbox-post-must-accept-non-activity-object": "status is 405",
    "outbox-wraps-object-with-create-checked-using-get-location": "an http header named 'location', but there is none",
    "post-outbox-server-overwrites-id-property": "the response to a POST outbox request has a location header",
    "outbox-post-server-adds-to-outbox-collection-checked-by-outbox-get": "has a location header",
    "create-then-update-modifies-object-checked-by-get": "status 405",
}
EXPECTED = INAPPLICABLE | INAPPLICABLE_WITHOUT_SUBMISSION


def test_anonymous_run_finds_no_fault(node: NodeEnvironment, instance: Instance) -> None:
    outcomes = run(node, instance.actor("alice"))

    assert len(outcomes) == NUMBER_OF_TESTS
    assert unexpected(outcomes) == []


def test_run_with_alices_token_finds_no_fault(node: NodeEnvironment, instance: Instance) -> None:
    token = instance.create_token("alice")

    outcomes = run(node, instance.actor("alice"), f"Bearer {token}")

    assert len(outcomes) == NUMBER_OF_TESTS
    assert unexpected(outcomes) == []


def test_pictures_likes_and_shares_are_collections(node: NodeEnvironment, instance: Instance) -> None:
    picture = instance.generate("a bowl of oranges", name="alice")

    outcomes = {outcome["test"]: outcome for outcome in run(node, picture)}

    for test in ("likes-collection-must-be-a-collection", "shares-collection-must-be-a-collection"):
        assert outcomes[test]["outcome"] == "passed", outcomes[test]


def unexpected(outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that neither passed nor were inapplicable for the written reason."""
    return [outcome for outcome in outcomes if not is_expected(outcome)]


def is_expected(outcome: dict[str, Any]) -> bool:
    reason = EXPECTED.get(outcome["test"])
    if reason is None:
        return bool(outcome["outcome"] == "passed")
    return outcome["outcome"] == "inapplicable" and reason in (outcome["info"] or "")
