"""Shows what a post said before and after each edit."""

from collections.abc import Mapping
from dataclasses import replace

from server.ids import iso
from server.mastodon.entities.basics import Account, Emoji, Quote
from server.mastodon.entities.posts import EditedOption, EditedPoll, StatusEdit
from server.mastodon.showing.accounts import show_accounts
from server.mastodon.showing.emoji import host_of, stock
from server.mastodon.showing.media import show_media
from server.mastodon.showing.statuses import show_status
from server.site import Site
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.writing import media, polls, revisions
from server.store.writing.media import Media
from server.store.writing.posts import Post
from server.store.writing.revisions import OldPicture, Revision


async def show_edits(reader: Reader, site: Site, post: Post, author: Actor, viewer: Actor | None) -> list[StatusEdit]:
    """Return the states of a post, oldest first; of one never edited, what it says."""
    states = await revisions.list_of_post(reader, post.id) or [await _now(reader, post)]
    account = (await show_accounts(reader, site, [author]))[0]
    status = await show_status(reader, site, post, viewer)
    quote = status.quote if status is not None else None
    known = await media.find_many(reader, [picture.media_id for state in states for picture in state.shown])
    host = host_of(author)
    shelf = await stock(reader, site, [(host, _texts(state)) for state in states])
    return [_show(site, state, account, quote, known, shelf.pick(host, *_texts(state))) for state in states]


def _texts(state: Revision) -> list[str | None]:
    return [state.content_html, state.summary, *state.titles]


async def _now(reader: Reader, post: Post) -> Revision:
    pictures = (await media.list_of_posts(reader, [post.id])).get(post.id, [])
    poll = await polls.find(reader, post.id)
    return Revision(
        id=post.id,
        post_id=post.id,
        content_html=post.content_html,
        summary=post.summary,
        sensitive=post.sensitive,
        pictures=revisions.write_pictures([OldPicture(one.id, one.alt) for one in pictures]),
        options=revisions.write_titles([one.title for one in poll.options] if poll else []),
        created_at=post.updated_at or post.published_at,
    )


def _show(
    site: Site,
    state: Revision,
    account: Account,
    quote: Quote | None,
    known: Mapping[int, Media],
    emojis: list[Emoji],
) -> StatusEdit:
    titles = state.titles
    return StatusEdit(
        content=state.content_html,
        spoiler_text=state.summary or "",
        sensitive=state.sensitive,
        created_at=iso(state.created_at),
        account=account,
        poll=EditedPoll(options=[EditedOption(title=title) for title in titles]) if titles else None,
        quote=quote,
        # A picture that is gone since is not shown.
        media_attachments=[
            show_media(site, _as_described(known[one.media_id], one)) for one in state.shown if one.media_id in known
        ],
        emojis=emojis,
    )


def _as_described(picture: Media, old: OldPicture) -> Media:
    return replace(picture, alt=old.alt)
