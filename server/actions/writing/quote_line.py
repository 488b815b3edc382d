"""The line of a quoting post that stands for the quote where none are known. It must not touch its author's words."""

import html
import re

from server.store.writing.posts import Post

_LINE = re.compile(r'\A<p class="quote-inline">.*?</p>', re.DOTALL)


def write_line(quoted: Post) -> str:
    """Return the line, as HTML; those who know quotes hide it."""
    address = html.escape(quoted.url or quoted.uri)
    return f'<p class="quote-inline">RE: <a href="{address}">{address}</a></p>'


def without_line(content_html: str) -> str:
    """Return what a post says beside it. Where that is nothing, the line stays: a post without words is none."""
    return _LINE.sub("", content_html) or content_html
