"""Says who may quote, like, answer and boost a post: what our people chose, and what peers say of theirs.

It must not judge whether somebody may see it; that is asked before.
"""

from collections.abc import Sequence
from enum import StrEnum

from activitypub.audience import Visibility, is_open
from activitypub.consent import Kind
from activitypub.interaction import Policy, Rule
from activitypub.vocabulary import PUBLIC as EVERYBODY
from server.store.database import Reader, Transaction
from server.store.people.actors import Actor
from server.store.ties import follows
from server.store.writing import interactions, posts, quotes
from server.store.writing.interactions import FOLLOWING, MENTIONED, Allowed
from server.store.writing.posts import Post
from server.store.writing.quotes import FOLLOWERS, NOBODY, PUBLIC, QuotePolicy


class Standing(StrEnum):
    """How somebody stands to doing something with a post, in the words that clients know."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    DENIED = "denied"
    UNKNOWN = "unknown"


async def may_quote(reader: Reader, quoted: Post, author: Actor, quoter: Actor, policy: QuotePolicy | None) -> Standing:
    """Whether `quoter`, who may see it, may quote a post of `author` with this policy (None: nothing was said)."""
    if quoted.visibility == Visibility.DIRECT:
        return Standing.DENIED
    if quoter.id == author.id:
        return Standing.AUTOMATIC
    if not is_open(Visibility(quoted.visibility)):
        return Standing.DENIED
    if policy is None:
        # Ours were written before anybody could say; a peer that knows no policies does not mind.
        return Standing.DENIED if author.local else Standing.UNKNOWN
    if await _is_in(reader, policy.automatic, author, quoter):
        return Standing.AUTOMATIC
    if await _is_in(reader, policy.manual, author, quoter):
        return Standing.MANUAL
    return Standing.DENIED


async def may_do(reader: Reader, kind: Kind, post: Post, author: Actor, actor: Actor) -> Standing:
    """Whether `actor`, who may see it, may like, answer or boost a post of `author`.

    Whom it names or answers may always answer, whatever it says (GoToSocial): nobody is talked about unheard.
    """
    allowed = await interactions.find(reader, post.id, kind)
    if allowed is None or actor.id == author.id:
        return Standing.AUTOMATIC
    if kind is Kind.REPLY and await _is_spoken_to(reader, post, actor):
        return Standing.AUTOMATIC
    # The more exact word counts: somebody's own address before everybody and the groups.
    if actor.uri in allowed.automatic:
        return Standing.AUTOMATIC
    if actor.uri in allowed.manual:
        return Standing.MANUAL
    if PUBLIC in allowed.automatic:
        return Standing.AUTOMATIC
    if await _is_in_one(reader, allowed.automatic, post, author, actor):
        # Who follows a peer's author is for that peer to say, so that others can rely on it: it is asked.
        return Standing.AUTOMATIC if author.local else Standing.MANUAL
    return Standing.MANUAL if await _is_in_one(reader, allowed.manual, post, author, actor) else Standing.DENIED


async def keep_policy(tx: Transaction, post: Post, author: Actor, policy: Policy) -> None:
    """Remember what a peer lets be done with a post; of it, everybody, the author's groups and our people are kept."""
    if policy.quote is not None:
        automatic, manual = (_word(author, one) for one in (policy.quote.automatic, policy.quote.manual))
        await quotes.put_policy(tx, post.id, QuotePolicy(automatic, manual))
    await interactions.drop_of_post(tx, post.id)
    for kind in (Kind.LIKE, Kind.REPLY, Kind.ANNOUNCE):
        rule = policy.rules[kind]
        # With everybody let in, only whom the author wants to ask nonetheless is worth keeping.
        if rule is not None and (EVERYBODY not in rule.automatic or rule.manual):
            await interactions.put(tx, post.id, kind, _allowed(author, rule))


