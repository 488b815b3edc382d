"""Shows posts as clients know them, all of a list at once. What the viewer may not see is left out.

It must not ask the store once per post; `facts` gathers what a list is shown with.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias, TypedDict

import msgspec

from activitypub.audience import Visibility, is_open
from server.actions.ties.filtering import Match
from server.actions.writing.spoken import in_language
from server.ids import iso
from server.mastodon.entities.basics import (
    Account,
    Mention,
    Painted,
    PleromaStatus,
    Quote,
    QuoteApproval,
    Status,
    StatusTag,
)
from server.mastodon.entities.basics import Poll as ShownPoll
from server.mastodon.facts import Facts, gather
from server.mastodon.showing.emoji import show_tally
from server.mastodon.showing.filters import show_match
from server.mastodon.showing.media import show_media
from server.mastodon.showing.policies import AUTHOR, Stance, show_policy
from server.mastodon.showing.polls import show_poll
from server.mastodon.words import show_acct, show_time, show_visibility
from server.site import Site
from server.store.database import Reader
from server.store.people import preferences
from server.store.people.actors import Actor
from server.store.reading.reactions import ANNOUNCE, LIKE, Reaction
from server.store.reading.timelines import Entry
from server.store.reading.told_counts import PostCounts
from server.store.writing import quotes
from server.store.writing.interactions import FOLLOWERS, FOLLOWING, MENTIONED, PUBLIC
from server.store.writing.posts import Post
from server.store.writing.quotes import QuotePolicy


class Counts(TypedDict):
    """How much others did with a post."""

    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int


class Marks(TypedDict):
    """What the viewer did with a post."""

    favourited: bool
    reblogged: bool
    muted: bool
    bookmarked: bool
    pinned: bool


# Where a list stands, as filters name it. None is a post that was asked for by itself.
FilterContext: TypeAlias = Literal["home", "notifications", "public", "thread", "account"]
# In these the viewer meets posts unasked, so whom they muted is left out.
UNASKED = ("home", "notifications", "public", "thread")


async def show_statuses(
    reader: Reader, site: Site, found: Sequence[Post], viewer: Actor | None, *, context: FilterContext | None = None
) -> list[Status]:
    """Return posts in their order, without those that the viewer may not see or does not want to meet."""
    return await show_entries(reader, site, [Entry(post.id, post) for post in found], viewer, context=context)


async def show_reblogs(
    reader: Reader,
    site: Site,
    boosts: Sequence[tuple[Reaction, Post]],
    viewer: Actor | None,
    *,
    context: FilterContext | None = None,
) -> list[Status]:
    """Return boosts in their order: posts with the boost's id, and what was boosted inside."""
    entries = [Entry(boost.id, post, boost) for boost, post in boosts]
    return await show_entries(reader, site, entries, viewer, context=context)


async def show_status(reader: Reader, site: Site, post: Post, viewer: Actor | None) -> Status | None:
    """Return one post; None where the viewer may not see it."""
    shown = await show_statuses(reader, site, [post], viewer)
    return shown[0] if shown else None


async def show_entries(
    reader: Reader, site: Site, entries: Sequence[Entry], viewer: Actor | None, *, context: FilterContext | None = None
) -> list[Status]:
    """Return the lines of a feed, posts and boosts, in their order."""
    if not entries:
        return []
    entries = await _spoken_for(reader, entries, viewer)
    shown = _Showing(site, viewer, context, await gather(reader, site, entries, viewer))
    return [status for entry in entries if (status := shown.entry(entry)) is not None]


async def _spoken_for(reader: Reader, entries: Sequence[Entry], viewer: Actor | None) -> Sequence[Entry]:
    """Return the lines in the language in which the viewer writes, where a post has it."""
    if viewer is None or all(entry.post.extra is None for entry in entries):
        return entries
    language = (await preferences.find(reader, viewer.id)).language
    wanted = [language] if language else []
    return [replace(entry, post=in_language(entry.post, wanted)) for entry in entries]


