"""Changes one of our posts as an ActivityPub client wrote it anew, and tells everybody who got it. It must not read."""

from dataclasses import replace

import msgspec

from activitypub import activities as build
from server.actions.clients.read_given import Read
from server.actions.network.outgoing import mint, send
from server.actions.network.represent import represent_post
from server.actions.telling.notify import notify
from server.actions.telling.tell import tell_change
from server.actions.writing.arrange import Described, arrange_pictures, describe_pictures
from server.actions.writing.origin import Origin, change_origin, find_origin
from server.actions.writing.publish import list_tags
from server.actions.writing.revise import remember, remember_first
from server.actions.writing.spoken import change_spoken
from server.actions.writing.spread import spread_edit
from server.actions.writing.upload import About
from server.ids import MICROSECONDS
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import generations, posts
from server.store.writing.posts import Post


async def change_given(tx: Transaction, site: Site, author: Actor, post: Post, read: Read) -> Post:
    """Overwrite a post of the author's with what was read, and send the whole new object."""
    await remember_first(tx, site, post)
    origin = await find_origin(tx, await arrange_pictures(tx, site, author, post, read.picture_ids))
    before = await generations.find(tx, post.generation_id) if post.generation_id else None
    await describe_pictures(tx, post, [Described(one, About(description=alt)) for one, alt in read.alts])
    content = change_origin(site, read.given.content_html, before, origin.generation)
    extra = change_spoken(site, read.given.extra, before, origin.generation)
    changed = replace(
        _changed(site, post, read, origin, content), extra=msgspec.json.encode(extra).decode() if extra else None
    )
    known = {one.actor_uri for one in await posts.list_mentions(tx, post.id)}
    tags = dict.fromkeys([*(tag.lower() for tag in read.given.hashtags), *list_tags(site, "", origin.generation)])
    await posts.edit(tx, changed, mentioned=read.given.mentioned, tags=list(tags))
    for person in read.people:
        named = await actors.find_by_uri(tx, person.uri) if person.uri not in known else None
        if named is not None:
            await notify(tx, site, named, "mention", by=author, post_id=post.id)
    await remember(tx, site, changed)
    await spread_edit(tx, site, changed)
    await tell_change(tx, site, author, changed)
    activity_id, uri = mint(site, author)
    document = build.update(uri, author.uri, await represent_post(tx, site, author, changed))
    await send(tx, site, author, activity_id, document, visibility=None, object_uri=post.uri)
    return changed


def _changed(site: Site, post: Post, read: Read, origin: Origin, content: str) -> Post:
    given = read.given
    return replace(
        post,
        content_html=content,
        generation_id=origin.generation.id if origin.generation else None,
        generated=given.generated or origin.generated,
        source=read.source or None,
        summary=read.summary,
        sensitive=read.sensitive,
        language=read.language,
        to_uris=msgspec.json.encode(given.to).decode(),
        cc_uris=msgspec.json.encode(given.cc).decode(),
        blind_uris=msgspec.json.encode(given.blind).decode() if given.blind else None,
        # A peer ignores an Update that is not newer than what it has; some compare whole seconds.
        updated_at=max(site.clock.now(), (post.updated_at or post.published_at) + MICROSECONDS),
    )
