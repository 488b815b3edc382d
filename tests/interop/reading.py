"""Reads what a logged-in person sees, page by page. It must not know where the posts come from."""

import re

import httpx

# More pages than all inputs can fill.
MOST_PAGES = 40
_POST = re.compile(r'href="(/@[^"/?#]+/\d+)"')
_OLDER = re.compile(r'href="(\?before=\d+)"')


def home_paths(client: httpx.Client) -> list[str]:
    """The addresses of all posts in the home feed, newest first, once each."""
    paths: dict[str, None] = {}
    address = "/home"
    for _ in range(MOST_PAGES):
        page = client.get(address)
        assert page.status_code == 200, page.text
        paths.update(dict.fromkeys(_POST.findall(page.text)))
        older = _OLDER.search(page.text)
        if older is None:
            break
        address = f"/home{older[1]}"
    return list(paths)


def find_post_page(client: httpx.Client, words: str) -> str | None:
    """The page of the post in the home feed that says `words`; None while there is none."""
    for path in home_paths(client):
        page = client.get(path)
        if words in page.text:
            return page.text
    return None
