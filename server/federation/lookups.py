"""Fetches what a submitted activity is about, before its transaction: actors and posts of others. It must not act."""

import contextlib

from activitypub import fields
from activitypub.authority import check_note
from activitypub.errors import ProtocolError
from activitypub.submission import Submission
from server.actions.writing.keep_note import keep_note
from server.problems import NotFound
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.writing import posts

NOT_HAD = "The object could not be fetched from its server."
_ABOUT_ACTORS = frozenset({"Block", "Follow"})
_ABOUT_POSTS = frozenset({"Announce", "EmojiReact", "Like"})
_QUOTES = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")


async def look_up(services: Services, submission: Submission) -> None:
    """Have whatever the activity needs in the store. Raises NotFound when that cannot be had."""
    try:
        if submission.type in _ABOUT_ACTORS and submission.object_id is not None:
            await find_actor(services, submission.object_id)
        elif submission.type in _ABOUT_POSTS and submission.object_id is not None:
            await _keep_post(services, submission.object_id)
    except (FetchFailed, ProtocolError):
        raise NotFound(NOT_HAD) from None
    if submission.type == "Create":
        for uri in _named_in(submission.embedded):
            # What is answered may be down or closed; the answer is written all the same.
            with contextlib.suppress(FetchFailed, ProtocolError):
                await _keep_post(services, uri)


def _named_in(document: fields.Document) -> list[str]:
    named = (fields.uri(document, name) for name in ("inReplyTo", *_QUOTES))
    return list(dict.fromkeys(uri for uri in named if uri is not None))


async def _keep_post(services: Services, uri: str) -> None:
    async with services.database.read() as reader:
        known = await posts.find_by_uri(reader, uri)
    if known is not None or services.site.is_ours(uri):
        return
    note = await fetch_note(services, uri)
    author = await find_actor(services, note.attributed_to)
    check_note(author.uri, note, services.site.origin)
    async with services.database.write(durable=False) as tx:
        await keep_note(tx, services.site, author, note)
