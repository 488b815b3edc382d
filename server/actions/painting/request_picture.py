"""Takes a wish for a picture into the queue, and takes it out again. It must not paint."""

import secrets
from dataclasses import dataclass

from activitypub.audience import Visibility
from server.actions.painting.break_promise import CANCELLED, break_promise_of
from server.actions.writing.choose import check_policy, check_replies
from server.problems import Conflict, Invalid, TooMany
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.writing import generations
from server.store.writing.generations import Generation

# Four times the longest prompt that a text encoder of today reads.
PROMPT_AT_MOST = 4000
ALT_AT_MOST = 1500
# Seeds are shown, typed and sent as JSON numbers, of which readers keep 53 bits; 32 are enough for anybody.
SEED_BITS = 32


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody elsewhere for whom the studio actor wishes; `host` is where their actor lives."""

    actor_id: int
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants painted, and how it is to be posted. What is None takes the model's or the site's default."""

    prompt: str
    negative: str | None = None
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    width: int | None = None
    height: int | None = None
    model: str | None = None
    draft: bool = False
    visibility: Visibility | None = None
    caption: str | None = None
    alt: str | None = None
    summary: str | None = None
    sensitive: bool = False
    in_reply_to_id: int | None = None
    asker: Asker | None = None
    # Who may quote and who may answer the post; None is as its author usually has it.
    quote_policy: str | None = None
    reply_policy: str | None = None


async def request_picture(tx: Transaction, site: Site, author: Actor, wish: Wish) -> Generation:
    """Store `wish` and enqueue its painting in the same transaction.

    The seed is settled here: a picture that must be painted again after a crash is the same picture.

    Raises:
        Invalid: the prompt is empty or too long, or a text has control characters.
        TooMany: the author has too many open wishes.
    """
    _check(wish)
    await _check_queue(tx, site, author, wish)
    generation = _generation(site, author, wish)
    await generations.add(tx, generation)
    await site.queue.enqueue(tx, "render", {"generation": generation.id}, unique=f"render:{generation.id}")
    return generation


async def cancel_picture(tx: Transaction, site: Site, author: Actor, generation: Generation) -> None:
    """Take a wish back; what is being painted stops at its next step.

    Raises:
        Conflict: it is not the author's, or has ended.
    """
    if generation.actor_id != author.id:
        raise Conflict("This wish is not yours.")
    if not await generations.finish(tx, generation.id, generations.CANCELLED, at=site.clock.now()):
        raise Conflict("This wish has ended already.")
    await break_promise_of(tx, site, generation.id, CANCELLED)


def _check(wish: Wish) -> None:
    prompt = wish.prompt.strip()
    if not prompt:
        raise Invalid("Say what is to be painted.", field="prompt")
    if len(prompt) > PROMPT_AT_MOST or len(wish.negative or "") > PROMPT_AT_MOST:
        raise Invalid(f"A prompt may have {PROMPT_AT_MOST} characters.", field="prompt")
    for name, text in (("prompt", prompt), ("negative", wish.negative), ("alt", wish.alt), ("caption", wish.caption)):
        if any(_is_unwritable(letter) for letter in text or ""):
            raise Invalid("Control characters are not allowed.", field=name)
    if len(wish.alt or "") > ALT_AT_MOST:
        raise Invalid(f"An alternative text may have {ALT_AT_MOST} characters.", field="alt")
    if wish.quote_policy is not None:
        check_policy(wish.quote_policy)
    if wish.reply_policy is not None:
        check_replies(wish.reply_policy)
    if wish.seed is not None and not 0 <= wish.seed < 1 << SEED_BITS:
        raise Invalid(f"A seed is a number from 0 to {(1 << SEED_BITS) - 1}.", field="seed")


def _is_unwritable(letter: str) -> bool:
    """A control character, or half of one: what a shell hands over that is no UTF-8."""
    return (letter < " " and letter not in "\r\n\t") or "\ud800" <= letter <= "\udfff"


async def _check_queue(tx: Transaction, site: Site, author: Actor, wish: Wish) -> None:
    config = site.config
    most = config.commissions.waiting_at_most if wish.asker else config.generation.waiting_per_account
    if await generations.count_open_of(tx, author.id) >= most:
        raise TooMany(f"You have {most} pictures waiting; let one finish first.", after_seconds=30)


def _generation(site: Site, author: Actor, wish: Wish) -> Generation:
    visibility = wish.visibility or Visibility(site.config.posting.visibility)
    return Generation(
        id=site.ids.new(),
        actor_id=author.id,
        state=generations.WAITING,
        prompt=wish.prompt.strip(),
        negative=(wish.negative or "").strip() or None,
        seed=secrets.randbits(SEED_BITS) if wish.seed is None else wish.seed,
        steps=wish.steps,
        guidance=wish.guidance,
        width=wish.width,
        height=wish.height,
        model=wish.model or site.config.generation.default_model,
        draft=wish.draft,
        visibility=visibility.value,
        caption=(wish.caption or "").strip() or None,
        alt=(wish.alt or "").strip() or None,
        summary=(wish.summary or "").strip() or None,
        sensitive=wish.sensitive,
        in_reply_to_id=wish.in_reply_to_id,
        commissioned_by=wish.asker.actor_id if wish.asker else None,
        commissioned_host=wish.asker.host if wish.asker else None,
        step=0,
        steps_total=0,
        attempts=0,
        error=None,
        manifest=None,
        created_at=site.clock.now(),
        started_at=None,
        finished_at=None,
        quote_policy=wish.quote_policy,
        reply_policy=wish.reply_policy,
    )
