"""The page on which somebody says how they want to post, here and from any app. It must not touch what was posted."""

from collections.abc import Mapping

from quart import Response

from server.actions.people.preferences import PreferenceChange, change_preferences
from server.problems import Invalid
from server.site import Site
from server.store.people import preferences
from server.store.people.preferences import PAINT_WORD, Preferences
from server.web.visit import Route, Visit

PAGE = "/settings/preferences"
_WORDS = ("visibility", "language", "quote_policy", "reply_policy", "paint_word")


async def show_form(visit: Visit) -> Response:
    """Show what was chosen; where nothing was, what the instance does."""
    async with visit.web.services.database.read() as reader:
        chosen = await preferences.find(reader, visit.me.actor.id)
    return await _show(visit, _values(visit.site, chosen))


async def take_choices(visit: Visit) -> Response:
    """Remember the choices."""
    sent = {name: visit.form.get(name, "").strip() for name in _WORDS}
    change = PreferenceChange(
        visibility=sent["visibility"] or None,
        sensitive="sensitive" in visit.form,
        language=sent["language"],
        quote_policy=sent["quote_policy"] or None,
        reply_policy=sent["reply_policy"] or None,
        paint_word=sent["paint_word"],
    )
    try:
        async with visit.web.services.database.write() as tx:
            await change_preferences(tx, visit.me.actor, change)
    except Invalid as problem:
        return await _show(visit, {**sent, "sensitive": "yes" if change.sensitive else ""}, problem)
    return visit.go(f"{PAGE}?saved")


def _values(site: Site, chosen: Preferences) -> Mapping[str, str]:
    return {
        "visibility": chosen.visibility or site.config.posting.visibility,
        "sensitive": "yes" if chosen.sensitive else "",
        "language": chosen.language or "",
        "quote_policy": chosen.quote_policy,
        "reply_policy": chosen.reply_policy,
        "paint_word": chosen.paint_word or "",
    }


async def _show(visit: Visit, values: Mapping[str, str], problem: Invalid | None = None) -> Response:
    content = {
        "values": values,
        "usual_word": PAINT_WORD,
        "saved": "saved" in visit.request.args,
        "problem": problem,
        "noindex": True,
    }
    return await visit.page("preferences.html", content, status=problem.status if problem else 200)


ROUTES = (
    Route("GET", PAGE, show_form, "person"),
    Route("POST", PAGE, take_choices, "person"),
)
