"""Builds the web application from its doors. It must never import the generator's engines, nor open anything itself."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from quart import Quart, Request, Response

from server.config import ConfigError, WebConfig
from server.federation import door as federation
from server.jobs.sqlite import count_jobs
from server.listening import BoundedProtocol
from server.mastodon import door as mastodon
from server.oauth import door as oauth
from server.services import Services
from server.store.network import deliveries, peer_files
from server.web import door as web

# What is under way when a stop is asked for has this long; event streams end at once.
GRACE_SECONDS = 5
# Behind a slow reader's connection a form or an upload may dawdle; the inbox has its own, tighter limits.
FORM_BYTES_AT_MOST = 1_048_576

View = Callable[[], Awaitable[Response]]


class BoundedRequest(Request):
    """A request whose body may be as large as its address allows: the body comes before any view is asked."""

    def __init__(self, method: str, scheme: str, path: str, *others: Any, **named: Any) -> None:
        most = mastodon.body_bytes_at_most(path) or federation.body_bytes_at_most(path) or web.body_bytes_at_most(path)
        if most is not None:
            named["max_content_length"] = most
        super().__init__(method, scheme, path, *others, **named)
        self.max_content_length = named.get("max_content_length")


def create_app(services: Services) -> Quart:
    """Return the application with every door mounted."""
    app = Quart("pinxit", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = FORM_BYTES_AT_MOST
    app.request_class = BoundedRequest
    federation.register(app, services)
    oauth.register(app, services)
    mastodon.register(app, services)
    web.register(app, services)
    app.add_url_rule("/health", endpoint="health", view_func=_health(services))
    app.add_url_rule("/metrics", endpoint="metrics", view_func=_metrics(services))
    return app


async def serve(app: Quart, config: WebConfig, stop: asyncio.Event, *, on_up: Callable[[], None]) -> None:
    """Listen until `stop` is set, then let what is under way finish. `on_up` is called once the port is open.

    Raises:
        ConfigError: the port cannot be had.
    """
    listener = open_port(config)
    server = _Server(
        on_up,
        uvicorn.Config(
            app,
            http=BoundedProtocol,
            # Quart's own server brings it along; it pings, so that proxies and we know who is there.
            ws="wsproto",
            ws_max_size=FORM_BYTES_AT_MOST,
            loop="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            # Our addresses come from the configuration; who asks through a proxy is the proxy's business.
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        ),
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    streams: asyncio.Event = app.extensions.setdefault(web.STOPPING, asyncio.Event())
    streams.set()
    server.should_exit = True
    stopping.cancel()
    await serving


def open_port(config: WebConfig) -> socket.socket:
    """Open the port to listen on. Raises ConfigError when it is taken or may not be had."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    try:
        return socket.create_server((config.host, config.port), family=family, backlog=2048)
    except OSError as error:
        raise ConfigError(f"cannot listen on {config.host}:{config.port}: {error.strerror}") from None


class _Server(uvicorn.Server):
    """Uvicorn without its own signal handlers (the root that runs us has some), which says when it is up."""

    def __init__(self, on_up: Callable[[], None], config: uvicorn.Config) -> None:
        super().__init__(config)
        self._on_up = on_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the port."""
        await super().startup(sockets)
        if self.started:
            self._on_up()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _health(services: Services) -> View:
    async def health() -> Response:
        """Say that the process answers and the database can be read."""
        async with services.database.read() as reader:
            await deliveries.count_waiting(reader)
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    return health


def _metrics(services: Services) -> View:
    async def metrics() -> Response:
        """Say how much waits, in Prometheus' text format."""
        registry = CollectorRegistry()
        jobs = Gauge("pinxit_jobs", "Jobs by state and kind.", ["state", "kind"], registry=registry)
        waiting = Gauge("pinxit_deliveries_waiting", "Deliveries that are still to be made.", registry=registry)
        copies = Gauge(
            "pinxit_peer_files", "Copies of peers' files: how many, and their bytes.", ["of"], registry=registry
        )
        async with services.database.read() as reader:
            for state, kind, count, _ in await count_jobs(reader, now=services.site.clock.now()):
                jobs.labels(state, kind).set(count)
            waiting.set(await deliveries.count_waiting(reader))
            held = await peer_files.count(reader)
        copies.labels("files").set(held.files)
        copies.labels("bytes").set(held.bytes)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return metrics
