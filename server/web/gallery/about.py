"""What this place is: its rules, its models and their licences, how to filter it; and the choice of theme."""

from quart import Response

from server.store.network import domain_rules
from server.store.network.domain_rules import EVERYBODY
from server.store.people import accounts
from server.store.writing import posts
from server.web.making.models import list_models
from server.web.visit import THEME_COOKIE, THEMES, Route, Visit

YEAR_SECONDS = 31_536_000


async def show_about(visit: Visit) -> Response:
    """Show what this instance is and does."""
    async with visit.web.services.database.read() as reader:
        models = await list_models(reader, visit.site)
        people, pictures = await accounts.count(reader), await posts.count_local(reader)
        listed_only = await domain_rules.find(reader, EVERYBODY) is not None
    content = {"models": models, "people": people, "pictures": pictures, "listed_only": listed_only}
    return await visit.page("about.html", content)


async def choose_theme(visit: Visit) -> Response:
    """Remember light, dark, or what the system says."""
    wanted = visit.form.get("theme", "")
    response = visit.go_back("/")
    if wanted in THEMES:
        # Scripts read it as well, to switch without a page load; it says nothing about anybody.
        response.set_cookie(
            THEME_COOKIE, wanted, max_age=YEAR_SECONDS, samesite="Lax", secure=visit.site.origin.startswith("https:")
        )
        return response
    response.delete_cookie(THEME_COOKIE)
    return response


async def show_robots(visit: Visit) -> Response:
    """Tell crawlers what they may read; those that gather for training are asked to stay away altogether."""
    gatherers = ("GPTBot", "CCBot", "Google-Extended", "ClaudeBot", "anthropic-ai", "Bytespider", "meta-externalagent")
    lines = [f"User-agent: {name}" for name in gatherers]
    text = "\n".join([*lines, "Disallow: /", "", "User-agent: *", "Disallow: /create", "Disallow: /login", ""])
    return Response(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "public, max-age=86400"})


ROUTES = (
    Route("GET", "/about", show_about, "anyone"),
    Route("POST", "/theme", choose_theme, "anyone"),
    Route("GET", "/robots.txt", show_robots, "anyone"),
)
