"""Reads hashtags, and shows them on a profile. It must not decide what stands under them."""

import contextlib
import re
from collections.abc import Sequence

from activitypub import activities as build
from activitypub.hashtags import build_hashtag
from server.actions.network.outgoing import mint, send
from server.actions.writing.spread import spread_tag, unspread_tag
from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.paging import Stretch
from server.store.people.actors import Actor
from server.store.writing import tags
from server.store.writing.tags import FeaturedTag

# Longer ones nobody writes; Mastodon's column has as many.
TAG_AT_MOST = 255
FEATURED_AT_MOST = 10
# Other servers let people show more than Mastodon does.
FEATURED_BY_PEER = 20
FOLLOWED_AT_MOST = 500
# What a post could name: letters of any script, digits and underscores, not digits alone.
_TAG = re.compile(r"\w*[^\W\d]\w*\Z")


def read_tag(text: str) -> str:
    """Return a hashtag as we keep it: without its sign, in lower case.

    Raises:
        Invalid: no post could name it.
    """
    name = text.strip().lstrip("#").lower()
    if not _TAG.match(name) or len(name) > TAG_AT_MOST:
        raise Invalid("This is no hashtag.", field="name")
    return name


async def follow_tag(tx: Transaction, site: Site, actor: Actor, name: str) -> None:
    """Read what anybody may see under a hashtag. Raises Invalid where too many are read."""
    if len(await tags.list_followed(tx, actor.id, Stretch(limit=FOLLOWED_AT_MOST))) >= FOLLOWED_AT_MOST:
        raise Invalid("You follow too many hashtags.")
    await tags.follow(tx, id=site.ids.new(), actor_id=actor.id, name=name)
    await spread_tag(tx, actor, name)


async def unfollow_tag(tx: Transaction, actor: Actor, name: str) -> None:
    """Read it no more."""
    await tags.unfollow(tx, actor.id, name)
    await unspread_tag(tx, actor, name)


async def feature_tag(tx: Transaction, site: Site, actor: Actor, name: str) -> FeaturedTag:
    """Show a hashtag on the profile, once, and tell the followers. Raises Invalid where too many are shown."""
    shown = await tags.list_featured(tx, actor.id)
    known = next((one for one in shown if one.name == name), None)
    if known is not None:
        return known
    if len(shown) >= FEATURED_AT_MOST:
        raise Invalid(f"A profile may show {FEATURED_AT_MOST} hashtags.")
    made = FeaturedTag(site.ids.new(), actor.id, name)
    await tags.feature(tx, id=made.id, actor_id=actor.id, name=name)
    await _tell(tx, site, actor, name, out=False)
    return made


async def unfeature_tag(
    tx: Transaction, site: Site, actor: Actor, *, name: str | None = None, tag_id: int | None = None
) -> None:
    """Show a hashtag, meant by its name or by the entry's id, no more. Raises NotFound for an id that is nobody's."""
    shown = await tags.list_featured(tx, actor.id)
    found = next((one for one in shown if one.id == tag_id or one.name == name), None)
    if found is not None:
        await tags.unfeature(tx, actor.id, found.name)
        await _tell(tx, site, actor, found.name, out=True)
    elif tag_id is not None:
        raise NotFound("There is no such hashtag on your profile.")


async def receive_featured(tx: Transaction, site: Site, owner: Actor, text: str) -> bool:
    """Remember that a peer shows a hashtag on their profile; false when we knew, or will not have so many.

    Raises:
        Invalid: it is no hashtag.
    """
    name = read_tag(text)
    shown = await tags.list_featured(tx, owner.id)
    if len(shown) >= FEATURED_BY_PEER or any(one.name == name for one in shown):
        return False
    await tags.feature(tx, id=site.ids.new(), actor_id=owner.id, name=name)
    return True


async def replace_featured(tx: Transaction, site: Site, owner: Actor, texts: Sequence[str]) -> None:
    """Take over the whole list of a peer; what is no hashtag is left out."""
    wanted = []
    for text in texts[:FEATURED_BY_PEER]:
        with contextlib.suppress(Invalid):
            wanted.append(read_tag(text))
    for one in await tags.list_featured(tx, owner.id):
        if one.name not in wanted:
            await tags.unfeature(tx, owner.id, one.name)
    for name in wanted:
        await receive_featured(tx, site, owner, name)


def featured_tags_uri(owner: Actor) -> str:
    """The collection of the hashtags on a profile."""
    return owner.featured_tags_uri or f"{owner.uri}/featured_tags"


async def _tell(tx: Transaction, site: Site, actor: Actor, name: str, *, out: bool) -> None:
    hashtag = build_hashtag(name, site.hashtag_url(name))
    activity_id, uri = mint(site, actor)
    followers = [actor.followers_uri] if actor.followers_uri else []
    target = featured_tags_uri(actor)
    document = build.feature_hashtag(uri, actor.uri, hashtag, target=target, to=followers, out=out)
    await send(tx, site, actor, activity_id, document, object_uri=target)
