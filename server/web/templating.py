"""Builds the template engine: everything escaped, nothing undefined. It must not know any page."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from server.actions.network.shown_files import STILL, avatar_url, header_url
from server.actions.writing.quote_line import without_line
from server.ids import iso
from server.web import emoji, text
from server.web.gallery import cards


@cache
def build() -> Environment:
    """Return the engine with our filters; compiling the templates takes a fifth of a second, so there is one."""
    pages = Environment(
        loader=PackageLoader("server.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Templates lie in the package and do not change while we run.
        auto_reload=False,
    )
    pages.filters.update(
        marked=emoji.mark_html,
        worded=emoji.mark_words,
        outside=text.outside,
        plain=text.plain,
        beside_quote=without_line,
        cut=text.cut,
        day=text.day,
        year=text.year,
        count=text.count,
        duration=text.seconds,
        iso=iso,
    )
    pages.globals.update(
        ago=text.ago, avatar_url=avatar_url, header_url=header_url, profile_path=cards.profile_path, STILL=STILL
    )
    return pages
