"""A client likes or boosts. It must not fetch the post; the door has it kept."""

from dataclasses import dataclass, replace

from activitypub import fields
from activitypub.audience import Visibility, is_open, narrower, visibility_of
from activitypub.context import REACTION_TERMS
from activitypub.emoji import MAX_CONTENT, Emoji, build_tag, read_typed
from activitypub.submission import Addressed, Submission
from server.actions.clients import recording
from server.actions.writing.react import announce, like
from server.actions.writing.react_emoji import choose_emoji, give_emoji, receive_emoji
from server.actions.writing.see import may_see_post
from server.problems import Forbidden, Invalid, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import emoji_reactions, reactions
from server.store.reading.reactions import ANNOUNCE, LIKE
from server.store.writing import posts
from server.store.writing.posts import Post

ABSENT = "There is no such post, or it is not for you."


async def submit_like(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Like a post. Liked again, the answer is the Like that is there (statement 83).

    One with an emoji as its content is a like and an emoji, as from peers.
    """
    post, owner = await find_visible(tx, author, submission)
    emoji = await _find_emoji(tx, site, post, submission) if "content" in submission.more else None
    stored = await _like(tx, site, author, emoji.submission if emoji else submission, post, owner)
    if emoji is not None:
        await receive_emoji(tx, site, emoji.emoji, author, post, stored.uri)
    return stored


async def submit_emoji(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Give an emoji to a post. Given again, the answer is the EmojiReact that is there.

    Raises:
        Invalid: its content is no emoji that one may give.
    """
    post, owner = await find_visible(tx, author, submission)
    chosen = await _find_emoji(tx, site, post, submission)
    if chosen is None:
        raise Invalid("An EmojiReact needs one emoji as its 'content'.", field="content")
    before = site.ids.new()
    await give_emoji(tx, site, author, post, chosen.emoji)
    sent = await recording.find_sent(tx, author, submission.type, after=before, object_uri=post.uri)
    if sent is not None:
        return await recording.enrich(tx, author, sent, chosen.submission)
    given = await emoji_reactions.find(tx, actor_id=author.id, post_id=post.id, emoji=chosen.emoji.text)
    return await _record(tx, site, author, chosen.submission, given.uri if given else None, post, also_to=owner.uri)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The emoji that a client means, and its words with our own description of that."""

    emoji: Emoji
    submission: Submission


async def _find_emoji(reader: Reader, site: Site, post: Post, submission: Submission) -> _Chosen | None:
    content = fields.text(submission.more, "content", MAX_CONTENT)
    typed = read_typed(content) if content else None
    if typed is None:
        return None
    emoji = await choose_emoji(reader, site, post, typed)
    more = submission.more | {"content": emoji.text}
    if emoji.icon_url is not None:
        more["tag"] = [build_tag(emoji)]
    return _Chosen(emoji, replace(submission, more=more, context=[*submission.context, REACTION_TERMS]))


async def _like(
    tx: Transaction, site: Site, author: Actor, submission: Submission, post: Post, owner: Actor
) -> Activity:
    before = site.ids.new()
    await like(tx, site, author, post)
    sent = await recording.find_sent(tx, author, "Like", after=before, object_uri=post.uri)
    if sent is not None:
        return await recording.enrich(tx, author, sent, submission)
    asked = await recording.find_sent(tx, author, "LikeRequest", after=before)
    if asked is not None:
        return asked
    liked = await reactions.find(tx, kind=LIKE, actor_id=author.id, post_id=post.id)
    return await _record(tx, site, author, submission, liked.uri if liked else None, post, also_to=owner.uri)


async def submit_announce(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Boost a post, to the followers unless the client says otherwise, and to its author.

    Raises:
        Forbidden: it would be shown to more people than may see it.
    """
    post, owner = await find_visible(tx, author, submission)
    named = submission.addressed
    if not named.everybody:
        named = Addressed(to=(author.followers_uri,) if author.followers_uri else ())
    named = recording.readdress(named, also_to=[] if owner.id == author.id else [owner.uri])
    visibility = _check_width(author, post, named)
    before = site.ids.new()
    await announce(tx, site, author, post, visibility=visibility)
    sent = await recording.find_sent(tx, author, "Announce", after=before, object_uri=post.uri)
    if sent is not None:
        return await recording.enrich(tx, author, sent, submission, named)
    asked = await recording.find_sent(tx, author, "AnnounceRequest", after=before)
    if asked is not None:
        return asked
    boosted = await reactions.find(tx, kind=ANNOUNCE, actor_id=author.id, post_id=post.id)
    return await _record(tx, site, author, submission, boosted.uri if boosted else None, post, also_to=owner.uri)


async def find_visible(reader: Reader, author: Actor, submission: Submission) -> tuple[Post, Actor]:
    """Find the post that is the object, and whose it is. Raises NotFound when the author may not see it."""
    post = await posts.find_by_uri(reader, submission.object_id) if submission.object_id else None
    owner = await actors.find(reader, post.actor_id) if post is not None else None
    if post is None or owner is None or post.deleted_at is not None or owner.suspended_at is not None:
        raise NotFound(ABSENT)
    if not await may_see_post(reader, post, owner, author):
        raise NotFound(ABSENT)
    return post, owner


def _check_width(author: Actor, post: Post, named: Addressed) -> Visibility:
    """Return who is to be shown the boost. Raises Forbidden where that is more people than may see the post."""
    wanted = visibility_of(named.to, (*named.cc, *named.audience, *named.blind), author.followers_uri)
    allowed = Visibility(post.visibility)
    if not is_open(allowed) and narrower(wanted, allowed) is not wanted:
        raise Forbidden("This post is not for everybody you would show it to.")
    return wanted


async def _record(
    tx: Transaction, site: Site, author: Actor, submission: Submission, uri: str | None, post: Post, *, also_to: str
) -> Activity:
    """The activity of a reaction that was there, or of which nobody elsewhere had to be told; `uri` is its id."""
    if uri is None:
        raise Forbidden("The author of this post does not want it.")
    stored = await activities.find_by_uri(tx, uri)
    if stored is not None and stored.visibility != activities.HIDDEN:
        return stored
    return await recording.store(
        tx,
        site,
        author,
        submission,
        object=post.uri,
        object_uri=post.uri,
        also_to=[also_to] if also_to != author.uri else [],
        uri=uri,
    )
