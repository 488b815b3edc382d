"""Says who may quote, like, answer and boost a post: what our people chose, and what peers say of theirs.

It must not judge whether somebody may see it; that is asked before.
"""

from dataclasses import dataclass
from enum import StrEnum

from activitypub.audience import Visibility, is_open
from activitypub.consent import Kind
from activitypub.interaction import Policy, Rule
from activitypub.vocabulary import PUBLIC as EVERYBODY
from server.problems import Invalid
from server.store.database import Reader, Transaction
from server.store.people.actors import Actor
from server.store.ties import follows
from server.store.writing import interactions, posts, quotes
from server.store.writing.interactions import FOLLOWING, Allowed
from server.store.writing.posts import Post
from server.store.writing.quotes import FOLLOWERS, MANUAL, NOBODY, POLICIES, PUBLIC, QuotePolicy


class Standing(StrEnum):
    """How somebody stands to doing something with a post, in the words that clients know."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the author of one of our posts chose: who may quote it, and who may answer it."""

    quote: str
    reply: str


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
    if await _is_in_one(reader, allowed.automatic, author, actor):
        # Who follows a peer's author is for that peer to say, so that others can rely on it: it is asked.
        return Standing.AUTOMATIC if author.local else Standing.MANUAL
    return Standing.MANUAL if await _is_in_one(reader, allowed.manual, author, actor) else Standing.DENIED


def check_policy(policy: str) -> QuotePolicy:
    """Read who may quote as clients write it.

    Raises:
        Invalid: there is no such policy.
    """
    if policy not in POLICIES:
        raise Invalid(f"A quote policy is one of {', '.join(POLICIES)}.", field="quote_approval_policy")
    return QuotePolicy(NOBODY, PUBLIC) if policy == MANUAL else QuotePolicy(policy)


def policy_for(visibility: Visibility, policy: str) -> QuotePolicy:
    """Return who may quote a new post: nobody else where not everybody may see it."""
    return check_policy(policy) if is_open(visibility) else QuotePolicy(NOBODY)


def check_replies(policy: str) -> str:
    """Raise Invalid where there is no such policy for answers: public, followers, or nobody but whom a post names."""
    if policy not in interactions.CHOICES:
        raise Invalid(f"A reply policy is one of {', '.join(interactions.CHOICES)}.", field="reply_approval_policy")
    return policy


async def choose_replies(tx: Transaction, post: Post, policy: str) -> None:
    """Say who may answer one of our posts; raises like `check_replies`."""
    words = () if check_replies(policy) == NOBODY else (policy,)
    await interactions.put(tx, post.id, Kind.REPLY, None if policy == PUBLIC else Allowed(words))


async def read_choices(reader: Reader, post: Post) -> Choices:
    """Return what was chosen for one of our posts, in the words in which it is chosen."""
    quote = await quotes.find_policy(reader, post.id) or QuotePolicy(NOBODY)
    reply = await interactions.find(reader, post.id, Kind.REPLY)
    manual = quote.automatic == NOBODY and quote.manual == PUBLIC
    said = PUBLIC if reply is None else next(iter(reply.automatic), NOBODY)
    return Choices(quote=MANUAL if manual else quote.automatic, reply=said)


async def keep_policy(tx: Transaction, post: Post, author: Actor, policy: Policy) -> None:
    """Remember what a peer lets be done with a post; of it, everybody, the author's groups and our people are kept."""
    if policy.quote is not None:
        automatic, manual = (_word(author, one) for one in (policy.quote.automatic, policy.quote.manual))
        await quotes.put_policy(tx, post.id, QuotePolicy(automatic, manual))
    for kind in (Kind.LIKE, Kind.REPLY, Kind.ANNOUNCE):
        rule = policy.rules[kind]
        # With everybody let in, only whom the author wants to ask nonetheless is worth keeping.
        says = rule is not None and (EVERYBODY not in rule.automatic or rule.manual)
        await interactions.put(tx, post.id, kind, _allowed(author, rule) if rule is not None and says else None)


async def represent_policy(reader: Reader, author: Actor, post: Post) -> Policy:
    """Return what one of our posts says of itself. What is said is what we enforce."""
    # A post for some never names everybody: a careless reader could take it for one that is open.
    everybody = Rule((EVERYBODY,)) if is_open(Visibility(post.visibility)) else None
    return Policy(
        like=everybody,
        reply=await _who_may_answer(reader, author, post) or everybody,
        announce=everybody or Rule((author.uri,)),
        quote=_who_may_quote(author, await quotes.find_policy(reader, post.id)),
    )


async def _who_may_answer(reader: Reader, author: Actor, post: Post) -> Rule | None:
    allowed = await interactions.find(reader, post.id, Kind.REPLY)
    if allowed is None:
        return None
    followers = [author.followers_uri] if FOLLOWERS in allowed.automatic and author.followers_uri else []
    named = [one.actor_uri for one in await posts.list_mentions(reader, post.id)]
    return Rule(tuple(dict.fromkeys([author.uri, *followers, *named])))


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


async def _is_in_one(reader: Reader, words: tuple[str, ...], author: Actor, actor: Actor) -> bool:
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
