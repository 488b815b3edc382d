"""A client likes or boosts. It must not fetch the post; the door has it kept."""

from activitypub.audience import Visibility, is_open, narrower, visibility_of
from activitypub.submission import Addressed, Submission
from server.actions.clients import recording
from server.actions.writing.react import announce, like
from server.actions.writing.see import may_see_post
from server.problems import Forbidden, NotFound
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import reactions
from server.store.reading.reactions import ANNOUNCE, LIKE
from server.store.writing import posts
from server.store.writing.posts import Post

ABSENT = "There is no such post, or it is not for you."


async def submit_like(tx: Transaction, site: Site, author: Actor, submission: Submission) -> Activity:
    """Like a post. Liked again, the answer is the Like that is there (statement 83)."""
    post, owner = await find_visible(tx, author, submission)
    before = site.ids.new()
    await like(tx, site, author, post)
    sent = await recording.find_sent(tx, author, "Like", after=before, object_uri=post.uri)
    if sent is not None:
        return await recording.enrich(tx, author, sent, submission)
    return await _record(tx, site, author, submission, LIKE, post, also_to=owner.uri)


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
    return await _record(tx, site, author, submission, ANNOUNCE, post, also_to=owner.uri)


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
    tx: Transaction, site: Site, author: Actor, submission: Submission, kind: str, post: Post, *, also_to: str
) -> Activity:
    """The activity of a reaction that was there, or of which nobody elsewhere had to be told."""
    reaction = await reactions.find(tx, kind=kind, actor_id=author.id, post_id=post.id)
    if reaction is None:
        raise Forbidden("The author of this post does not want it.")
    stored = await activities.find_by_uri(tx, reaction.uri)
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
        uri=reaction.uri,
    )
