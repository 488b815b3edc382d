"""One request as a resource sees it: who asks, and with what. It must not know any resource."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from quart.datastructures import FileStorage
from quart.wrappers import Request

from server.oauth.bearer import Bearer
from server.services import Services
from server.site import Site
from server.store.database import Database
from server.store.people.accounts import Account
from server.store.people.actors import Actor


@dataclass(frozen=True, slots=True)
class Call:
    """A request, its token if one was sent, and its file parts by name. `address` is where it comes from.

    `knock` is called before another server is asked for somebody's sake; it raises TooMany where that was often.
    """

    services: Services
    bearer: Bearer | None
    request: Request
    address: str
    knock: Callable[[], None]
    files: Mapping[str, FileStorage] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        """The instance."""
        return self.services.site

    @property
    def database(self) -> Database:
        """Where transactions come from."""
        return self.services.database

    @property
    def viewer(self) -> Actor | None:
        """Who looks; None is a stranger or an app that speaks for nobody."""
        return self.bearer.actor if self.bearer else None

    @property
    def me(self) -> Actor:
        """Who asks; only for routes that demand a person."""
        if self.bearer is None or self.bearer.actor is None:
            raise RuntimeError("this route does not demand a person")
        return self.bearer.actor

    @property
    def my_account(self) -> Account:
        """The account of who asks; only for routes that demand a person."""
        if self.bearer is None or self.bearer.account is None:
            raise RuntimeError("this route does not demand a person")
        return self.bearer.account
