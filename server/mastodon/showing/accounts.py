"""Shows people as clients know them, all of a list at once. It must not decide who may see them."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from server.actions.network.shown_files import FULL, STILL, avatar_url, header_url
from server.html import plain_text
from server.mastodon.entities.basics import Account, CredentialAccount, Field, Role, Source
from server.mastodon.showing.emoji import Shelf, host_of, stock
from server.mastodon.words import show_acct, show_day, show_midnight, show_time, show_visibility
from server.site import Site
from server.store.database import Reader
from server.store.people import preferences
from server.store.people.accounts import Account as Login
from server.store.people.actors import Actor, ProfileField
from server.store.reading import showing
from server.store.reading.showing import Counts
from server.store.ties import follows

# Everybody's role has this id in Mastodon; it is shown to its owner alone.
EVERYBODY = Role(id="-99", name="")
# One bit: may do everything.
ADMIN = Role(id="1", name="Admin", permissions="1", highlighted=True)
DEFAULT_AVATAR = "/assets/default/avatar.png"
DEFAULT_HEADER = "/assets/default/header.png"

Address = Callable[[Site, Actor, str], str | None]


async def show_accounts(reader: Reader, site: Site, people: Sequence[Actor]) -> list[Account]:
    """Return people in their order."""
    if not people:
        return []
    counts = await showing.count_of_actors(reader, [one.id for one in people])
    moved_uris = [one.moved_to for one in people if one.moved_to]
    moved = await showing.find_actors(reader, moved_uris) if moved_uris else {}
    moved_counts = await showing.count_of_actors(reader, [one.id for one in moved.values()]) if moved else {}
    shelf = await stock(reader, site, [(host_of(one), _texts(one)) for one in (*people, *moved.values())])
    targets = {uri: _show(site, one, moved_counts[one.id], None, shelf) for uri, one in moved.items()}
    return [_show(site, one, counts[one.id], targets.get(one.moved_to or ""), shelf) for one in people]


async def show_by_id(reader: Reader, site: Site, people: Sequence[Actor]) -> dict[int, Account]:
    """Return people by their id, each once."""
    once = list({one.id: one for one in people}.values())
    shown = await show_accounts(reader, site, once)
    return {one.id: account for one, account in zip(once, shown, strict=True)}


async def show_credential_account(reader: Reader, site: Site, me: Actor, login: Login) -> CredentialAccount:
    """Return the account of who asks, with what only they may know."""
    account = (await show_accounts(reader, site, [me]))[0]
    chosen = await preferences.find(reader, me.id)
    source = Source(
        note=chosen.note if chosen.note is not None else plain_text(me.summary_html or ""),
        fields=_fields(chosen.fields),
        privacy=show_visibility(chosen.visibility or site.config.posting.visibility),
        sensitive=chosen.sensitive,
        language=chosen.language,
        follow_requests_count=await follows.count_followers(reader, me.id, state="pending"),
        hide_collections=me.hides_collections,
        discoverable=me.discoverable,
        indexable=me.indexable,
        attribution_domains=msgspec.json.decode(chosen.attribution_domains, type=list[str]),
        quote_policy=chosen.quote_policy,
    )
    shown: Mapping[str, object] = {name: getattr(account, name) for name in Account.__struct_fields__}
    return CredentialAccount(**shown, source=source, role=ADMIN if login.role == "admin" else EVERYBODY)  # type: ignore[arg-type]


def _texts(one: Actor) -> list[str | None]:
    return [one.name, one.summary_html, *(text for line in one.profile_fields for text in (line.name, line.value_html))]


def _show(site: Site, one: Actor, counts: Counts, moved: Account | None, shelf: Shelf) -> Account:
    """Of somebody suspended nothing is shown but that they are."""
    suspended = one.suspended_at is not None
    avatar, still_avatar = _portraits(site, None if suspended else one, avatar_url, DEFAULT_AVATAR)
    header, still_header = _portraits(site, None if suspended else one, header_url, DEFAULT_HEADER)
    return Account(
        id=str(one.id),
        username=one.username,
        acct=show_acct(one),
        display_name="" if suspended else one.name or "",
        locked=one.locked and not suspended,
        bot=one.is_bot,
        discoverable=one.discoverable and not suspended,
        indexable=one.indexable and not suspended,
        group=one.type == "Group",
        created_at=show_midnight(one.created_at),
        note="" if suspended else one.summary_html or "",
        url=one.url or one.uri,
        uri=one.uri,
        avatar=avatar,
        avatar_static=still_avatar,
        avatar_description="",
        header=header,
        header_static=still_header,
        header_description="",
        followers_count=0 if suspended else counts.followers,
        following_count=0 if suspended else counts.following,
        statuses_count=0 if suspended else counts.posts,
        last_status_at=None if suspended else show_day(counts.last_post_at),
        hide_collections=one.hides_collections,
        noindex=not one.indexable,
        suspended=suspended,
        limited=one.silenced_at is not None,
        memorial=False,
        emojis=[] if suspended else shelf.pick(host_of(one), *_texts(one)),
        roles=[],
        fields=[] if suspended else [_field(line) for line in one.profile_fields],
        moved=moved,
    )


def _portraits(site: Site, one: Actor | None, url_of: Address, default: str) -> tuple[str, str]:
    """Return the addresses of a picture of somebody's, as it is and standing still."""
    found, still = (url_of(site, one, size) if one is not None else None for size in (FULL, STILL))
    return found or f"{site.origin}{default}", still or f"{site.origin}{default}"


def _field(line: ProfileField) -> Field:
    return Field(name=line.name, value=line.value_html, verified_at=show_time(line.verified_at))


def _fields(text: str) -> list[Field]:
    """Read the lines of a profile as they are kept: pairs of name and value."""
    return [Field(name=name, value=value) for name, value in msgspec.json.decode(text, type=list[tuple[str, str]])]
