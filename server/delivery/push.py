"""Wakes one client about one notification, through its push service. It must not decide who is woken for what.

What the service says ends the subscription (404, 410: the client is gone; any other refusal: it will not take what we
send) or the try (429, 5xx, no answer), which is made again a few times.
"""

import random

import msgspec
import structlog

from server.actions.network.shown_files import avatar_url
from server.actions.telling.notify import client_word
from server.html import plain_text
from server.jobs.queue import Job, Retry
from server.remote.keepsake import take_out
from server.remote.sealing import Sender, read_addressee, seal
from server.remote.seam import Sent
from server.services import Services
from server.store.clients import tokens
from server.store.database import Reader
from server.store.people import accounts, actors
from server.store.people.actors import Actor
from server.store.telling import notifications, push
from server.store.telling.notifications import Notification
from server.store.telling.push import Subscription
from server.store.writing import posts
from server.store.writing.posts import Post

# Push services are few and quick; a slow one shall not hold the workers.
AT_ONCE = 16
# After the last of these, some forty minutes, the notice waits in the app.
AFTER_SECONDS = (10, 60, 300, 1800)
LONGEST_WAIT_SECONDS = 3600
PASSING = frozenset({408, 425, 429})
TOO_LARGE = 413
# A message has at most 3,993 bytes (RFC 8291, 4): words are cut as Mastodon cuts them, and an icon must be short.
WORDS_AT_MOST = 140
ICON_LETTERS_AT_MOST = 1000
DEFAULT_ICON = "/assets/default/avatar.png"

TITLES = {
    "mention": "You were mentioned by {name}",
    "status": "{name} just posted",
    "reblog": "{name} boosted your post",
    "favourite": "{name} favorited your post",
    "follow": "{name} is now following you",
    "follow_request": "Pending follower: {name}",
    "poll": "A poll by {name} has ended",
    "update": "{name} edited a post",
    "quote": "{name} quoted your post",
    "quoted_update": "{name} edited a post you have quoted",
    "admin.sign_up": "{name} signed up",
    "admin.report": "{name} submitted a report",
}

log = structlog.get_logger()


class Message(msgspec.Struct, frozen=True):
    """What a client reads, as Mastodon writes it."""

    access_token: str
    preferred_locale: str
    notification_id: int
    notification_type: str
    icon: str
    title: str
    body: str


async def handle(job: Job, services: Services) -> None:
    """Send one message; drop the subscription where that is the end of it. Raises Retry."""
    async with services.database.read() as reader:
        subscription = await push.find(reader, job.number("subscription"))
        if subscription is None:
            return
        live = await tokens.find_live(reader, subscription.token_hash, now=services.site.clock.now())
        owner = await accounts.find_by_actor(reader, subscription.actor_id)
        message = await _compose(reader, services, subscription, job.number("notification"))
    if live is None or owner is None or owner.suspended_at is not None:
        await _drop(services, subscription, "its token is good no more")
    elif message is not None:
        await _judge(services, job, subscription, await _send(services, subscription, message))


async def _compose(
    reader: Reader, services: Services, subscription: Subscription, notification_id: int
) -> Message | None:
    """Return the message; None where what it is about was taken back, or the instance has another secret now."""
    told = await notifications.find(reader, notification_id)
    by = await actors.find(reader, told.from_id) if told is not None else None
    token = take_out(services.secret, subscription.sealed_token)
    # A dropped subscription's number is given out again: it must not carry the last one's news to somebody else.
    if told is None or told.actor_id != subscription.actor_id or by is None or token is None:
        return None
    post = await posts.find(reader, told.post_id) if told.post_id else None
    return _message(services, told, by, post, token)


def _message(services: Services, told: Notification, by: Actor, post: Post | None, token: str) -> Message:
    word = client_word(told.kind)
    title = TITLES.get(word, "{name}").format(name=_cut(by.display_name))
    written = (post.summary or post.content_html) if post is not None else by.summary_html
    own = services.site.origin + DEFAULT_ICON
    shown = avatar_url(services.site, by)
    icon = shown if shown and len(shown) <= ICON_LETTERS_AT_MOST else own
    return Message(token, "en", told.id, word, icon, title, _cut(plain_text(written or "")))


async def _send(services: Services, subscription: Subscription, message: Message) -> Sent:
    to = read_addressee(subscription.endpoint, subscription.p256dh, subscription.auth, standard=subscription.standard)
    sender = Sender(services.secret, _contact(services), services.site.clock.now() // 1_000_000)
    sealed = seal(msgspec.json.encode(message), to, sender)
    return await services.peers.push(subscription.endpoint, sealed.body, sealed.headers)


def _contact(services: Services) -> str:
    """Return how a push service reaches the operator: a mail address if one is given, else the instance's address."""
    contact = services.site.config.site.contact
    is_mail = contact.count("@") == 1 and not contact.startswith("@") and "/" not in contact
    return f"mailto:{contact}" if is_mail else services.site.origin


async def _judge(services: Services, job: Job, subscription: Subscription, sent: Sent) -> None:
    if sent.hopeless:
        await _drop(services, subscription, sent.error or "refused")
        return
    if sent.status is None or sent.status in PASSING or sent.status >= 500:
        if job.attempt > len(AFTER_SECONDS):
            log.info("push given up", subscription=subscription.id, status=sent.status, error=sent.error)
            return
        raise Retry(_wait_seconds(job, sent), sent.error or f"the push service answered {sent.status}")
    if sent.status >= 300 and sent.status != TOO_LARGE:
        await _drop(services, subscription, f"the push service answered {sent.status}")


def _wait_seconds(job: Job, sent: Sent) -> float:
    asked = sent.headers.get("retry-after", "")
    if asked.isascii() and asked.isdigit():
        return min(float(asked[:6]), LONGEST_WAIT_SECONDS)
    return AFTER_SECONDS[job.attempt - 1] * random.uniform(0.8, 1.2)


async def _drop(services: Services, subscription: Subscription, reason: str) -> None:
    async with services.database.write(durable=False) as tx:
        await push.drop(tx, subscription.id)
    log.info("push subscription dropped", subscription=subscription.id, reason=reason)


def _cut(text: str) -> str:
    return text if len(text) <= WORDS_AT_MOST else f"{text[: WORDS_AT_MOST - 1]}…"
