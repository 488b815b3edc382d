"""Walks a peer's collection page by page, as values: which page is next, and what was found. It must not fetch.

A collection may have no end, by design of who shows it (T51): so every walk has a bound for pages and one for items,
never asks for one page twice, and never leaves the origin on which it began.
"""

from dataclasses import dataclass

from activitypub.reading import Collection
from activitypub.vocabulary import id_of, same_origin, without_fragment

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class Item:
    """What a collection lists. `document` is there where the collection's server may speak for it: on its origin."""

    uri: str
    document: Document | None


class Walk:
    """A walk that begins at `root`: ask for `next`, then `take` what was answered, until `next` is None."""

    def __init__(self, root: str, *, pages: int, items: int) -> None:
        self._root = without_fragment(root)
        self._pages_left = pages
        self._items_at_most = items
        self._met = {self._root}
        self._found: dict[str, Item] = {}
        self.total: int | None = None
        self.next: str | None = self._root if pages > 0 and items > 0 else None

    @property
    def items(self) -> tuple[Item, ...]:
        """What was found, each once, in the collection's order."""
        return tuple(self._found.values())

    def take(self, url: str, collection: Collection) -> None:
        """Take in the answer to `next`, which came from `url` in the end; one from another origin ends the walk."""
        self._pages_left -= 1
        self.next = None
        if not same_origin(url, self._root):
            return
        if self.total is None:
            self.total = collection.total
        pages = [collection, collection.page] if collection.page is not None else [collection]
        for page in pages:
            self._gather(page)
        last = pages[-1]
        self._go_on(last.next or (last.first if len(pages) == 1 else None))

    def _gather(self, page: Collection) -> None:
        for value in page.items:
            if len(self._found) >= self._items_at_most:
                return
            uri = id_of(value)
            if uri is not None and uri not in self._found:
                own = isinstance(value, dict) and same_origin(uri, self._root)
                self._found[uri] = Item(uri, value if own and isinstance(value, dict) else None)

    def _go_on(self, uri: str | None) -> None:
        uri = without_fragment(uri) if uri is not None else None
        if uri is None or uri in self._met or not same_origin(uri, self._root):
            return
        if self._pages_left > 0 and len(self._found) < self._items_at_most:
            self._met.add(uri)
            self.next = uri
