"""Takes our people along when somebody whom they follow moves. It must not decide whether the move may be believed.

What they kept of the old account goes with it: follow, lists, mute, block, note (Mastodon: app/workers/move_worker.rb).
"""

from dataclasses import replace

from server.actions.ties.follow import Wanted, accept_request, block, follow, unfollow
from server.actions.ties.mute import mute
from server.actions.writing.spread import spread_to_list
from server.ids import MICROSECONDS
from server.problems import Problem
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.people import actors, private_notes
from server.store.people.actors import Actor
from server.store.ties import follows, lists, mutes
from server.store.ties.concerned import list_concerned
from server.store.ties.follows import Follow

JOB = "carry_over"
# Of our people, in one transaction: each of them sends a Follow and an Undo.
STEP = 25
# Each move makes all who follow send two activities. Mastodon waits as long (app/lib/activitypub/activity/move.rb).
AGAIN_SECONDS = 7 * 86_400
# Mastodon's limit of a note (account_note.rb).
NOTE_AT_MOST = 2000


def may_move_again(site: Site, old: Actor, *, after_seconds: int = AGAIN_SECONDS) -> bool:
    """Whether the last move of somebody lies long enough ago."""
    return old.moved_at is None or old.moved_at <= site.clock.now() - after_seconds * MICROSECONDS


async def is_anybody_concerned(reader: Reader, old: Actor) -> bool:
    """Whether a move of `old` would change anything here."""
    return bool(await list_concerned(reader, old.id, limit=1))


async def move_over(tx: Transaction, site: Site, old: Actor, new: Actor) -> Actor:
    """Remember that `old` lives as `new` now, and have a job take our people there; return the changed `old`."""
    moved = replace(old, moved_to=new.uri, moved_at=site.clock.now())
    await actors.replace(tx, moved)
    await _enqueue(tx, site, old, new, after=0)
    return moved


async def carry_step(tx: Transaction, site: Site, old_id: int, new_id: int, after: int) -> None:
    """Take some of our people along, those with ids above `after`; enqueue the next step."""
    old, new = await actors.find(tx, old_id), await actors.find(tx, new_id)
    if old is None or new is None or new.gone_at is not None or new.suspended_at is not None:
        return
    # One of ours who thought better of it is moved no further. A peer's copy may have lost the word meanwhile.
    if old.local and old.moved_to != new.uri:
        return
    people = await list_concerned(tx, old.id, after=after, limit=STEP)
    for one in people:
        if one.id != new.id:
            await _carry(tx, site, one, old, new)
    if len(people) == STEP:
        await _enqueue(tx, site, old, new, after=people[-1].id)


async def _enqueue(tx: Transaction, site: Site, old: Actor, new: Actor, *, after: int) -> None:
    payload = {"old": old.id, "new": new.id, "after": after}
    await site.queue.enqueue(tx, JOB, payload, unique=f"{JOB}:{old.id}:{new.id}:{after}")


async def _carry(tx: Transaction, site: Site, one: Actor, old: Actor, new: Actor) -> None:
    known = await follows.find(tx, one.id, old.id)
    if known is not None:
        await _follow_there(tx, site, one, old, new, known)
    follows_new = await follows.find(tx, one.id, new.id) is not None
    await _carry_note(tx, one, old, new)
    # Who follows the new place knows what they do (`skip_mute_move?`).
    if not follows_new:
        await _carry_mute(tx, site, one, old, new)
        await _carry_block(tx, site, one, old, new)


async def _follow_there(tx: Transaction, site: Site, one: Actor, old: Actor, new: Actor, known: Follow) -> None:
    wanted = Wanted(reblogs=known.reblogs, notify=known.notify, languages=known.wanted_languages)
    try:
        state = await follow(tx, site, one, new, wanted)
    except Problem:
        # They block the new place or its server: then they stay with the old one.
        return
    if state == "pending" and new.local:
        # Who brings their followers here lets them in.
        await accept_request(tx, site, new, one)
    for each in await lists.list_with_member(tx, one.id, old.id):
        if await lists.add_member(tx, id=site.ids.new(), list_id=each.id, target_id=new.id):
            await spread_to_list(tx, each, new.id)
    # It is the same person; Mastodon leaves what stands in the feeds as well (`skip_unmerge`).
    await unfollow(tx, site, one, old, keeps_feeds=True)


async def _carry_note(tx: Transaction, one: Actor, old: Actor, new: Actor) -> None:
    note = await private_notes.find(tx, one.id, old.id)
    if not note:
        return
    before = await private_notes.find(tx, one.id, new.id)
    carried = f"Moved from @{old.handle}; your note there:\n{note}"
    if carried not in before:
        await private_notes.put(tx, one.id, new.id, f"{carried}\n\n{before}".strip()[:NOTE_AT_MOST])


async def _carry_mute(tx: Transaction, site: Site, one: Actor, old: Actor, new: Actor) -> None:
    now = site.clock.now()
    known = await mutes.find(tx, one.id, old.id, now=now)
    if known is None or await mutes.find(tx, one.id, new.id, now=now) is not None:
        return
    seconds = max(1, (known.expires_at - now) // MICROSECONDS) if known.expires_at is not None else 0
    await mute(tx, site, one, new, hides_notifications=known.hides_notifications, seconds=seconds)
    await _explain(tx, one, new, f"Moved from @{old.handle}, whom you had muted.")


async def _carry_block(tx: Transaction, site: Site, one: Actor, old: Actor, new: Actor) -> None:
    if not await follows.is_blocked(tx, by=one.id, actor_id=old.id):
        return
    if not await follows.is_blocked(tx, by=one.id, actor_id=new.id):
        await block(tx, site, one, new)
        await _explain(tx, one, new, f"Moved from @{old.handle}, whom you had blocked.")


async def _explain(tx: Transaction, one: Actor, new: Actor, words: str) -> None:
    """Say why, where nothing is noted yet."""
    if not await private_notes.find(tx, one.id, new.id):
        await private_notes.put(tx, one.id, new.id, words)
