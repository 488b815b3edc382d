"""Shows filters, and where a post met one, as clients know them. It must not match anything."""

from server.actions.ties.filtering import Match
from server.mastodon.entities.basics import Filter, FilterKeyword, FilterResult, FilterStatus
from server.mastodon.words import show_time
from server.store.reading.filters import FilteredPost, Keyword, WholeFilter


def show_filter(one: WholeFilter) -> Filter:
    """Return a filter with all that it looks for."""
    return Filter(
        id=str(one.filter.id),
        title=one.filter.title,
        context=list(one.filter.places),
        expires_at=show_time(one.filter.expires_at),
        filter_action=one.filter.action,
        keywords=[show_keyword(word) for word in one.keywords],
        statuses=[show_named_post(post) for post in one.posts],
    )


def show_keyword(word: Keyword) -> FilterKeyword:
    """Return a word of a filter."""
    return FilterKeyword(id=str(word.id), keyword=word.keyword, whole_word=word.whole_word)


def show_named_post(entry: FilteredPost) -> FilterStatus:
    """Return a post's entry in a filter."""
    return FilterStatus(id=str(entry.id), status_id=str(entry.post_id))


def show_match(match: Match) -> FilterResult:
    """Return a filter that a post met, with the words and posts by which it did."""
    return FilterResult(
        filter=show_filter(match.filter),
        keyword_matches=list(match.keywords) or None,
        status_matches=[str(post_id) for post_id in match.post_ids] or None,
    )
