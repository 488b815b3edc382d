"""How who asks stands to others: follow, block, mute, note, endorse, and their reverse."""

import re

import msgspec

from server.actions.ties.follow import Wanted, block, follow, reject_request, unblock, unfollow
from server.actions.ties.mute import mute, unmute
from server.mastodon.call import Call
from server.mastodon.entities.basics import Relationship
from server.mastodon.ids import read_ids
from server.mastodon.people_pages import find_living, find_target
from server.mastodon.route import Route
from server.mastodon.showing.relationships import show_relationship, show_relationships
from server.problems import Invalid
from server.store.people import endorsements, private_notes
from server.store.ties import follows

# A page of people has 80; Mastodon has no limit, but a query has one.
MANY = 200
# Mastodon's (account_note.rb).
NOTE_AT_MOST = 2000
# Nobody reads more; codes as in posts, `de` or `pt-BR`.
LANGUAGES_AT_MOST = 50
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*\Z")
# Ten years; longer is for good.
LONGEST_MUTE_SECONDS = 10 * 365 * 86_400


class Many(msgspec.Struct, kw_only=True):
    """Whom is asked about."""

    id: list[str] = msgspec.field(default_factory=list)
    with_suspended: bool = False


class FollowOptions(msgspec.Struct, kw_only=True):
    """What a follower wants; an empty list of languages means all."""

    reblogs: bool | None = None
    notify: bool | None = None
    languages: list[str] | None = None


class MuteOptions(msgspec.Struct, kw_only=True):
    """Whether notifications are hidden too, and for how many seconds (0: for good)."""

    notifications: bool = True
    duration: int = 0


class Note(msgspec.Struct, kw_only=True):
    """What is written down about somebody."""

    comment: str | None = None


async def list_relationships(call: Call, many: Many) -> list[Relationship]:
    """Return how who asks stands to several."""
    async with call.database.read() as reader:
        return await show_relationships(reader, call.site, call.me, read_ids(many.id, most=MANY))


async def begin_follow(call: Call, wanted: FollowOptions, actor_id: int) -> Relationship:
    """Follow somebody, ask to, or change what is wanted of them."""
    languages = None if wanted.languages is None else tuple(dict.fromkeys(wanted.languages))
    if any(not _LANGUAGE.match(one) for one in languages or ()) or len(languages or ()) > LANGUAGES_AT_MOST:
        raise Invalid("Validation failed: Languages are not known", field="languages")
    chosen = Wanted(reblogs=wanted.reblogs, notify=wanted.notify, languages=languages)
    async with call.database.write() as tx:
        target = await find_living(tx, actor_id)
        await follow(tx, call.site, call.me, target, chosen)
        return await show_relationship(tx, call.site, call.me, target)


async def end_follow(call: Call, actor_id: int) -> Relationship:
    """Stop following somebody, or take the request back."""
    async with call.database.write() as tx:
        target = await find_target(tx, actor_id)
        await unfollow(tx, call.site, call.me, target)
        return await show_relationship(tx, call.site, call.me, target)


async def remove_follower(call: Call, actor_id: int) -> Relationship:
    """Send a follower away."""
    async with call.database.write() as tx:
        target = await find_target(tx, actor_id)
        if await follows.find(tx, target.id, call.me.id) is not None:
            await reject_request(tx, call.site, call.me, target)
        return await show_relationship(tx, call.site, call.me, target)


async def begin_block(call: Call, actor_id: int) -> Relationship:
    """Block somebody."""
    async with call.database.write() as tx:
        target = await find_target(tx, actor_id)
        await block(tx, call.site, call.me, target)
        return await show_relationship(tx, call.site, call.me, target)


async def end_block(call: Call, actor_id: int) -> Relationship:
    """Take a block back."""
    async with call.database.write() as tx:
        target = await find_target(tx, actor_id)
        await unblock(tx, call.me, target)
        return await show_relationship(tx, call.site, call.me, target)


