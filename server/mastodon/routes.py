"""The table of every address of the client API. It must not answer any; each resource module brings its own."""

from server.mastodon import emojis
from server.mastodon.route import Route

ROUTES: tuple[Route, ...] = (*emojis.ROUTES,)
