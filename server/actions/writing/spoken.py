"""What a post says in several languages: the words under a generated picture in each, and the one that fits a reader.

The other languages stand in what its client wrote beyond our columns (`extra`). It must not translate anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from activitypub.languages import choose_language
from server.actions.writing.origin import change_origin
from server.site import Site
from server.store.writing.generations import Generation
from server.store.writing.posts import Post

Document = dict[str, object]


def change_spoken(
    site: Site, extra: Mapping[str, object], before: Generation | None, after: Generation | None
) -> Document:
    """Return the extras of a post whose words in every language end in those of `after`, in place of `before`."""
    spoken = extra.get("contentMap")
    if not isinstance(spoken, dict):
        return dict(extra)
    changed = {language: change_origin(site, str(words), before, after) for language, words in spoken.items()}
    return {**extra, "contentMap": changed}


def in_language(post: Post, wanted: Sequence[str]) -> Post:
    """Return a post as it is for a reader who would have it in these languages, the dearest first."""
    if post.extra is None or not wanted:
        return post
    content, summary = (_spoken(post, name) for name in ("contentMap", "summaryMap"))
    language = choose_language([*([post.language] if post.language else []), *content, *summary], wanted)
    if language is None or language == post.language:
        return post
    return replace(
        post,
        content_html=content.get(language, post.content_html),
        summary=summary.get(language, post.summary),
        language=language,
        # What its author typed are other words.
        source=None,
    )


def _spoken(post: Post, name: str) -> dict[str, str]:
    found = post.more.get(name)
    return found if isinstance(found, dict) else {}
