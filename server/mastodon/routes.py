"""The table of every address of the client API. It must not answer any; each resource module brings its own."""

from server.mastodon import (, media
    accounts,
    emojis,
    follow_requests,
    hidden_people,
    lists,
    preferences,
    relationships,
    search,
    statuses,
    timelines,
    trends,
    *media.ROUTES,
)
from server.mastodon.route import Route

ROUTES: tuple[Route, ...] = (
    *accounts.ROUTES,
    *statuses.ROUTES,
    *timelines.ROUTES,
    *search.ROUTES,
    *trends.ROUTES,
    *preferences.ROUTES,
    *emojis.ROUTES,
    *relationships.ROUTES,
    *follow_requests.ROUTES,
    *hidden_people.ROUTES,
    *lists.ROUTES,
    *media.ROUTES,
)
