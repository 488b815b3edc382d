"""Quotes of a post: who made one, taking the post out of one, and who may make one."""

import msgspec

from server.actions.writing.quote import change_policy, revoke_quote
from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.basics import Status
from server.mastodon.found import find_post
from server.mastodon.ids import NOT_FOUND, Paging, read_span
from server.mastodon.policy_params import InteractionPolicyParams, read_rules
from server.mastodon.route import Route
from server.mastodon.showing.statuses import show_status, show_statuses
from server.problems import Invalid, NotFound
from server.store.writing import quotes
from server.store.writing.posts import Post


class PolicyParams(msgspec.Struct, kw_only=True):
    """Who may quote a post: public, followers, nobody or manual; who may answer it is a word of ours.

    The rest as GoToSocial says it.
    """

    quote_approval_policy: str | None = None
    reply_approval_policy: str | None = None
    interaction_policy: InteractionPolicyParams | None = None


async def list_quotes(call: Call, params: Paging, post_id: int) -> Page:
    """Return the posts that quote one, as far as I may see them."""
    span = read_span(params)
    async with call.database.read() as reader:
        quoted = (await find_post(reader, post_id, call.me)).post
        found = await quotes.list_quoting(reader, quoted.uri, span.stretch)
        shown = await show_statuses(reader, call.site, found, call.me)
    return page_of(shown, [post.id for post in found], full=len(found) == span.limit)


async def revoke(call: Call, post_id: int, quoting_id: int) -> Status:
    """Take a post of mine out of another, and return that one."""
    async with call.database.write() as tx:
        quoted = (await find_post(tx, post_id, call.me)).post
        quoting = (await find_post(tx, quoting_id, call.me)).post
        await revoke_quote(tx, call.site, call.me, quoted, quoting)
    return await _show(call, quoting)


async def set_policy(call: Call, params: PolicyParams, post_id: int) -> Status:
    """Say who may quote a post of mine, answer, like or boost it, from now on."""
    rules = read_rules(params.interaction_policy)
    if not params.quote_approval_policy and not params.reply_approval_policy and not rules:
        raise Invalid("Validation failed: Quote approval policy can't be blank", field="quote_approval_policy")
    async with call.database.write() as tx:
        post = (await find_post(tx, post_id, call.me)).post
        quote, reply = params.quote_approval_policy, params.reply_approval_policy
        await change_policy(tx, call.site, call.me, post, quote or None, replies=reply or None, rules=rules)
    return await _show(call, post)


async def _show(call: Call, post: Post) -> Status:
    async with call.database.read() as reader:
        shown = await show_status(reader, call.site, post, call.me)
    if shown is None:
        raise NotFound(NOT_FOUND)
    return shown


_POST = "/api/v1/statuses/<id:post_id>"
ROUTES = (
    Route("GET", f"{_POST}/quotes", list_quotes, "read:statuses", "person", Paging, list[Status]),
    Route("POST", f"{_POST}/quotes/<id:quoting_id>/revoke", revoke, "write:statuses", "person", gives=Status),
    Route("PUT", f"{_POST}/interaction_policy", set_policy, "write:statuses", "person", PolicyParams, Status),
)
