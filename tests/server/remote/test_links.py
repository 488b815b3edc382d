"""Whether a page links back to a profile."""

import pytest

from server.html import find_me_links
from server.remote.links import links_back
from server.remote.seam import FetchFailed

PROFILE = "https://pinxit.example/@alice"


class Pages:
    """A reach of which only one page answers."""

    def __init__(self, body, media_type="text/html"):
        self.answer = (body.encode(), media_type)
        self.peers = self

    async def download(self, url, max_bytes):
        if url != "https://alice.example/":
            raise FetchFailed("nobody is there")
        return self.answer


@pytest.mark.parametrize(
    "page",
    [
        f'<a rel="me" href="{PROFILE}">me</a>',
        f'<head><link href="{PROFILE}/" rel="alternate ME"></head>',
        f'<p>broken <a href=" {PROFILE.upper()} " rel=me>',
    ],
)
async def test_a_page_that_says_me_links_back(page):
    assert await links_back(Pages(page), "https://alice.example/", frozenset({PROFILE}))


@pytest.mark.parametrize(
    "page",
    [
        f'<a href="{PROFILE}">a friend</a>',
        f'<a rel="men" href="{PROFILE}">x</a>',
        f'<a rel="me" href="{PROFILE}2">x</a>',
        f'<!-- <a rel="me" href="{PROFILE}"> -->',
        "",
    ],
)
async def test_a_page_that_does_not_say_me_proves_nothing(page):
    assert not await links_back(Pages(page), "https://alice.example/", frozenset({PROFILE}))


async def test_what_is_no_page_or_is_not_there_proves_nothing():
    link = f'<a rel="me" href="{PROFILE}">me</a>'
    assert not await links_back(Pages(link, "text/plain"), "https://alice.example/", frozenset({PROFILE}))
    assert not await links_back(Pages(link), "https://b.example/", frozenset({PROFILE}))


def test_a_page_of_endless_links_is_read_to_a_bound():
    assert len(find_me_links("".join(f'<a rel="me" href="/{number}">' for number in range(10_000)))) == 5000


@pytest.mark.parametrize("odd", ["<![CDx[", "<![if x]>", "<!DOCTYPE [<!x", "<!", "</", "<a rel=me", "<![temp[ x ]]>"])
def test_a_page_that_breaks_off_oddly_is_read_so_far(odd):
    assert find_me_links(f'<a rel="me" href="/x">x</a>{odd}') == {"/x"}
