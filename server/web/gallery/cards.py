"""Gathers what a page shows of posts: author, pictures, origin, the viewer's reactions. It must not decide who sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from server.actions.network.shown_files import SMALL, STILL, picture_url
from server.actions.painting.manifests import PaintedWith, read_manifest
from server.actions.writing.see import may_see_post
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.reading import reactions, told_counts
from server.store.reading.told_counts import PostCounts
from server.store.writing import generations, media
from server.store.writing.media import Media
from server.store.writing.posts import Post
from server.web.text import cut, plain

# The justified rows know shapes from 1:2 to 5:2 in tenths (static/gallery.css); what is longer is cropped there.
NARROWEST, WIDEST = 5, 25
# Longest side of the small rendition.
THUMBNAIL = 400


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a page needs it: addresses, size and words. `shape` is width to height in tenths.

    `focus` says in tenths from left and top what matters most, for where it is cropped.
    """

    url: str
    file_url: str
    small_url: str | None
    small_width: int
    alt: str
    width: int | None
    height: int | None
    blurhash: str | None
    shape: int
    focus: tuple[int, int] | None = None
    # For who wants nothing to move, where it may.
    still_url: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A post as a page shows it; `painted` only for pictures made here, `prompt` only where it may be shown."""

    post: Post
    author: Actor
    pictures: tuple[Picture, ...]
    path: str
    painted: PaintedWith | None
    prompt: str | None
    liked: bool
    boosted: bool
    mine: bool
    # Who brought it into the reader's home feed.
    booster: Actor | None = None
    # At the head of its author's page.
    pinned: bool = False
    # What a peer tells of its own post.
    told: PostCounts = field(default_factory=PostCounts)

    @property
    def open(self) -> bool:
        """Whether anybody may see it, so that it may be boosted and previewed."""
        return self.post.visibility in ("public", "unlisted")

    @property
    def by_rules(self) -> bool:
        """Whether the picture was drawn by rules and not by a model."""
        return self.painted is not None and self.painted.drawn_by_rules

    @property
    def title(self) -> str:
        """A short name for the picture: its warning, its prompt, or the author's words."""
        if self.post.summary:
            return cut(self.post.summary, 80)
        return cut(self.prompt, 80) or plain(self.post.content_html, 80) or "Untitled"

    @property
    def likes_count(self) -> int:
        """How many like it, as far as we know or are told."""
        return max(self.post.likes_count, self.told.likes or 0)

    @property
    def shares_count(self) -> int:
        """How many boosted it, as far as we know or are told."""
        return max(self.post.shares_count, self.told.shares or 0)

    @property
    def replies_count(self) -> int:
        """How many answer it, as far as we know or are told."""
        return max(self.post.replies_count, self.told.replies or 0)

    @property
    def veiled(self) -> bool:
        """Whether it is shown only when asked for."""
        return self.post.sensitive or self.post.summary is not None


def profile_path(actor: Actor) -> str:
    """Return the path of somebody's page here."""
    return f"/@{actor.username}" if actor.local else f"/@{actor.username}@{actor.host}"


def post_path(author: Actor, post: Post) -> str:
    """Return the path of a post's page here."""
    return f"{profile_path(author)}/{post.id}"


async def gather(reader: Reader, site: Site, found: Sequence[Post], viewer_id: int | None) -> list[Card]:
    """Return cards for posts, in their order; posts of nobody we know any more are left out."""
    if not found:
        return []
    people = await actors.find_many(reader, [post.actor_id for post in found])
    pictures = await media.list_of_posts(reader, [post.id for post in found])
    made = await generations.find_many(reader, [post.generation_id for post in found if post.generation_id])
    own = await reactions.find_on_posts(reader, viewer_id, [post.id for post in found]) if viewer_id else set()
    told = await told_counts.list_of_posts(reader, [post.id for post in found if not post.local])
    cards = []
    for post in found:
        author = people.get(post.actor_id)
        if author is None or author.suspended_at is not None or author.gone_at is not None:
            continue
        painted = read_manifest(made[post.generation_id].manifest) if post.generation_id in made else None
        shows_prompt = painted is not None and (site.config.posting.show_prompt or post.actor_id == viewer_id)
        cards.append(
            Card(
                post=post,
                author=author,
                pictures=tuple(show(site, one) for one in pictures.get(post.id, ())),
                path=post_path(author, post),
                painted=painted,
                prompt=painted.prompt if painted and shows_prompt else None,
                liked=(reactions.LIKE, post.id) in own,
                boosted=(reactions.ANNOUNCE, post.id) in own,
                mine=post.actor_id == viewer_id,
                told=told.get(post.id, PostCounts()),
            )
        )
    return cards


async def only_seen(reader: Reader, found: Iterable[Post], viewer: Actor | None) -> list[Post]:
    """Return the posts that `viewer` may see."""
    found = list(found)
    people = await actors.find_many(reader, [post.actor_id for post in found]) if found else {}
    return [
        post
        for post in found
        if (author := people.get(post.actor_id)) and await may_see_post(reader, post, author, viewer)
    ]


def show(site: Site, picture: Media) -> Picture:
    """Return a picture with the addresses of its files: ours by path, a peer's through us."""
    full = f"/media/{picture.file_key}" if picture.file_key else (picture_url(site, picture) or "")
    small = f"/media/{picture.thumbnail_key}" if picture.thumbnail_key else picture_url(site, picture, SMALL)
    width, height = picture.width, picture.height
    longest = max(width or 0, height or 0)
    return Picture(
        url=f"/media/{picture.web_key}" if picture.web_key else full,
        file_url=site.media_url(picture.file_key) if picture.file_key else full,
        small_url=small,
        small_width=min(width or THUMBNAIL, round((width or 1) * THUMBNAIL / longest)) if longest else THUMBNAIL,
        alt=picture.alt,
        width=width,
        height=height,
        blurhash=picture.blurhash,
        shape=_shape(width, height),
        focus=_focus(picture),
        still_url=None if picture.media_type == "image/jpeg" else picture_url(site, picture, STILL),
    )


def _focus(picture: Media) -> tuple[int, int] | None:
    """From -1 to 1, right and up, as Mastodon keeps it, to tenths of the way right and down."""
    if picture.focal_x is None or picture.focal_y is None:
        return None
    return round(5 * (picture.focal_x + 1)), round(5 * (1 - picture.focal_y))


def _shape(width: int | None, height: int | None) -> int:
    if not width or not height:
        return 10
    return max(NARROWEST, min(WIDEST, round(10 * width / height)))