async def begin_mute(call: Call, options: MuteOptions, actor_id: int) -> Relationship:
    """Mute somebody for a while or for good."""
    seconds = options.duration if 0 < options.duration <= LONGEST_MUTE_SECONDS else 0
    async with call.database.write() as tx:
        target = await find_target(tx, actor_id)
        await mute(tx, call.site, call.me, target, hides_notifications=options.notifications, seconds=seconds)
        return await show_relationship(tx, call.site, call.me, target)


async def end_mute(call: Call, actor_id: int) -> Relationship:
    """Hear somebody again."""
    async with call.database.write() as tx:
        target = await find_target(tx, actor_id)
        await unmute(tx, call.me, target)
        return await show_relationship(tx, call.site, call.me, target)


async def write_note(call: Call, note: Note, actor_id: int) -> Relationship:
    """Write down something about somebody, which nobody else sees."""
    text = (note.comment or "").strip()
    if len(text) > NOTE_AT_MOST:
        raise Invalid(f"A note may have {NOTE_AT_MOST} characters.", field="comment")
    async with call.database.write() as tx:
        target = await find_target(tx, actor_id)
        await private_notes.put(tx, call.me.id, target.id, text)
        return await show_relationship(tx, call.site, call.me, target)


async def endorse(call: Call, actor_id: int) -> Relationship:
    """Recommend somebody on one's profile."""
    async with call.database.write() as tx:
        target = await find_living(tx, actor_id)
        if not await follows.follows_accepted(tx, call.me.id, target.id):
            raise Invalid("Validation failed: You must be already following the person you want to endorse")
        await endorsements.add(tx, id=call.site.ids.new(), actor_id=call.me.id, target_id=target.id)
        return await show_relationship(tx, call.site, call.me, target)


async def end_endorsement(call: Call, actor_id: int) -> Relationship:
    """Recommend somebody no more."""
    async with call.database.write() as tx:
        target = await find_target(tx, actor_id)
        await endorsements.drop(tx, call.me.id, target.id)
        return await show_relationship(tx, call.site, call.me, target)


_ONE = "/api/v1/accounts/<id:actor_id>"
_FOLLOWS, _BLOCKS, _MUTES, _ACCOUNTS = "write:follows", "write:blocks", "write:mutes", "write:accounts"

ROUTES = (
    Route(
        "GET",
        "/api/v1/accounts/relationships",
        list_relationships,
        "read:follows",
        "person",
        Many,
        gives=list[Relationship],
    ),
    Route("POST", f"{_ONE}/follow", begin_follow, _FOLLOWS, "person", FollowOptions, gives=Relationship),
    Route("POST", f"{_ONE}/unfollow", end_follow, _FOLLOWS, "person", gives=Relationship),
    Route("POST", f"{_ONE}/remove_from_followers", remove_follower, _FOLLOWS, "person", gives=Relationship),
    Route("POST", f"{_ONE}/block", begin_block, _BLOCKS, "person", gives=Relationship),
    Route("POST", f"{_ONE}/unblock", end_block, _BLOCKS, "person", gives=Relationship),
    Route("POST", f"{_ONE}/mute", begin_mute, _MUTES, "person", MuteOptions, gives=Relationship),
    Route("POST", f"{_ONE}/unmute", end_mute, _MUTES, "person", gives=Relationship),
    Route("POST", f"{_ONE}/note", write_note, _ACCOUNTS, "person", Note, gives=Relationship),
    Route("POST", f"{_ONE}/endorse", endorse, _ACCOUNTS, "person", gives=Relationship),
    Route("POST", f"{_ONE}/unendorse", end_endorsement, _ACCOUNTS, "person", gives=Relationship),
    # The names of these two before Mastodon 4.4.
    Route("POST", f"{_ONE}/pin", endorse, _ACCOUNTS, "person", gives=Relationship),
    Route("POST", f"{_ONE}/unpin", end_endorsement, _ACCOUNTS, "person", gives=Relationship),
)
