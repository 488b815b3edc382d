"""Clients are woken: a real push service on loopback gets what only the device can read."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from server.actions.telling.notify import notify
from server.actions.telling.subscribe import Door, subscribe
from server.config import FederationConfig
from server.delivery import push as sending
from server.jobs.queue import Job, Retry
from server.jobs.sqlite import list_jobs
from server.passwords import hash_token
from server.remote.keepsake import lock_away
from server.remote.vapid import public_key
from server.services import Services
from server.store.clients import tokens
from server.store.clients.tokens import AccessToken
from server.store.database import Transaction
from server.store.people import accounts, actors, hiding
from server.store.people.accounts import Account
from server.store.people.actors import Actor
from server.store.telling import notifications, push
from server.store.telling.notifications import Notification
from server.store.writing import posts
from tests.fakes import FakeClock
from tests.push_client import Device, read_vapid
from tests.server.house import alice_of, open_house, remote_actor
from tests.server.neighbour import Answer, Neighbour, open_neighbour

TOKEN = "the token that the device asks with"


@dataclass
class Post:
    """Alice's device, its push service, and bob, who does things to alice."""

    services: Services
    service: Neighbour
    device: Device
    alice: Actor
    bob: Actor

    @property
    def endpoint(self) -> str:
        return f"{self.service.origin}/send/1"

    async def subscribe(
        self, *, standard: bool = True, alerts: tuple[str, ...] = ("follow",), policy: str = "all"
    ) -> None:
        secret = self.services.secret
        door = Door(
            token_hash=hash_token(TOKEN),
            sealed_token=lock_away(secret, TOKEN),
            endpoint=self.endpoint,
            p256dh=self.device.p256dh_text,
            auth=self.device.auth_text,
            standard=standard,
        )
        async with self.services.database.write() as tx:
            await subscribe(tx, self.services.site, self.alice, door, alerts=alerts, policy=policy)

    async def happen(self, kind: str = "follow", **more: Any) -> None:
        async with self.services.database.write() as tx:
            await notify(tx, self.services.site, self.alice, kind, by=self.bob, **more)

    async def jobs(self) -> list[Job]:
        async with self.services.database.read() as reader:
            found = await list_jobs(reader, "waiting")
        return [Job(one.id, one.kind, json.loads(one.payload), 1) for one in found if one.kind == "push"]

    async def work(self, attempt: int = 1) -> None:
        for job in await self.jobs():
            await sending.handle(replace(job, attempt=attempt), self.services)

    async def is_subscribed(self) -> bool:
        async with self.services.database.read() as reader:
            return await push.find_of_token(reader, hash_token(TOKEN)) is not None

    def read(self) -> dict[str, Any]:
        """What the device reads of the last message."""
        arrived = self.service.asked[-1]
        return json.loads(self.device.read(arrived.headers, arrived.body))


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    async with open_neighbour() as service, open_house(tmp_path) as services:
        alice = await alice_of(services)
        bob = replace(remote_actor("https://b.example/users/bob", 7, "bob"), name="Bob B.", summary_html="<p>Hello</p>")
        async with services.database.write() as tx:
            await actors.add(tx, bob)
            await _log_in(tx, alice)
        service.answer("/send/1", Answer(status=201))
        yield Post(services, service, Device(), alice, bob)


async def _log_in(tx: Transaction, actor: Actor) -> None:
    await accounts.add(tx, Account(actor.id, "alice", "", "user", 0, None))
    await tokens.add(tx, AccessToken(hash_token(TOKEN), actor.id, "push", "phone", 0))


@pytest.mark.parametrize("standard", [True, False])
async def test_a_device_reads_what_happened_and_knows_which_account_is_meant(post: Post, standard: bool) -> None:
    await post.subscribe(standard=standard)
    await post.happen()

    await post.work()

    (arrived,) = post.service.asked
    assert arrived.method == "POST" and arrived.target == "/send/1"
    assert arrived.headers["content-encoding"] == ("aes128gcm" if standard else "aesgcm")
    message = post.read()
    assert message["access_token"] == TOKEN
    assert message["notification_type"] == "follow" and isinstance(message["notification_id"], int)
    assert message["title"] == "Bob B. is now following you" and message["body"] == "Hello"
    assert message["icon"].startswith("http") and message["preferred_locale"] == "en"
    claims, known_as = read_vapid(arrived.headers)
    assert claims["aud"] == post.service.origin and known_as == public_key(post.services.secret)


async def test_a_long_post_still_fits_one_message(post: Post) -> None:
    await post.subscribe(alerts=("favourite",))
    written = await _write(post, "<p>" + "ü" * 5000 + "</p>")
    await post.happen("like", post_id=written)

    await post.work()

    assert len(post.service.asked[-1].body) <= 4096
    assert post.read()["body"] == "ü" * 139 + "…"


@pytest.mark.parametrize(
    ("alerts", "policy"), [(("mention",), "all"), (("follow",), "none"), (("follow",), "followed")]
)
async def test_who_did_not_ask_to_be_woken_sleeps(post: Post, alerts: tuple[str, ...], policy: str) -> None:
    await post.subscribe(alerts=alerts, policy=policy)
    await post.happen()
    assert await post.jobs() == []


