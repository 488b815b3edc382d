"""oauth4webapi, a strict client library, against a real process of ours: it finds, asks, renews and is refused."""

import json
import subprocess
from typing import Any

import pytest

from tests.interop.environments import NodeEnvironment
from tests.interop.instance import Instance

pytestmark = [pytest.mark.interop, pytest.mark.timeout(300), pytest.mark.xdist_group("interop-oauth")]

RUN_SECONDS = 120
KINDS = ("public", "basic", "post", "document")


@pytest.fixture(scope="module", params=KINDS)
def seen(request: pytest.FixtureRequest, node: NodeEnvironment, instance: Instance) -> dict[str, Any]:
    """What one client of each kind saw."""
    with instance.browse("alice") as browser:
        (cookie,) = [f"{name}={value}" for name, value in browser.cookies.items() if name == "pinxit"]
    done = subprocess.run(
        [str(node.node), str(node.folder / "oauth.mjs"), instance.origin, cookie, request.param],
        cwd=node.folder,
        env=node.environment(),
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def test_s101_discovery_finds_the_exact_issuer(seen: dict[str, Any], instance: Instance) -> None:
    assert seen["issuer"] == instance.origin


def test_s96_the_code_grant_works_end_to_end(seen: dict[str, Any], instance: Instance) -> None:
    token = seen["token"]

    # The library writes it in lower case.
    assert token["token_type"] == "bearer"
    assert token["scope"] == "read write:media"
    assert token["expires_in"] > 0
    assert token["me"] == token["activitypub_actor_id"] == instance.actor("alice")


def test_s111_whose_token_it_is_can_be_asked(seen: dict[str, Any], instance: Instance) -> None:
    assert seen["user"]["sub"] == seen["introspected"]["sub"] == instance.actor("alice")
    assert seen["introspected"]["active"] is True


def test_s97_refresh_tokens_rotate_and_an_old_one_ends_the_family(seen: dict[str, Any]) -> None:
    assert seen["refreshed"]["refresh_token"] != seen["token"]["refresh_token"]
    assert seen["oldRefresh"] == {"status": 400, "error": "invalid_grant"}
    assert seen["afterOldRefresh"] is False


def test_s98_a_replayed_code_is_refused_and_ends_its_tokens(seen: dict[str, Any]) -> None:
    assert seen["replay"] == {"status": 400, "error": "invalid_grant"}
    assert seen["afterReplay"] is False


def test_s99_another_verifier_is_refused(seen: dict[str, Any]) -> None:
    assert seen["wrongVerifier"] == {"status": 400, "error": "invalid_grant"}


def test_a_revoked_token_is_dead(seen: dict[str, Any]) -> None:
    assert seen["afterRevocation"] is False


def test_s103_a_metadata_document_is_fetched_once(seen: dict[str, Any]) -> None:
    by_document = seen["client"].endswith("/client.json")

    assert seen.get("documentAsked", 0) == (1 if by_document else 0)
