"""Looks whether a page links back to a profile with rel="me". It must not believe what else the page says."""

from server.html import find_me_links
from server.remote.seam import FetchFailed, Reach

# Mastodon reads as much of a page (verify_link_service.rb).
PAGE_BYTES = 1024 * 1024


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
