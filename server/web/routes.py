"""Every page's address, in the order in which the rooms are. It must not answer any."""

from server.web.account import apps, authorize, data, edit_profile, leaving, login, moving, preferences, security
from server.web.admin import overview, reports, servers
from server.web.admin import people as admin_people
from server.web.answering import approvals, polls, reactions, writing
from server.web.gallery import about, feed, find, history, notices, picture
from server.web.making import create, offers, painting
from server.web.people import follows, hidden, profile, remote_follow
from server.web.visit import Route

ROUTES: tuple[Route, ...] = (
    *overview.ROUTES,
    *reports.ROUTES,
    *servers.ROUTES,
    *admin_people.ROUTES,
    *feed.ROUTES,
    *login.ROUTES,
    *edit_profile.ROUTES,
    *preferences.ROUTES,
    *security.ROUTES,
    *apps.ROUTES,
    *moving.ROUTES,
    *leaving.ROUTES,
    *data.ROUTES,
    *authorize.ROUTES,
    *create.ROUTES,
    *painting.ROUTES,
    *notices.ROUTES,
    *follows.ROUTES,
    *hidden.ROUTES,
    *find.ROUTES,
    *remote_follow.ROUTES,
    *about.ROUTES,
    *offers.ROUTES,
    *picture.ROUTES,
    *history.ROUTES,
    *approvals.ROUTES,
    *polls.ROUTES,
    *reactions.ROUTES,
    *writing.ROUTES,
    *profile.ROUTES,
)
