"""What our people choose for a post of theirs: who may quote, answer, like and boost it. It must not judge anybody."""

from collections.abc import Mapping
from dataclasses import dataclass

from activitypub.audience import Visibility, is_open
from activitypub.consent import Kind
from server.problems import Invalid
from server.store.database import Reader, Transaction
from server.store.writing import interactions, quotes
from server.store.writing.interactions import Allowed
from server.store.writing.posts import Post
from server.store.writing.quotes import FOLLOWERS, MANUAL, NOBODY, POLICIES, PUBLIC, QuotePolicy

# Who may do what, by kind; None is everybody who sees it, a kind that is not there is left as it is.
Rules = Mapping[str, Allowed | None]

_REPLIES: Mapping[str, Allowed | None] = {
    PUBLIC: None,
    FOLLOWERS: Allowed((FOLLOWERS,)),
    NOBODY: Allowed(),
    MANUAL: Allowed((), (PUBLIC,)),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the author of one of our posts chose: who may quote it, and who may answer it.

    `reply` is None where a client chose something for which there is no single word.
    """

    quote: str
    reply: str | None


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


def check_replies(policy: str) -> Allowed | None:
    """Read who may answer, in one word; nobody lets those answer whom a post names.

    Raises:
        Invalid: there is no such policy.
    """
    if policy not in interactions.CHOICES:
        raise Invalid(f"A reply policy is one of {', '.join(interactions.CHOICES)}.", field="reply_approval_policy")
    return _REPLIES[policy]


async def choose_replies(tx: Transaction, post: Post, policy: str) -> None:
    """Say who may answer one of our posts; raises like `check_replies`."""
    await interactions.put(tx, post.id, Kind.REPLY, check_replies(policy))


async def choose_rules(tx: Transaction, post: Post, rules: Rules) -> None:
    """Say who may like, answer and boost one of our posts, kind by kind."""
    for kind, allowed in rules.items():
        await interactions.put(tx, post.id, kind, allowed)


async def read_choices(reader: Reader, post: Post) -> Choices:
    """Return what was chosen for one of our posts, in the words in which it is chosen."""
    quote = await quotes.find_policy(reader, post.id) or QuotePolicy(NOBODY)
    reply = await interactions.find(reader, post.id, Kind.REPLY)
    manual = quote.automatic == NOBODY and quote.manual == PUBLIC
    said = next((word for word, allowed in _REPLIES.items() if allowed == reply), None)
    return Choices(quote=MANUAL if manual else quote.automatic, reply=said)