@pytest.mark.parametrize("status", [404, 410, 400, 403, 301])
async def test_a_service_that_will_not_take_it_ends_the_subscription(post: Post, status: int) -> None:
    post.service.answer("/send/1", Answer(status=status, headers={"Location": "/elsewhere"}))
    await post.subscribe()
    await post.happen()

    await post.work()

    assert not await post.is_subscribed()
    assert len(post.service.asked) == 1


@pytest.mark.parametrize("status", [429, 408, 500, 503])
async def test_a_service_that_is_busy_is_asked_again_and_not_for_ever(post: Post, status: int) -> None:
    post.service.answer("/send/1", Answer(status=status, headers={"Retry-After": "77"}))
    await post.subscribe()
    await post.happen()

    for attempt in range(1, len(sending.AFTER_SECONDS) + 1):
        with pytest.raises(Retry) as caught:
            await post.work(attempt)
        assert caught.value.after_seconds == 77
    await post.work(len(sending.AFTER_SECONDS) + 1)

    assert await post.is_subscribed()


@pytest.mark.parametrize("asked", ["3601", "9" * 500])
async def test_a_service_does_not_put_us_off_for_longer_than_an_hour(post: Post, asked: str) -> None:
    post.service.answer("/send/1", Answer(status=429, headers={"Retry-After": asked}))
    await post.subscribe()
    await post.happen()

    with pytest.raises(Retry) as caught:
        await post.work()

    assert caught.value.after_seconds == sending.LONGEST_WAIT_SECONDS


async def test_who_was_suspended_is_woken_no_more(post: Post) -> None:
    await post.subscribe()
    await post.happen()
    async with post.services.database.write() as tx:
        await hiding.mark(tx, hiding.SUSPENDED, post.alice.id, at=1)

    await post.work()

    assert post.service.asked == [] and not await post.is_subscribed()


async def test_a_message_that_is_too_large_for_a_service_is_let_go(post: Post) -> None:
    post.service.answer("/send/1", Answer(status=413))
    await post.subscribe()
    await post.happen()
    await post.work()
    assert await post.is_subscribed()


async def test_where_nobody_answers_it_is_tried_later(post: Post) -> None:
    await post.subscribe()
    async with post.services.database.write() as tx:
        found = await push.find_of_token(tx, hash_token(TOKEN))
        assert found is not None
        await push.put(tx, replace(found, endpoint="http://127.0.0.1:1/x"))
    await post.happen()
    with pytest.raises(Retry):
        await post.work()


async def test_a_token_that_was_revoked_gets_nothing_more(post: Post) -> None:
    await post.subscribe()
    await post.happen()
    async with post.services.database.write() as tx:
        await tokens.revoke(tx, hash_token(TOKEN), at=post.services.site.clock.now())

    await post.work()

    assert post.service.asked == [] and not await post.is_subscribed()


async def test_what_was_taken_back_wakes_nobody(post: Post) -> None:
    await post.subscribe()
    await post.happen()
    async with post.services.database.write() as tx:
        await notifications.drop_all(tx, post.alice.id)

    await post.work()

    assert post.service.asked == []


async def test_a_number_given_out_again_does_not_carry_news_of_somebody_else(post: Post) -> None:
    await post.subscribe()
    other = Notification(99, post.bob.id, "follow", post.alice.id, 0, 0, None)
    async with post.services.database.write() as tx:
        await notifications.add(tx, other)
        found = await push.find_of_token(tx, hash_token(TOKEN))
    assert found is not None

    await sending.handle(Job(1, "push", {"subscription": found.id, "notification": 99}, 1), post.services)

    assert post.service.asked == []


async def test_a_device_that_leads_to_a_private_address_is_not_woken(tmp_path: Path) -> None:
    closed = FederationConfig(allow_http=False, allow_private_addresses=False)
    async with open_neighbour() as service, open_house(tmp_path, federation=closed) as services:
        alice = await alice_of(services)
        bob = remote_actor("https://b.example/users/bob", 7, "bob")
        async with services.database.write() as tx:
            await actors.add(tx, bob)
            await _log_in(tx, alice)
        there = Post(services, service, Device(), alice, bob)
        await there.subscribe()
        await there.happen()

        await there.work()

        assert service.asked == [] and not await there.is_subscribed()


async def _write(post: Post, content_html: str) -> int:
    """A post of alice's."""
    post_id = post.services.site.ids.new()
    written = posts.Post(
        id=post_id,
        uri=f"{post.alice.uri}/posts/{post_id}",
        actor_id=post.alice.id,
        local=True,
        type="Note",
        url=None,
        in_reply_to_uri=None,
        in_reply_to_id=None,
        content_html=content_html,
        source=None,
        summary=None,
        sensitive=False,
        language=None,
        visibility="public",
        to_uris="[]",
        cc_uris="[]",
        generated=False,
        generation_id=None,
        published_at=FakeClock().now(),
        updated_at=None,
        deleted_at=None,
        replies_count=0,
        likes_count=0,
        shares_count=0,
    )
    async with post.services.database.write() as tx:
        await posts.add(tx, written)
    return post_id
