"""Looks whether a page links back to a profile with rel="me". It must not believe what else the page says."""

from html.parser import HTMLParser

from server.remote.seam import FetchFailed, Reach

# Mastodon reads as much of a page (verify_link_service.rb).
PAGE_BYTES = 1024 * 1024
LINKS_AT_MOST = 5000


class _Links(HTMLParser):
    """Collects the addresses that a page calls `me`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()
        self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of an `a` or `link` with rel="me"."""
        if tag not in ("a", "link") or self.seen >= LINKS_AT_MOST:
            return
        self.seen += 1
        named = dict(attrs)
        if "me" in (named.get("rel") or "").lower().split() and named.get("href"):
            self.found.add(str(named["href"]).strip())


def find_me_links(page: str) -> set[str]:
    """Return the addresses that a page links to with rel="me"."""
    reader = _Links()
    reader.feed(page)
    reader.close()
    return reader.found


async def links_back(reach: Reach, url: str, profile_urls: frozenset[str]) -> bool:
    """Whether the page at `url` links to one of `profile_urls` with rel="me"; a page that cannot be had does not."""
    try:
        body, media_type = await reach.peers.download(url, PAGE_BYTES)
    except FetchFailed:
        return False
    if media_type not in ("text/html", "application/xhtml+xml"):
        return False
    wanted = {one.rstrip("/").lower() for one in profile_urls}
    return not wanted.isdisjoint(link.rstrip("/").lower() for link in find_me_links(body.decode("utf-8", "replace")))
