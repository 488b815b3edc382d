"""Turns a post from elsewhere that names the studio actor into a wish for a picture. It must not fetch or paint.

`decide` is the rule, over facts gathered in the transaction that keeps the post: the post, the wish and its job are
there together or not at all, and the wish is unique by its post.
"""

from dataclasses import dataclass
from enum import StrEnum

from activitypub.audience import Visibility, narrower
from activitypub.vocabulary import host_of
from server.actions.painting.answer_asker import answer_asker, name_asker
from server.actions.painting.models import Model, choose_model, choose_size, list_models
from server.actions.painting.read_prompt import Asked, read_prompt
from server.actions.painting.request_picture import PROMPT_AT_MOST, Asker, Wish, request_picture
from server.actions.painting.studio import find_studio
from server.actions.painting.withdraw import withdraw_commissions
from server.actions.writing.remove import remove_post
from server.config import CommissionsConfig
from server.html import plain_text
from server.ids import MICROSECONDS
from server.site import Site
from server.store.database import Transaction
from server.store.network import domain_rules
from server.store.people.actors import Actor
from server.store.ties import follows
from server.store.writing import generations, posts
from server.store.writing.posts import Post

DAY_SECONDS = 86_400
# Machines must not talk to machines: two of them would never stop.
BOT_TYPES = frozenset({"Application", "Group", "Service"})


class Verdict(StrEnum):
    """What becomes of a post that names the studio actor; the words are for the operator."""

    TAKEN = "a picture is asked for"
    WITHDRAWN = "what waited is cancelled"
    REMOVED = "the picture is deleted"
    OFF = "not painted: commissions are off"
    NO_NOTE = "not painted: it is no Note"
    BOT = "not painted: a bot asks"
    BARRED = "not painted: the asker is blocked, suspended or gone"
    NO_FOLLOWER = "not painted: the asker does not follow the studio"
    OLD = "not painted: it is older than a day"
    ANSWERED = "not painted: it was asked for before"
    THREAD = "not painted: it answers a post of, or to, the studio"
    EMPTY = "not painted: there is no prompt"
    TOO_LONG = "not painted: the prompt is too long"
    ACCOUNT_QUOTA = "not painted: the account has had its share of the day"
    HOST_QUOTA = "not painted: the host has had its share of the day"
    BUSY = "not painted: too many wait"


