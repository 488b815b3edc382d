"""Judges whether one of our people wants to hear what somebody did: blocks, mutes, muted threads, their own policy.

It must not write anything. What the policy may not touch, because nobody else will say it, is in `ALWAYS`.
"""

from enum import Enum

from activitypub.audience import Visibility
from server.ids import MICROSECONDS
from server.site import Site
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.telling import notice_policy
from server.store.telling.notice_policy import Policy
from server.store.ties import domain_blocks, follows, muted_threads, mutes
from server.store.writing import conversations
from server.store.writing.posts import Post

# Mastodon's lists and times (app/services/notify_service.rb).
ALWAYS = frozenset({"admin.sign_up", "admin.report", "poll", "update", "severed_relationships"})
MENTIONS = frozenset({"mention", "reply"})
NEW_ACCOUNT_SECONDS = 30 * 86_400
# Who began to follow yesterday to get through is still a stranger.
NEW_FOLLOWER_SECONDS = 3 * 86_400


class Verdict(Enum):
    """What becomes of it: told, put aside until asked for, or forgotten."""

    TELL = "accept"
    ASIDE = "filter"
    DROP = "drop"


async def judge(reader: Reader, site: Site, told: Actor, kind: str, by: Actor, post: Post | None) -> Verdict:
    """Decide whether `told` hears that `by` did something, to do with `post` where there is one."""
    if told.id != by.id and await _is_silenced(reader, site, told, by):
        return Verdict.DROP
    if post is not None and await muted_threads.is_muted(reader, told.id, post.id):
        return Verdict.DROP
    if kind in ALWAYS or await notice_policy.is_permitted(reader, told.id, by.id):
        return Verdict.TELL
    policy = await notice_policy.find_policy(reader, told.id)
    found = {Verdict(one) for one in await _strictures(reader, site, policy, told, kind, by, post)}
    return next((one for one in (Verdict.DROP, Verdict.ASIDE) if one in found), Verdict.TELL)


async def _is_silenced(reader: Reader, site: Site, told: Actor, by: Actor) -> bool:
    if await follows.is_blocked(reader, by=told.id, actor_id=by.id):
        return True
    mute = await mutes.find(reader, told.id, by.id, now=site.clock.now())
    if mute is not None and mute.hides_notifications:
        return True
    if not await domain_blocks.covers_actor(reader, by=told.id, actor_id=by.id):
        return False
    return not await follows.follows_accepted(reader, told.id, by.id)


async def _strictures(
    reader: Reader, site: Site, policy: Policy, told: Actor, kind: str, by: Actor, post: Post | None
) -> list[str]:
    """What the policy says for each group of senders that `by` is in; looked up only where it says something."""
    now = site.clock.now()
    found = []
    if policy.for_not_following != "accept" and not await follows.follows_accepted(reader, told.id, by.id):
        found.append(policy.for_not_following)
    if policy.for_not_followers != "accept" and not await _has_followed_long(reader, by, told, now):
        found.append(policy.for_not_followers)
    if policy.for_new_accounts != "accept" and by.created_at > now - NEW_ACCOUNT_SECONDS * MICROSECONDS:
        found.append(policy.for_new_accounts)
    if policy.for_limited_accounts != "accept" and await _is_limited(reader, told, by):
        found.append(policy.for_limited_accounts)
    if policy.for_private_mentions != "accept" and kind in MENTIONS and await _comes_unasked(reader, told, by, post):
        found.append(policy.for_private_mentions)
    return found


async def _is_limited(reader: Reader, told: Actor, by: Actor) -> bool:
    """Whom the operator silenced is heard by those who follow them."""
    return by.silenced_at is not None and not await follows.follows_accepted(reader, told.id, by.id)


async def _has_followed_long(reader: Reader, by: Actor, told: Actor, now: int) -> bool:
    follow = await follows.find(reader, by.id, told.id)
    if follow is None or follow.state != "accepted":
        return False
    return follow.created_at <= now - NEW_FOLLOWER_SECONDS * MICROSECONDS


async def _comes_unasked(reader: Reader, told: Actor, by: Actor, post: Post | None) -> bool:
    """A direct post out of the blue: from somebody not followed, in a thread where `told` never named them."""
    if post is None or post.visibility != Visibility.DIRECT.value:
        return False
    if await follows.follows_accepted(reader, told.id, by.id):
        return False
    if post.in_reply_to_id is None:
        return True
    return not await conversations.spoke_to(reader, post.in_reply_to_id, speaker_id=told.id, named_uri=by.uri)
