"""One request as a page sees it: who asks, what was sent, and how to answer. It must not know any page."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from jinja2 import Environment
from quart import Response
from quart.datastructures import FileStorage
from quart.wrappers import Request
from werkzeug.datastructures import MultiDict

from server.brake import Brake
from server.callers import client_address
from server.oauth.sessions import Person
from server.passwords import Passwords
from server.problems import Invalid
from server.services import Services
from server.site import Site
from server.store.paging import NEWEST
from server.store.telling import notifications
from server.store.ties import follows
from server.web import tokens
from server.web.emoji import fill

# The longest form is a prompt, a negative and a caption of a few thousand letters, each up to nine bytes when encoded.
FORM_BYTES_AT_MOST = 256 * 1024
# A program's request for consent, with state and challenge, has to survive the log-in on its way.
PATH_LETTERS_AT_MOST = 8192
# As many as a reader has chosen in earnest.
LANGUAGES_AT_MOST = 10
THEMES = ("light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True, slots=True)
class Brakes:
    """The brakes of the door: failed log-ins of a name and of an address, codes, look-ups elsewhere, archives."""

    login_name: Brake
    login_address: Brake
    code: Brake
    lookup: Brake
    archive: Brake


@dataclass(frozen=True, slots=True)
class Web:
    """What the door is built with once. `stopping` ends the event streams when the process is to leave."""

    services: Services
    pages: Environment
    brakes: Brakes
    version: str
    stopping: asyncio.Event
    passwords: Passwords


@dataclass(slots=True)
class Visit:
    """A request, who sent it (None is a stranger), and the form that came with it, with its files."""

    web: Web
    request: Request
    person: Person | None
    form: Mapping[str, str]
    files: Mapping[str, FileStorage] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        """The instance."""
        return self.web.services.site

    @property
    def me(self) -> Person:
        """Who is logged in; only for pages that demand it."""
        if self.person is None:
            raise RuntimeError("this page does not demand a log-in")
        return self.person

    @property
    def viewer_id(self) -> int | None:
        """The actor id of who is logged in."""
        return self.person.actor.id if self.person else None

    @property
    def address(self) -> str:
        """Where the request comes from; behind a proxy of ours, where the proxy says."""
        return client_address(self.request.remote_addr, ",".join(self.request.headers.getlist("X-Forwarded-For")))

    @property
    def holder(self) -> str:
        """Whose forms these are, for their tokens."""
        return self.person.session_hash if self.person else tokens.STRANGER

    def field(self, name: str, limit: int = 10_000) -> str:
        """Return a form field without blanks around it, empty if it was not sent.

        Raises:
            Invalid: it is longer than anybody would type.
        """
        value = self.form.get(name, "").replace("\r\n", "\n").strip()
        if len(value) > limit:
            raise Invalid("That is too long.", field=name)
        return value

    def argument(self, name: str, limit: int = 2048) -> str:
        """Return a query argument, cut at `limit`."""
        return self.request.args.get(name, "")[:limit].strip()

    def before(self) -> int | None:
        """Return the cursor of a list, or None for its beginning."""
        text = self.request.args.get("before", "")
        return min(int(text), NEWEST) if text.isascii() and text.isdigit() and len(text) < 20 else None

    async def page(self, template: str, content: Mapping[str, object], *, status: int = 200) -> Response:
        """Render a template with what every page shows around it."""
        around = {
            "site": self.site,
            "me": self.person,
            "token": tokens.make_token(self.web.services.secret, self.holder),
            "theme": self.theme,
            "here": self.request.path,
            "now": self.site.clock.now(),
            "asset": self._asset,
            "unread": 0,
            "asking": 0,
            "noindex": False,
        }
        if self.person is not None:
            async with self.web.services.database.read() as reader:
                around["unread"] = await notifications.count_unread(reader, self.person.actor.id)
                around["asking"] = await follows.count_followers(reader, self.person.actor.id, state="pending")
        html = self.web.pages.get_template(template).render({**around, **content})
        html = await fill(self.web.services.database, self.site, html)
        return Response(html, status=status, content_type="text/html; charset=utf-8")

    @property
    def languages(self) -> list[str]:
        """What this browser says its reader would have, the dearest first."""
        return [language for language, quality in self.request.accept_languages if quality > 0][:LANGUAGES_AT_MOST]

    @property
    def theme(self) -> str | None:
        """The theme this browser asked for; None follows the system."""
        wanted = self.request.cookies.get(THEME_COOKIE)
        return wanted if wanted in THEMES else None

    def go(self, path: str) -> Response:
        """Send the browser to one of our own pages, after a form."""
        return Response(status=303, headers={"Location": path})

    def go_back(self, otherwise: str) -> Response:
        """Send the browser where the form says it came from, if that is one of our pages."""
        return self.go(local_path(self.form.get("back"), otherwise))

    def _asset(self, path: str) -> str:
        return f"/assets/{self.web.version}/{path}"


Handler: TypeAlias = Callable[..., Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """A place on the map: method, path, what answers, and who may come: anyone, a person who is logged in, or one who
    runs the instance.

    `body_bytes` is how much a form may have, with its files.
    """

    method: Literal["GET", "POST"]
    path: str
    handler: Handler
    who: Literal["anyone", "person", "admin"]
    body_bytes: int = FORM_BYTES_AT_MOST


def local_path(text: str | None, otherwise: str) -> str:
    """Return `text` if it is a path on our own origin, for going back without being led astray.

    Paths of ours are plain ASCII, and a header can hold nothing else.
    """
    if not text or not text.startswith("/") or text[1:2] in ("/", "\\") or len(text) > PATH_LETTERS_AT_MOST:
        return otherwise
    if any(not 33 <= ord(letter) < 127 or letter == "\\" for letter in text):
        return otherwise
    return text


def flatten(form: "MultiDict[str, str]") -> dict[str, str]:
    """Return a form as names and first values."""
    return {name: str(form[name]) for name in form}
