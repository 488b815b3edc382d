"""Ends a wish that could not be painted, and tells who waits for it elsewhere. It must not decide to give up."""

from server.actions.painting.answer_asker import answer_asker
from server.actions.painting.break_promise import break_promise_of
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.writing import generations, posts
from server.store.writing.generations import Generation

# A sentence for people, though it was written by the generator about what it got.
REASON_AT_MOST = 300


async def fail_picture(
    tx: Transaction, site: Site, generation_id: int, *, message: str, reason: str | None = None
) -> None:
    """End a wish as failed with `message` for its owner; `reason` is what people elsewhere may read of it.

    Nothing happens when it has ended already.
    """
    if not await generations.finish(tx, generation_id, generations.FAILED, at=site.clock.now(), error=message):
        return
    await break_promise_of(tx, site, generation_id, message)
    generation = await generations.find(tx, generation_id)
    if generation is not None and generation.commissioned_by is not None:
        words = f"this could not be painted. {reason or ''}".strip()[:REASON_AT_MOST]
        await _tell(tx, site, generation, generation.commissioned_by, words)


async def _tell(tx: Transaction, site: Site, generation: Generation, asker_id: int, words: str) -> None:
    studio = await actors.find(tx, generation.actor_id)
    asker = await actors.find(tx, asker_id)
    question = await posts.find(tx, generation.in_reply_to_id) if generation.in_reply_to_id else None
    if studio is not None and asker is not None and question is not None:
        await answer_asker(tx, site, studio, asker, question, words)