# To all others we keep silent: they did not ask us, or must not learn that they could.
REFUSALS = {
    Verdict.TOO_LONG: f"this is more than I can read: a prompt may have {PROMPT_AT_MOST} characters.",
    Verdict.ACCOUNT_QUOTA: "you have had your pictures for today. Please ask again tomorrow.",
    Verdict.HOST_QUOTA: "I have painted as much for your server today as I may. Please ask again tomorrow.",
    Verdict.BUSY: "too many pictures are waiting to be painted just now. Please ask again later.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a question; the counts are those of the last 24 hours, and of what waits now."""

    post_type: str
    asker_type: str
    barred: bool
    follows: bool
    age_seconds: int
    answered: bool
    in_our_thread: bool
    prompt_length: int
    by_account: int
    by_host: int
    waiting: int


def decide(config: CommissionsConfig, facts: Facts) -> Verdict:
    """Say what becomes of a question. Those to whom we keep silent come first, so that a refusal tells them nothing."""
    return _silence(config, facts) or _refusal(config, facts) or Verdict.TAKEN


async def commission(tx: Transaction, site: Site, asker: Actor, post: Post) -> Verdict | None:
    """Act on a post that a peer's actor delivered; None when it does not name the studio actor, or there is none.

    Doing it again changes nothing.
    """
    studio = await _find_named_studio(tx, site, post)
    if studio is None:
        return None
    models = await list_models(tx, site)
    asked = read_prompt(plain_text(post.content_html), [model.name for model in models])
    obeyed = await _obey(tx, site, studio, asker, post, asked.prompt)
    if obeyed is not None:
        return obeyed
    verdict = decide(site.config.commissions, await _gather(tx, site, studio, asker, post, asked))
    if verdict is Verdict.TAKEN:
        await request_picture(tx, site, studio, _wish(site, asker, post, asked, models))
    elif verdict in REFUSALS:
        await answer_asker(tx, site, studio, asker, post, REFUSALS[verdict])
    return verdict


def answer_visibility(question: Visibility, most: Visibility) -> Visibility:
    """Return who may see the answer: nobody who may not see the question, and nobody beyond our own bound.

    The followers of the asker are not those of the studio, so an answer to them alone goes to the asker alone.
    """
    return Visibility.DIRECT if question is Visibility.FOLLOWERS else narrower(question, most)


def _silence(config: CommissionsConfig, facts: Facts) -> Verdict | None:
    reasons = {
        Verdict.OFF: config.policy == "off",
        Verdict.NO_NOTE: facts.post_type != "Note",
        Verdict.BOT: facts.asker_type in BOT_TYPES,
        Verdict.BARRED: facts.barred,
        Verdict.NO_FOLLOWER: config.policy == "followers" and not facts.follows,
        Verdict.OLD: facts.age_seconds > DAY_SECONDS,
        Verdict.ANSWERED: facts.answered,
        Verdict.THREAD: facts.in_our_thread,
        Verdict.EMPTY: not facts.prompt_length,
    }
    return next((verdict for verdict, holds in reasons.items() if holds), None)


def _refusal(config: CommissionsConfig, facts: Facts) -> Verdict | None:
    reasons = {
        Verdict.TOO_LONG: facts.prompt_length > PROMPT_AT_MOST,
        Verdict.ACCOUNT_QUOTA: facts.by_account >= config.per_account_per_day,
        Verdict.HOST_QUOTA: facts.by_host >= config.per_host_per_day,
        Verdict.BUSY: facts.waiting >= config.waiting_at_most,
    }
    return next((verdict for verdict, holds in reasons.items() if holds), None)


async def _find_named_studio(tx: Transaction, site: Site, post: Post) -> Actor | None:
    if site.config.commissions.policy == "off":
        return None
    studio = await find_studio(tx, site)
    if studio is None or not await _names(tx, post, studio):
        return None
    return studio


async def _names(tx: Transaction, post: Post, studio: Actor) -> bool:
    return any(one.actor_uri == studio.uri for one in await posts.list_mentions(tx, post.id))


async def _obey(tx: Transaction, site: Site, studio: Actor, asker: Actor, post: Post, prompt: str) -> Verdict | None:
    """The two words that are no prompts: `cancel` takes back what waits, `delete` an answer of ours to the asker."""
    word = prompt.lower().strip(" .!")
    if word == "cancel":
        await withdraw_commissions(tx, site, asker)
        return Verdict.WITHDRAWN
    if word != "delete":
        return None
    answer = await posts.find(tx, post.in_reply_to_id) if post.in_reply_to_id else None
    question = await posts.find(tx, answer.in_reply_to_id) if answer and answer.in_reply_to_id else None
    if answer is None or question is None or answer.actor_id != studio.id or question.actor_id != asker.id:
        return Verdict.EMPTY
    await remove_post(tx, site, studio, answer)
    return Verdict.REMOVED


async def _gather(tx: Transaction, site: Site, studio: Actor, asker: Actor, post: Post, asked: Asked) -> Facts:
    now = site.clock.now()
    since = now - DAY_SECONDS * MICROSECONDS
    return Facts(
        post_type=post.type,
        asker_type=asker.type,
        barred=await _is_barred(tx, studio, asker),
        follows=await follows.follows_accepted(tx, asker.id, studio.id),
        age_seconds=(now - post.published_at) // MICROSECONDS,
        answered=await generations.find_commission(tx, post.id) is not None,
        in_our_thread=await _is_in_our_thread(tx, studio, post),
        prompt_length=len(asked.prompt),
        by_account=await generations.count_commissions_by(tx, asker.id, since=since),
        by_host=await generations.count_commissions_from(tx, host_of(asker.uri), since=since),
        waiting=await generations.count_open_of(tx, studio.id),
    )


async def _is_barred(tx: Transaction, studio: Actor, asker: Actor) -> bool:
    if asker.suspended_at is not None or asker.gone_at is not None:
        return True
    if await domain_rules.suspends(tx, host_of(asker.uri)):
        return True
    if await follows.is_blocked(tx, by=studio.id, actor_id=asker.id):
        return True
    return await follows.is_blocked(tx, by=asker.id, actor_id=studio.id)


async def _is_in_our_thread(tx: Transaction, studio: Actor, post: Post) -> bool:
    """Apps write the names of a thread into every answer: "thank you" to us, or to somebody who asked us, names us."""
    parent = await posts.find(tx, post.in_reply_to_id) if post.in_reply_to_id else None
    return parent is not None and (parent.actor_id == studio.id or await _names(tx, parent, studio))


def _wish(site: Site, asker: Actor, post: Post, asked: Asked, models: list[Model]) -> Wish:
    model = choose_model(models, asked.model or site.config.generation.default_model)
    width, height = (choose_size(model, asked.shape) if asked.shape else None) or (None, None)
    most = Visibility(site.config.posting.visibility)
    return Wish(
        prompt=asked.prompt,
        # A model that cannot leave things out paints without the list rather than not at all.
        negative=(asked.negative or "")[:PROMPT_AT_MOST] or None if model.has_negative else None,
        seed=asked.seed,
        width=width,
        height=height,
        model=asked.model,
        visibility=answer_visibility(Visibility(post.visibility), most),
        caption=f"@{name_asker(asker).handle}",
        summary=post.summary,
        sensitive=post.sensitive,
        in_reply_to_id=post.id,
        asker=Asker(asker.id, host_of(asker.uri)),
    )
