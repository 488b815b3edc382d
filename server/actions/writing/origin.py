"""Says how the pictures of a post came to be, below its words. It must not ask the author, who cannot take it off."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from server.actions.painting.manifests import PaintedWith, read_manifest
from server.actions.writing.compose import hashtag_link
from server.html import clean, plain_text
from server.site import Site
from server.store.database import Reader
from server.store.writing import generations
from server.store.writing.generations import Generation
from server.store.writing.media import Media
from server.store.writing.posts import Post


@dataclass(frozen=True, slots=True)
class Origin:
    """The wish of the first picture that was painted here; `generated` is true for pictures from elsewhere too."""

    generation: Generation | None
    generated: bool


async def find_origin(reader: Reader, pictures: Sequence[Media]) -> Origin:
    """Return how the pictures of a post came to be; they stand in their order."""
    first = next((one.generation_id for one in pictures if one.generation_id is not None), None)
    generation = await generations.find(reader, first) if first is not None else None
    return Origin(generation, any(one.is_generated for one in pictures))


def write_origin(site: Site, generation: Generation | None) -> str:
    """Return the words under a generated picture: its prompt, its origin and the hashtag."""
    painted = read_manifest(generation.manifest) if generation else None
    if generation is None or painted is None:
        return ""
    prompt = f"<p>“{html.escape(generation.prompt)}”</p>" if site.config.posting.show_prompt else ""
    return f"{prompt}<p>{_origin(painted)}{_label(site)}</p>"


def change_origin(site: Site, content: str, before: Generation | None, after: Generation | None) -> str:
    """Return a post's HTML with the words of `after` below it, in place of those of `before`.

    Clients send back what they were shown, where the words have been cleaned.
    """
    old = write_origin(site, before)
    return content.removesuffix(old).removesuffix(clean(old)) + write_origin(site, after)


async def find_words(reader: Reader, site: Site, post: Post) -> str:
    """Return what its author typed; where a client wrote HTML, the plain words of that."""
    if post.source is not None:
        return post.source
    generation = await generations.find(reader, post.generation_id) if post.generation_id is not None else None
    return plain_text(change_origin(site, post.content_html, generation, None))


def _origin(painted: PaintedWith) -> str:
    if painted.drawn_by_rules:
        return "Drawn by rules, not by a model."
    return f"Painted by {html.escape(painted.model)}."


def _label(site: Site) -> str:
    """The hashtag of generated pictures, behind a blank; nothing where the operator wants none."""
    hashtag = site.config.posting.hashtag
    return f" {hashtag_link(site, hashtag)}" if hashtag else ""