class _Showing:
    """One list on its way to one viewer. It asks nothing: all is in `facts`."""

    def __init__(self, site: Site, viewer: Actor | None, context: FilterContext | None, facts: Facts) -> None:
        self._site = site
        self._viewer = viewer
        self._context = context
        self._facts = facts
        self._now = site.clock.now()

    def entry(self, entry: Entry) -> Status | None:
        """Return a line, or None where it is not to be shown."""
        if self._is_unwanted(entry.post):
            return None
        status = self._status(entry.post)
        if entry.boost is None or status is None:
            return status
        booster = self._facts.people.get(entry.boost.actor_id)
        if booster is None or self._is_unwelcome(entry.boost.actor_id):
            return None
        return _wrap(entry.boost, booster, status)

    def _is_unwanted(self, post: Post) -> bool:
        """Whether the viewer does not want to meet this here: whose it is, or what it says."""
        hides = any(match.hides and self._context in match.filter.filter.places for match in self._matches(post))
        return hides or self._is_unwelcome(post.actor_id)

    def _is_unwelcome(self, actor_id: int) -> bool:
        return self._context in UNASKED and actor_id in self._facts.ties.hidden

    def _matches(self, post: Post) -> Sequence[Match]:
        return self._facts.matches.get(post.id, ())

    def _status(self, post: Post, *, inner: bool = False) -> Status | None:
        """Return a post, or None where the viewer may not see it. `inner` is one that stands in another as a quote."""
        facts = self._facts
        author = facts.people.get(post.actor_id)
        if author is None or post.id not in facts.seen:
            return None
        return Status(
            id=str(post.id),
            created_at=iso(post.published_at),
            in_reply_to_id=_text(post.in_reply_to_id),
            in_reply_to_account_id=_text(facts.parents.get(post.in_reply_to_id or 0)),
            sensitive=post.sensitive,
            spoiler_text=post.summary or "",
            visibility=show_visibility(post.visibility),
            language=post.language,
            uri=post.uri,
            url=post.url or post.uri,
            **self._counts(post),
            edited_at=show_time(post.updated_at),
            **self._marks(post),
            content=post.content_html,
            text=None,
            filtered=[show_match(match) for match in self._matches(post)],
            reblog=None,
            application=None,
            account=author,
            media_attachments=[show_media(self._site, picture) for picture in facts.pictures.get(post.id, ())],
            mentions=[_mention(one) for one in facts.mentioned.get(post.id, ())],
            tags=[StatusTag(name=tag, url=self._site.hashtag_url(tag)) for tag in facts.tags.get(post.id, ())],
            emojis=facts.shelf.pick(facts.hosts.get(post.actor_id, ""), post.content_html, post.summary),
            card=None,
            poll=self._poll(post),
            quote=self._quote(post, inner=inner),
            quote_approval=self._approval(post),
            interaction_policy=show_policy(post, facts.rules.get(post.id, {}), self._stance(post)),
            pleroma=PleromaStatus(emoji_reactions=show_tally(self._site, facts.emoji.get(post.id, ()))),
            pinxit=self._painted(post),
        )

    def _counts(self, post: Post) -> Counts:
        told = self._facts.told.get(post.id, PostCounts())
        return Counts(
            replies_count=max(post.replies_count, told.replies or 0),
            reblogs_count=max(post.shares_count, told.shares or 0),
            favourites_count=max(post.likes_count, told.likes or 0),
            quotes_count=self._facts.quote_counts.get(post.id, 0),
        )

    def _marks(self, post: Post) -> Marks:
        own = self._facts.own
        return Marks(
            favourited=(LIKE, post.id) in own.reacted,
            reblogged=(ANNOUNCE, post.id) in own.reacted,
            muted=post.id in own.muted,
            bookmarked=post.id in own.bookmarked,
            pinned=post.id in own.pinned,
        )

    def _stance(self, post: Post) -> Stance:
        """Say under which words of a policy the viewer falls."""
        if self._viewer is None:
            return Stance()
        ties, me = self._facts.ties, self._viewer
        words = {
            AUTHOR: post.actor_id == me.id,
            PUBLIC: True,
            FOLLOWERS: post.actor_id in ties.followed,
            FOLLOWING: post.actor_id in ties.following_viewer,
            MENTIONED: any(one.id == me.id for one in self._facts.mentioned.get(post.id, ())),
        }
        return Stance(frozenset(word for word, falls in words.items() if falls), me.uri)

    def _poll(self, post: Post) -> ShownPoll | None:
        poll = self._facts.polls.get(post.id)
        if poll is None:
            return None
        mine = self._viewer is not None and post.actor_id == self._viewer.id
        shown = show_poll(poll, choices=self._facts.own.choices.get(post.id, ()), mine=mine, now=self._now)
        emojis = self._facts.shelf.pick(
            self._facts.hosts.get(post.actor_id, ""), *(option.title for option in poll.options)
        )
        return msgspec.structs.replace(shown, emojis=emojis) if emojis else shown

    def _quote(self, post: Post, *, inner: bool) -> Quote | None:
        """Return what a post quotes; a quote in a quote by its id alone."""
        quote = self._facts.quotes.get(post.id)
        if quote is None:
            return None
        if quote.state != quotes.ACCEPTED or quote.quoted_id is None:
            return Quote(state=quote.state, quoted_status=None)
        if inner:
            return Quote(state=quote.state, quoted_status=None, quoted_status_id=str(quote.quoted_id))
        quoted = self._facts.quoted.get(quote.quoted_id)
        if quoted is None or quoted.deleted_at is not None:
            return Quote(state="deleted", quoted_status=None)
        shown = self._status(quoted, inner=True)
        if shown is None:
            return Quote(state="unauthorized", quoted_status=None)
        return Quote(state=quote.state, quoted_status=shown, quoted_status_id=shown.id)

    def _approval(self, post: Post) -> QuoteApproval:
        policy = self._facts.policies.get(post.id)
        said = policy or QuotePolicy()
        return QuoteApproval(
            automatic=_groups(said.automatic),
            manual=_groups(said.manual),
            current_user=self._may_quote(post, policy),
        )

    def _may_quote(self, post: Post, policy: QuotePolicy | None) -> str:
        """Return what `actions.quote.may_quote` would say, from facts that are here already."""
        if self._viewer is None or post.visibility == Visibility.DIRECT:
            return "denied"
        if post.actor_id == self._viewer.id:
            return "automatic"
        if not is_open(Visibility(post.visibility)):
            return "denied"
        if policy is None:
            return "denied" if post.local else "unknown"
        groups = {quotes.PUBLIC} | ({quotes.FOLLOWERS} if post.actor_id in self._facts.ties.followed else set())
        if policy.automatic in groups:
            return "automatic"
        return "manual" if policy.manual in groups else "denied"

    def _painted(self, post: Post) -> Painted | None:
        """Return how its picture came to be, as far as the web page says it too."""
        if not post.generated:
            return None
        made = self._facts.painted.get(post.generation_id or 0)
        if made is None:
            return Painted(generated=True)
        shown = self._site.config.posting.show_prompt or (self._viewer is not None and post.actor_id == self._viewer.id)
        return Painted(
            generated=True,
            model=made.model,
            prompt=made.prompt if shown else None,
            negative_prompt=made.negative if shown else None,
            seed=str(made.seed) if shown else None,
            steps=made.steps,
            guidance=made.guidance,
            drawn_by_rules=made.drawn_by_rules,
        )


def _wrap(boost: Reaction, booster: Account, status: Status) -> Status:
    """Return a boost: what was boosted is inside, and repeated outside for clients that look there."""
    return msgspec.structs.replace(
        status,
        id=str(boost.id),
        created_at=iso(boost.created_at),
        uri=boost.uri,
        visibility=show_visibility(boost.visibility or status.visibility),
        account=booster,
        reblog=status,
        media_attachments=[],
        quote=None,
        poll=None,
    )


def _mention(one: Actor) -> Mention:
    return Mention(id=str(one.id), username=one.username, url=one.url or one.uri, acct=show_acct(one))


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _groups(group: str) -> list[str]:
    return [] if group == quotes.NOBODY else [group]
