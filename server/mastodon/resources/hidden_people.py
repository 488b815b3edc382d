"""Whom somebody does not want to meet: lists of the blocked, the muted and the blocked hosts."""

import msgspec

from server.actions.ties.block_domain import block_domain, read_host, unblock_domain
from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.basics import Account
from server.mastodon.entities.people import DomainPreview, MutedAccount
from server.mastodon.ids import Paging
from server.mastodon.people_pages import people_page, read_stretch
from server.mastodon.route import Empty, Route
from server.mastodon.showing.accounts import show_accounts
from server.mastodon.words import show_time
from server.store.ties import domain_blocks, follows, mutes

# Mastodon's numbers for lists of hosts; more than these follows from one host are not counted.
HOSTS_PER_PAGE, HOSTS_AT_MOST = 100, 200
COUNTED_AT_MOST = 1000


class Domain(msgspec.Struct, kw_only=True):
    """A host."""

    domain: str = ""


async def list_blocks(call: Call, paging: Paging) -> Page:
    """Return whom who asks blocks."""
    stretch = read_stretch(paging)
    async with call.database.read() as reader:
        found = await follows.list_blocked(reader, call.me.id, stretch)
        return await people_page(call, reader, found, stretch)


async def list_mutes(call: Call, paging: Paging) -> Page:
    """Return whom who asks mutes, and until when."""
    stretch = read_stretch(paging)
    async with call.database.read() as reader:
        found = await mutes.list_muted(reader, call.me.id, stretch, now=call.site.clock.now())
        shown = await show_accounts(reader, call.site, [actor for _, actor in found])
    muted = [_muted(account, mute.expires_at) for account, (mute, _) in zip(shown, found, strict=True)]
    return page_of(muted, [mute.id for mute, _ in found], full=len(found) == stretch.limit)


async def list_domains(call: Call, paging: Paging) -> Page:
    """Return of which hosts who asks wants nothing."""
    stretch = read_stretch(paging, default=HOSTS_PER_PAGE, most=HOSTS_AT_MOST)
    async with call.database.read() as reader:
        found = await domain_blocks.list_hosts(reader, call.me.id, stretch)
    return page_of([host for _, host in found], [cursor for cursor, _ in found], full=len(found) == stretch.limit)


async def begin_domain_block(call: Call, wanted: Domain) -> Empty:
    """Want nothing of a host any more."""
    async with call.database.write() as tx:
        await block_domain(tx, call.site, call.me, wanted.domain)
    return Empty()


async def end_domain_block(call: Call, wanted: Domain) -> Empty:
    """Take that back."""
    async with call.database.write() as tx:
        await unblock_domain(tx, call.me, wanted.domain)
    return Empty()


async def preview_domain_block(call: Call, wanted: Domain) -> DomainPreview:
    """Return how many follows would end."""
    host = read_host(wanted.domain)
    async with call.database.read() as reader:
        followed = await domain_blocks.list_followed_at(reader, call.me.id, host, limit=COUNTED_AT_MOST)
        followers = await domain_blocks.list_followers_at(reader, call.me.id, host, limit=COUNTED_AT_MOST)
    return DomainPreview(following_count=len(followed), followers_count=len(followers))


def _muted(account: Account, expires_at: int | None) -> MutedAccount:
    shown = {name: getattr(account, name) for name in Account.__struct_fields__}
    return MutedAccount(**shown, mute_expires_at=show_time(expires_at))


_DOMAINS = "/api/v1/domain_blocks"

ROUTES = (
    Route("GET", "/api/v1/blocks", list_blocks, "read:blocks", "person", Paging, gives=list[Account]),
    Route("GET", "/api/v1/mutes", list_mutes, "read:mutes", "person", Paging, gives=list[MutedAccount]),
    Route("GET", _DOMAINS, list_domains, "read:blocks", "person", Paging, gives=list[str]),
    Route("POST", _DOMAINS, begin_domain_block, "write:blocks", "person", Domain),
    Route("DELETE", _DOMAINS, end_domain_block, "write:blocks", "person", Domain),
    Route("GET", f"{_DOMAINS}/preview", preview_domain_block, "read:blocks", "person", Domain, gives=DomainPreview),
)
