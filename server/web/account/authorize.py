"""The page on which a person lets a program act for them, or does not (RFC 6749, 4.1). It must not make tokens.

The request is read afresh from the form, by the same rules as from the address: what was shown is what is granted.
"""

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

from quart import Response

from server.actions.people.grant import Consent, issue_code
from server.oauth.authorising import PARAMETERS, Asked, answer, read_request
from server.oauth.errors import Refusal, Unusable
from server.oauth.redirects import describe
from server.oauth.scopes import spell
from server.oauth.words import explain
from server.web import headers
from server.web.visit import Route, Visit

PATH = "/oauth/authorize"


async def show_request(visit: Visit) -> Response:
    """Show who asks for what."""
    arguments = visit.request.args
    if any(len(arguments.getlist(name)) > 1 for name in PARAMETERS):
        raise Unusable("The app said something twice.")
    sent = _known(arguments)
    try:
        asked = await _read(visit, sent)
    except Refusal as refusal:
        return _tell(visit, refusal)
    return await _open(visit, "authorize.html", _content(visit, asked, sent))


async def answer_request(visit: Visit) -> Response:
    """Send the answer to the program, or show the code."""
    sent = _known(visit.form)
    try:
        asked = await _read(visit, sent)
    except Refusal as refusal:
        return _tell(visit, refusal)
    if visit.form.get("decision") != "allow":
        return await _deny(visit, asked)
    consent = Consent(asked.client, asked.back.redirect_uri, spell(asked.scopes), asked.challenge)
    async with visit.web.services.database.write() as tx:
        code = await issue_code(tx, visit.site, visit.me.account, consent)
    if asked.is_out_of_band:
        return await _open(visit, "authorize_code.html", {"code": code, "client": asked.client, "noindex": True})
    return _leave(answer(visit.site, asked.back, code=code))


async def _read(visit: Visit, sent: Mapping[str, str]) -> Asked:
    # A client that is its own document has us fetch it.
    brake = partial(visit.web.brakes.lookup.spend, f"person:{visit.me.actor.id}")
    return await read_request(visit.web.services, sent, before_fetch=brake)


async def _deny(visit: Visit, asked: Asked) -> Response:
    if asked.is_out_of_band:
        return await _open(visit, "authorize_code.html", {"code": None, "client": asked.client, "noindex": True})
    return _tell(visit, Refusal("access_denied", "The person did not let the app in.", asked.back))


def _tell(visit: Visit, refusal: Refusal) -> Response:
    """Send a refusal to the program; one that has no address of its own makes a page."""
    if describe(refusal.back.redirect_uri) is None:
        raise Unusable(str(refusal))
    return _leave(answer(visit.site, refusal.back, error=refusal.code, error_description=str(refusal)))


def _leave(url: str) -> Response:
    response = Response(status=303, headers={"Location": url})
    # The code in it is for one reader.
    response.headers["Cache-Control"] = "no-store"
    return response


async def _open(visit: Visit, template: str, content: Mapping[str, object]) -> Response:
    response = await visit.page(template, content)
    policy = headers.content_security_policy(forms_lead_away=True)
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    return response


def _content(visit: Visit, asked: Asked, sent: Mapping[str, str]) -> Mapping[str, object]:
    return {
        "client": asked.client,
        "place": describe(asked.back.redirect_uri),
        "abilities": explain(asked.scopes),
        "sent": sent,
        "again": f"/login?{urlencode({'next': f'{PATH}?{urlencode(sent)}'})}",
        "noindex": True,
    }


def _known(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: sent[name] for name in PARAMETERS if name in sent}


# With a slash too: toot asks there.
ROUTES = (
    Route("GET", PATH, show_request, "person"),
    Route("POST", PATH, answer_request, "person"),
    Route("GET", f"{PATH}/", show_request, "person"),
    Route("POST", f"{PATH}/", answer_request, "person"),
)
