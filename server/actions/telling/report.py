"""Tells the operator about somebody, and their own server where the teller wants that. It must not act on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from activitypub import activities as build
from server.actions.network.audit import Operator, note_act
from server.actions.network.outgoing import mint, send
from server.actions.telling.tell import tell_admins
from server.actions.writing.see import may_see_post
from server.problems import Conflict, Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.telling import reports
from server.store.telling.reports import Report
from server.store.writing import posts
from server.store.writing.posts import Post

CATEGORIES = ("spam", "legal", "violation", "other")
COMMENT_AT_MOST = 1000
# Of a peer's report more would only be a burden to the operator.
POSTS_AT_MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What somebody has to say about an account and some of its posts."""

    comment: str = ""
    category: str = "other"
    post_ids: Sequence[int] = ()
    rule_ids: Sequence[str] = ()
    forward: bool = False


async def report(tx: Transaction, site: Site, actor: Actor, target: Actor, complaint: Complaint) -> Report:
    """Store a complaint of one of our people; a Flag in the instance's name tells a remote target's server of it.

    Raises:
        Invalid: the comment is too long or the category unknown.
        NotFound: a post is not the target's, or not for who complains.
    """
    if len(complaint.comment) > COMMENT_AT_MOST:
        raise Invalid(f"A comment may have {COMMENT_AT_MOST} characters.", field="comment")
    if complaint.category not in CATEGORIES:
        raise Invalid(f"A category is one of {', '.join(CATEGORIES)}.", field="category")
    named = [await _find_post(tx, actor, target, post_id) for post_id in dict.fromkeys(complaint.post_ids)]
    forward = complaint.forward and not target.local
    stored = _row(site, actor, target, complaint, named, forwarded=forward)
    await reports.add(tx, stored)
    await tell_admins(tx, site, "admin.report", by=actor, about_id=stored.id)
    if forward:
        await _send_flag(tx, site, target, complaint.comment, named)
    return stored


async def receive_report(
    tx: Transaction, site: Site, teller: Actor, uri: str, object_uris: Sequence[str], comment: str
) -> list[Report]:
    """Store what a peer says of some of our people and posts, once; nothing where it names none of ours."""
    if await reports.find_by_uri(tx, uri) is not None:
        return []
    named: dict[int, list[Post]] = {}
    for object_uri in list(object_uris)[:POSTS_AT_MOST]:
        if not site.is_ours(object_uri):
            continue
        target = await actors.find_by_uri(tx, object_uri)
        post = await posts.find_by_uri(tx, object_uri) if target is None else None
        if target is not None:
            named.setdefault(target.id, [])
        elif post is not None:
            named.setdefault(post.actor_id, []).append(post)
    stored = []
    for target_id, told in named.items():
        target = await actors.find(tx, target_id)
        if target is None:
            continue
        complaint = Complaint(comment=comment[:COMMENT_AT_MOST])
        row = _row(site, teller, target, complaint, told, forwarded=False, uri=uri)
        await reports.add(tx, row)
        await tell_admins(tx, site, "admin.report", by=teller, about_id=row.id)
        stored.append(row)
    return stored


async def _find_post(tx: Transaction, actor: Actor, target: Actor, post_id: int) -> Post:
    post = await posts.find(tx, post_id)
    if post is None or post.actor_id != target.id or not await may_see_post(tx, post, target, actor):
        raise NotFound("This post is not by the account that you report.")
    return post


async def settle_report(tx: Transaction, site: Site, report_id: int, *, by: Operator) -> None:
    """Say that a report was dealt with.

    Raises:
        NotFound: there is no such report.
        Conflict: it was dealt with before.
    """
    if await reports.find(tx, report_id) is None:
        raise NotFound(f"There is no report {report_id}.")
    if not await reports.resolve(tx, report_id, at=site.clock.now()):
        raise Conflict(f"Report {report_id} was dealt with before.")
    await note_act(tx, site, by, "report.resolve", str(report_id))


def _row(
    site: Site,
    teller: Actor,
    target: Actor,
    complaint: Complaint,
    named: Sequence[Post],
    *,
    forwarded: bool,
    uri: str | None = None,
) -> Report:
    return Report(
        id=site.ids.new(),
        actor_id=teller.id,
        target_id=target.id,
        category=complaint.category,
        comment=complaint.comment,
        post_ids=msgspec.json.encode([post.id for post in named]).decode(),
        rule_ids=msgspec.json.encode(list(complaint.rule_ids)).decode(),
        forwarded=forwarded,
        uri=uri,
        created_at=site.clock.now(),
        resolved_at=None,
    )


async def _send_flag(tx: Transaction, site: Site, target: Actor, comment: str, named: Sequence[Post]) -> None:
    instance = await actors.find_by_uri(tx, site.instance_uri)
    if instance is None:
        raise NotFound("This server has no actor to speak in its name.")
    activity_id, uri = mint(site, instance)
    document = build.flag(
        uri, instance.uri, [target.uri, *(post.uri for post in named)], content=comment, to=target.uri
    )
    await send(tx, site, instance, activity_id, document, object_uri=target.uri)
