"""Everything that we send, sent to every kind of server: none drops it, none refuses it."""

from collections.abc import Awaitable, Callable

import pytest

from activitypub.audience import Visibility
from activitypub.emoji import Emoji
from server.actions.people.close_account import close_account
from server.actions.people.profile import ProfileChange, change_profile
from server.actions.telling.report import Complaint, report
from server.actions.ties.follow import reject_request, unfollow
from server.actions.ties.follow_tag import feature_tag
from server.actions.writing.ask import Asked
from server.actions.writing.compose import Person as Named
from server.actions.writing.edit import Change, edit_post
from server.actions.writing.pin import pin, unpin
from server.actions.writing.react import announce, like, take_back
from server.actions.writing.react_emoji import give_emoji, take_emoji_back
from server.actions.writing.remove import remove_post
from server.store.reading.reactions import ANNOUNCE, LIKE
from tests.flows.peers.visit import Visit
from tests.instance import run_jobs_until_idle

KINDS = ["mastodon", "gotosocial", "pixelfed", "takahe", "snac", "misskey", "akkoma", "mitra", "hollo", "piefed"]
EVERYTHING = {
    "Accept", "Add", "Announce", "Create", "Delete", "EmojiReact", "Flag", "Follow", "Like", "Reject", "Remove", "Undo",
    "Update",
}  # fmt: skip


async def do(visit: Visit, act: Callable[..., Awaitable[object]], *arguments: object, **more: object) -> None:
    async with visit.house.database.write() as tx:
        await act(tx, visit.house.site, *arguments, **more)
    await run_jobs_until_idle(visit.house)


async def live_together(visit: Visit) -> None:
    """They follow anna, who publishes, answers, reacts, follows, takes it all back, and sends them away."""
    follow = visit.them.activity("Follow", visit.anna.uri, id=f"{visit.them.uri.rstrip('/')}#follows/1")
    assert await visit.knock(follow) == 202
    await run_jobs_until_idle(visit.house)
    them = await visit.known()
    named = (Named(f"{them.username}@{them.host}", them.uri, them.url or them.uri),)
    note = visit.them.note(id=f"{visit.host.origin}/their-note", cc=[visit.anna.uri])
    assert await visit.knock(visit.them.create(note)) == 202
    await run_jobs_until_idle(visit.house)
    theirs = await visit.post(note["id"])
    assert theirs is not None

    picture = await visit.paint()
    await visit.publish(f"@{them.username}@{them.host} see #foxes", people=named, summary="foxes", language="en")
    await visit.publish("for few", Visibility.FOLLOWERS)
    await visit.publish(f"@{them.username}@{them.host} yes", people=named, in_reply_to=theirs)
    await visit.publish("which?", asked=Asked(options=("this", "that"), seconds=3600))
    await do(visit, edit_post, visit.anna, picture, Change(text="Look again!"))
    await do(visit, pin, visit.anna, picture)
    await do(visit, unpin, visit.anna, picture)
    for act, kind in ((like, LIKE), (announce, ANNOUNCE)):
        await do(visit, act, visit.anna, theirs)
        await do(visit, take_back, kind, visit.anna, theirs)
    await do(visit, give_emoji, visit.anna, theirs, Emoji("🎨"))
    await do(visit, take_emoji_back, visit.anna, theirs, "🎨")
    await do(visit, feature_tag, visit.anna, "foxes")
    await visit.ask_to_follow()
    await _unfollow(visit)
    await do(visit, change_profile, visit.anna, ProfileChange(summary="I paint."))
    await do(visit, report, visit.anna, them, Complaint(comment="see", post_ids=[theirs.id], forward=True))
    await do(visit, remove_post, visit.anna, picture)
    await do(visit, reject_request, visit.anna, them)


async def _unfollow(visit: Visit) -> None:
    await do(visit, unfollow, visit.anna, await visit.known())


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_server_takes_all_that_we_send(meet, kind):
    visit = await meet(kind)

    await live_together(visit)

    assert visit.host.complaints == []
    assert {one.document["type"] for one in visit.host.inbox} == EVERYTHING
    assert await visit.house.jobs("failed") == []


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_server_takes_the_last_word_of_who_leaves(meet, kind):
    visit = await meet(kind)
    await visit.knock(visit.them.activity("Follow", visit.anna.uri, id=f"{visit.them.uri.rstrip('/')}#follows/1"))
    await run_jobs_until_idle(visit.house)

    await do(visit, close_account, visit.anna)

    assert [one.document["object"] for one in visit.host.inbox if one.document["type"] == "Delete"] == [visit.anna.uri]
    assert visit.host.complaints == []
