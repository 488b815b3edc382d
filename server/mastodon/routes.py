"""The table of every address of the client API. It must not answer any; each resource module brings its own."""

from server.mastodon import (
    accounts,
    conversations,
    emojis,
    follow_requests,
    grouped_notices,
    hidden_people,
    lists,
    markers,
    media,
    notice_policy,
    notices,
    preferences,
    push,
    relationships,
    search,
    statuses,
    timelines,
    trends,
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
    *notices.ROUTES,
    *grouped_notices.ROUTES,
    *notice_policy.ROUTES,
    *markers.ROUTES,
    *conversations.ROUTES,
    *push.ROUTES,
)