async def represent_policy(reader: Reader, author: Actor, post: Post) -> Policy:
    """Return what one of our posts says of itself. What is said is what we enforce."""
    # A post for some never names everybody: a careless reader could take it for one that is open.
    everybody = Rule((EVERYBODY,)) if is_open(Visibility(post.visibility)) else None
    said = {kind: await _who_may(reader, author, post, kind) for kind in (Kind.LIKE, Kind.REPLY, Kind.ANNOUNCE)}
    return Policy(
        like=said[Kind.LIKE] or everybody,
        reply=said[Kind.REPLY] or everybody,
        announce=(said[Kind.ANNOUNCE] or everybody) if everybody is not None else Rule((author.uri,)),
        quote=_who_may_quote(author, await quotes.find_policy(reader, post.id)),
    )


async def _who_may(reader: Reader, author: Actor, post: Post, kind: Kind) -> Rule | None:
    allowed = await interactions.find(reader, post.id, kind)
    if allowed is None:
        return None
    named = [one.actor_uri for one in await posts.list_mentions(reader, post.id)]
    always = named if kind is Kind.REPLY else []
    automatic = [author.uri, *_spell(author, post, allowed.automatic, named), *always]
    manual = [uri for uri in _spell(author, post, allowed.manual, named) if uri not in automatic]
    return Rule(tuple(dict.fromkeys(automatic)), tuple(dict.fromkeys(manual)))


def _spell(author: Actor, post: Post, words: Sequence[str], named: Sequence[str]) -> list[str]:
    """The addresses of whom these words mean; everybody who sees a post for followers, or for some, is those."""
    visibility = Visibility(post.visibility)
    followers = [author.followers_uri] if author.followers_uri else []
    seen_by = (
        [EVERYBODY] if is_open(visibility) else [*(followers if visibility is Visibility.FOLLOWERS else []), *named]
    )
    meant = {
        PUBLIC: seen_by,
        FOLLOWERS: followers,
        FOLLOWING: [author.following_uri] if author.following_uri else [],
        MENTIONED: list(named),
    }
    return [uri for word in words for uri in meant.get(word, [word])]


def _who_may_quote(author: Actor, policy: QuotePolicy | None) -> Rule | None:
    if policy is None:
        return None
    # Nobody but the author: an empty list reads like nothing said (Mastodon writes it so too).
    return Rule(_addresses(author, policy.automatic) or (author.uri,), _addresses(author, policy.manual))


def _addresses(author: Actor, word: str) -> tuple[str, ...]:
    if word == PUBLIC:
        return (EVERYBODY,)
    return (author.followers_uri,) if word == FOLLOWERS and author.followers_uri else ()


async def _is_spoken_to(reader: Reader, post: Post, actor: Actor) -> bool:
    parent = await posts.find(reader, post.in_reply_to_id) if post.in_reply_to_id is not None else None
    if parent is not None and parent.actor_id == actor.id:
        return True
    return any(one.actor_uri == actor.uri for one in await posts.list_mentions(reader, post.id))


async def _is_in_one(reader: Reader, words: tuple[str, ...], post: Post, author: Actor, actor: Actor) -> bool:
    if MENTIONED in words and await _is_spoken_to(reader, post, actor):
        return True
    for word in (PUBLIC, FOLLOWERS, FOLLOWING):
        if word in words and await _is_in(reader, word, author, actor):
            return True
    return False


async def _is_in(reader: Reader, word: str, author: Actor, actor: Actor) -> bool:
    if word == FOLLOWERS:
        return await follows.follows_accepted(reader, actor.id, author.id)
    if word == FOLLOWING:
        return await follows.follows_accepted(reader, author.id, actor.id)
    return word == PUBLIC


def _word(author: Actor, uris: tuple[str, ...]) -> str:
    if EVERYBODY in uris:
        return PUBLIC
    return FOLLOWERS if author.followers_uri in uris else NOBODY


def _allowed(author: Actor, rule: Rule) -> Allowed:
    return Allowed(_words(author, rule.automatic), _words(author, rule.manual))


def _words(author: Actor, uris: tuple[str, ...]) -> tuple[str, ...]:
    known = {EVERYBODY: PUBLIC, author.followers_uri: FOLLOWERS, author.following_uri: FOLLOWING}
    return tuple(known.get(uri, uri) for uri in uris)
