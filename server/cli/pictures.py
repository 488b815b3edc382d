"""`pinxit generate`: asks for a picture and waits for it. It must not paint by itself."""

import asyncio
import sys
from collections.abc import Awaitable

import click

from activitypub.audience import Visibility
from server.actions.network.audit import note_act
from server.actions.painting.request_picture import Wish, request_picture
from server.cli.accounts import find_account
from server.cli.ground import Stop, folder_of
from server.cli.running import operator, with_services
from server.problems import NotFound
from server.services import Services
from server.store.database import Reader
from server.store.writing import generations, posts
from server.store.writing.generations import Generation
from server.store.writing.posts import Post
from server.work import is_anyone_working, run_workers

LOOK_SECONDS = 0.2
VISIBILITIES = [level.value for level in Visibility if level is not Visibility.DIRECT]


@click.command()
@click.argument("prompt")
@click.option("--as", "name", required=True, help="Whose picture it is.")
@click.option("--visibility", type=click.Choice(VISIBILITIES), help="Who sees the post; else as configured.")
@click.option("--seed", type=int, help="The same seed paints the same picture.")
@click.option("--model", help="Which model paints.")
@click.option("--alt", help="Alternative text; else it is made from the prompt.")
@click.option("--caption", help="What the post says.")
@click.option("--width", type=int)
@click.option("--height", type=int)
@click.option("--steps", type=int)
@click.option("--draft", is_flag=True, help="Paint, do not publish.")
@click.pass_context
def generate(context: click.Context, /, prompt: str, name: str, draft: bool, **options: str | int | None) -> None:
    """Paint PROMPT and publish it; prints the post's address."""
    wish = _read_wish(prompt, draft, options)

    async def work(services: Services) -> str:
        async with services.database.write() as tx:
            _, author = await find_account(tx, name)
            generation = await request_picture(tx, services.site, author, wish)
            # Which wish, not what was wished: prompts are their owner's.
            whose, which = f"@{author.handle}", str(generation.id)
            await note_act(tx, services.site, operator(), "account.paint", whose, after=which)
        folder = folder_of(context)
        waiting = _wait(services, generation.id)
        if is_anyone_working(folder, "render"):
            return await waiting
        stop = asyncio.Event()
        return await _beside_worker(waiting, asyncio.create_task(run_workers(services, folder, ["render"], stop)), stop)

    click.echo(with_services(context, work))


def _read_wish(prompt: str, draft: bool, options: dict[str, str | int | None]) -> Wish:
    def text(key: str) -> str | None:
        value = options[key]
        return None if value is None else str(value)

    def number(key: str) -> int | None:
        value = options[key]
        return None if value is None else int(value)

    visibility = text("visibility")
    return Wish(
        prompt=prompt,
        seed=number("seed"),
        model=text("model"),
        alt=text("alt"),
        caption=text("caption"),
        width=number("width"),
        height=number("height"),
        steps=number("steps"),
        draft=draft,
        visibility=Visibility(visibility) if visibility else None,
    )


async def _beside_worker(waiting: Awaitable[str], worker: "asyncio.Task[None]", stop: asyncio.Event) -> str:
    """Nobody paints for this instance now, so this process does until the wish has ended."""
    answer = asyncio.ensure_future(waiting)
    await asyncio.wait((answer, worker), return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    if not answer.done():
        answer.cancel()
        await worker
        raise Stop("the generator ended by itself")
    await worker
    return answer.result()


async def _wait(services: Services, generation_id: int) -> str:
    """Show the progress of a wish until it ends; return the address of its post, or of the draft."""
    with click.progressbar(length=1, label="Painting", file=sys.stderr) as bar:
        while True:
            async with services.database.read() as reader:
                generation = await _find_generation(reader, generation_id)
                post = await posts.find_by_generation(reader, generation_id)
            if generation.steps_total and generation.steps_total != bar.length:
                bar.length = generation.steps_total
            steps = generation.step if generation.is_open else bar.length or 0
            bar.update(max(0, steps - bar.pos))
            if not generation.is_open:
                return _answer(services, generation, post)
            await asyncio.sleep(LOOK_SECONDS)


async def _find_generation(reader: Reader, generation_id: int) -> Generation:
    generation = await generations.find(reader, generation_id)
    if generation is None:
        raise NotFound("The wish is gone.")
    return generation


def _answer(services: Services, generation: Generation, post: Post | None) -> str:
    if generation.state != generations.PAINTED:
        raise Stop(f"not painted: {generation.error or generation.state}")
    return post.uri if post else f"{services.site.origin}/create/{generation.id}"
