"""Classes B and D, origins, ids and JSON-LD tricks: a document speaks for its own origin and is read in one way."""

import json

import pytest

from activitypub.vocabulary import AS2, PUBLIC
from server.actions.network.rule_domain import rule_domain
from server.store.network.domain_rules import SUSPEND, Rule
from server.store.people import actors
from tests.fakes import key_of
from tests.instance import run_jobs_until_idle
from tests.remote_host import Shown
from tests.security.conftest import Siege


@pytest.fixture
async def followed(siege: Siege) -> Siege:
    """Alice follows mallory and victor, so that what they publish is kept."""
    for person in (siege.mallory, siege.victor):
        await siege.let_follow(siege.alice, await siege.known(person))
    return siege


@pytest.mark.parametrize(
    "media_type",
    ["text/html", "application/json", "application/ld+json", "application/octet-stream", "image/png", "text/plain", ""],
)
async def test_t8_a_document_of_another_media_type_is_not_believed(followed: Siege, media_type):
    # Given an upload on victor's server that looks like a post of his
    uri = f"{followed.victor.host.origin}/media/upload.png"
    followed.victor.host.show("/media/upload.png", note(followed, uri), media_type=media_type)

    # When it is pointed to
    boost = followed.mallory.activity("Announce", uri)
    assert await followed.send(followed.mallory, boost) == 202

    assert await followed.find_post(uri) is None


def note(siege: Siege, uri: str, **changes: object) -> dict[str, object]:
    return {
        "@context": AS2,
        "id": uri,
        "type": "Note",
        "attributedTo": siege.victor.uri,
        "content": "<p>never said</p>",
        "to": [PUBLIC],
    } | changes


FALSE_CREATES = {
    "t9 id on the author's origin": lambda siege: note(siege, f"{siege.victor.host.origin}/notes/9"),
    "t12 by another origin": lambda siege: note(siege, f"{siege.mallory.uri}/notes/9"),
    "t12 by both": lambda siege: note(
        siege, f"{siege.mallory.uri}/notes/9", attributedTo=[siege.mallory.uri, siege.victor.uri]
    ),
    "t12 by her and one of ours": lambda siege: note(
        siege, f"{siege.mallory.uri}/notes/9", attributedTo=[siege.mallory.uri, siege.alice.uri]
    ),
    "t12 by one of ours": lambda siege: note(siege, f"{siege.mallory.uri}/notes/9", attributedTo=siege.alice.uri),
    "t12 by her and a number": lambda siege: note(
        siege, f"{siege.mallory.uri}/notes/9", attributedTo=[siege.mallory.uri, 7]
    ),
    "t12 by her and nobody": lambda siege: note(
        siege, f"{siege.mallory.uri}/notes/9", attributedTo=[siege.mallory.uri, None]
    ),
    "t12 id of ours": lambda siege: note(siege, f"{siege.origin}/users/alice/posts/9", attributedTo=siege.mallory.uri),
    "t11 id with the port": lambda siege: note(siege, "https://friend.example:443/notes/9"),
    "t11 id with a user": lambda siege: note(siege, "https://evil.example@friend.example/notes/9"),
    "t11 id of a look-alike": lambda siege: note(siege, "https://evil.example.friend.example/notes/9"),
}


@pytest.mark.parametrize("way", FALSE_CREATES)
async def test_b_a_post_under_a_false_name_or_id_is_not_kept(followed: Siege, way):
    document = FALSE_CREATES[way](followed)
    created = followed.mallory.activity("Create", document, to=[PUBLIC])

    assert await followed.send(followed.mallory, created) == 202

    assert await followed.find_post(str(document["id"])) is None
    for name in ("victor@friend.example", "mallory@evil.example", "alice"):
        assert "never said" not in (await followed.get(f"/@{name}", accept="text/html")).text


async def test_t10_a_post_that_is_fetched_by_redirect_from_elsewhere_is_not_kept(followed: Siege):
    evil, friend = followed.mallory.host, followed.victor.host
    friend.show("/notes/1", note(followed, f"{evil.origin}/notes/1", attributedTo=followed.mallory.uri))
    evil.show_raw("/notes/1", Shown(b"", 302, {"location": f"{friend.origin}/notes/1"}))

    await followed.send(followed.victor, followed.victor.activity("Announce", f"{evil.origin}/notes/1"))

    assert await followed.find_post(f"{evil.origin}/notes/1") is None


@pytest.mark.parametrize("type", ["Announce", "Create", "Update"])
async def test_t13_an_embedded_copy_of_somebody_elses_post_is_only_a_reference(followed: Siege, type):
    # Given a post of victor's that we know
    true = followed.victor.note("<p>what victor said</p>")
    await followed.send(followed.victor, followed.victor.create(true))

    # When mallory shows another text under its id
    lie = true | {"content": "<p>altered</p>", "updated": "2030-01-01T00:00:00Z"}
    await followed.send(followed.mallory, followed.mallory.activity(type, lie, to=[PUBLIC]))

    post = await followed.find_post(str(true["id"]))
    assert post is not None and post.content_html == "<p>what victor said</p>"


async def test_t13_an_unknown_post_that_is_embedded_comes_from_its_own_server(followed: Siege):
    true = followed.victor.note("<p>what victor said</p>")
    lie = true | {"content": "<p>altered</p>"}

    await followed.send(followed.mallory, followed.mallory.activity("Announce", lie, to=[PUBLIC]))

    post = await followed.find_post(str(true["id"]))
    assert post is not None and post.content_html == "<p>what victor said</p>"


@pytest.mark.parametrize(
    "actor",
    [
        lambda siege: {"id": siege.victor.uri, "type": "Person"},
        lambda siege: [siege.mallory.uri, siege.victor.uri],
        lambda siege: [siege.victor.uri],
        lambda siege: {"id": siege.victor.uri, "url": siege.mallory.uri},
        lambda siege: None,
        lambda siege: 7,
        lambda siege: siege.alice.uri,
    ],
)
async def test_t14_an_actor_in_another_shape_is_no_way_around_the_signature(siege: Siege, actor):
    document = siege.mallory.activity("Follow", siege.alice.uri) | {"actor": actor(siege)}

    assert await siege.send(siege.mallory, document) in (202, 403)
    assert not await siege.arrived(str(document["id"]))


@pytest.mark.parametrize(
    "where", ["https://friend.example/x", "https://pinxit.example/x", "https://evil.example:8443/x"]
)
async def test_t9_an_activity_id_of_another_origin_is_refused(siege: Siege, where):
    document = siege.mallory.activity("Follow", siege.alice.uri, id=where)

    assert await siege.send(siege.mallory, document) == 403
    assert not await siege.arrived(where)


BAD_JSON = {
    "t15 two actors": b'"actor":"https://friend.example/users/victor","actor":"https://evil.example/users/mallory"',
    "t15 two objects inside": b'"actor":"https://evil.example/users/mallory","x":{"id":1,"id":2}',
    "t30 not a number": b'"actor":"https://evil.example/users/mallory","x":NaN',
    "t30 without end": b'"actor":"https://evil.example/users/mallory","x":1e999',
    "t30 a long number": b'"actor":"https://evil.example/users/mallory","x":' + b"9" * 5000,
    "t30 half a surrogate": b'"actor":"https://evil.example/users/mallory","x":"\\ud800"',
    "t30 nul": b'"actor":"https://evil.example/users/mallory","x":"a\\u0000b"',
    "t30 deep": b'"actor":"https://evil.example/users/mallory","x":' + b"[" * 40 + b"]" * 40,
    "t30 very deep": b'"actor":"https://evil.example/users/mallory","x":' + b"[" * 100_000 + b"]" * 100_000,
    "t30 not utf-8": b'"actor":"https://evil.example/users/mallory","x":"\xff"',
    "t30 a byte order mark inside": b'"actor":"https://evil.example/users/mallory",\xef\xbb\xbf"x":1',
}


@pytest.mark.parametrize("way", BAD_JSON)
async def test_t15_t30_what_two_readers_would_read_differently_is_dropped(siege: Siege, way):
    body = (
        b'{"id":"https://evil.example/x","type":"Follow","object":"https://pinxit.example/users/alice",'
        + BAD_JSON[way]
        + b"}"
    )

    assert await siege.post(*siege.sign(siege.mallory.signer, body)) == 202
    assert not await siege.arrived("https://evil.example/x")


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"7", b'"x"', b"{}", b"{" * 1000, b"\x00" * 1000, b"<html>"])
async def test_t30_what_is_no_activity_is_dropped(siege: Siege, body):
    assert await siege.post(*siege.sign(siege.mallory.signer, body)) == 202
    assert await siege.house.jobs() == []


async def test_t30_wide_documents_are_read_in_a_moment(siege: Siege):
    for inner in ({f"k{number}": number for number in range(60_000)}, [[]] * 200_000, ['":'] * 100_000):
        document = siege.mallory.activity("Like", siege.alice.uri, padding=inner)
        assert await siege.send(siege.mallory, document) == 202


async def test_t27_t28_a_context_that_renames_terms_changes_nothing(siege: Siege):
    # Given an activity that JSON-LD would read as victor's
    renamed = [AS2, {"actor": "https://evil.example/#x", "who": "as:actor", "object": "as:target"}]
    document = siege.mallory.activity("Follow", siege.alice.uri) | {"@context": renamed, "who": siege.victor.uri}
    document |= {"@graph": [{"@id": "x"}], "@included": [], "@reverse": {"actor": siege.victor.uri}}

    await siege.send(siege.mallory, document)

    # Then it is what its plain names say: mallory's
    async with siege.house.database.read() as reader:
        assert await actors.find_by_uri(reader, siege.victor.uri) is None
    assert not any("friend.example" in one.url for one in siege.network.log)


async def test_t29_an_unknown_context_is_fetched_by_nobody(siege: Siege):
    document = siege.mallory.activity("Like", siege.alice.uri)
    document |= {"@context": ["https://evil.example/context", {"x": {"@context": "https://evil.example/inner"}}]}

    await siege.send(siege.mallory, document)

    assert not any("/context" in one.url or "/inner" in one.url for one in siege.network.log)


@pytest.mark.parametrize("spelling", ["https://evil.example:443", "https://EVIL.example", "https://Evil.Example:443"])
async def test_t11_another_spelling_of_a_suspended_host_is_suspended(siege: Siege, spelling):
    # Given that we do not speak with mallory's server any more
    async with siege.house.database.write() as tx:
        await rule_domain(tx, siege.house.site, Rule(domain="evil.example", severity=SUSPEND, created_at=0))

    # When she writes its name differently, in her own document and in what she sends
    uri = f"{spelling}/users/eve"
    key = {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": siege.mallory.document["publicKey"]["publicKeyPem"]}
    document = siege.mallory.document | {
        "id": uri, "preferredUsername": "eve", "inbox": f"{uri}/inbox", "publicKey": key
    }  # fmt: skip
    siege.mallory.host.show("/users/eve", document)
    siege.network.connect(spelling, siege.mallory.host)
    body = json.dumps(
        {"@context": AS2, "id": f"{uri}#1", "type": "Follow", "actor": uri, "object": siege.alice.uri}
    ).encode()
    signer = type(siege.mallory.signer)(key["id"], key_of("mallory at evil.example"))
    status = await siege.post(*siege.sign(signer, body))
    await run_jobs_until_idle(siege.house)

    assert status == 403
    assert not await siege.arrived(f"{uri}#1")


async def test_b_nobody_elsewhere_becomes_one_of_ours(siege: Siege):
    # Given an actor on mallory's server that claims our addresses
    evil = siege.mallory.host
    for number, changes in enumerate(
        [
            {"inbox": siege.alice.inbox},
            {"endpoints": {"sharedInbox": f"{siege.origin}/inbox"}},
            {"followers": f"{siege.alice.uri}/followers"},
            {"url": f"{siege.origin}/@alice"},
            {"webfinger": "alice@pinxit.example", "preferredUsername": "alice"},
            {"icon": {"type": "Image", "url": "javascript:alert(1)"}},
        ]
    ):
        person = evil.person(f"clone{number}", **changes)
        await siege.send(person, person.activity("Like", siege.alice.uri))
        await siege.send(person, person.activity("Follow", siege.alice.uri))
        known = await siege.actor(person.uri)
        if known is not None:
            assert known.host == "evil.example" and known.url != f"{siege.origin}/@alice"
            assert known.shared_inbox is None or "pinxit.example" not in known.shared_inbox
            assert known.followers_uri is None or "pinxit.example" not in known.followers_uri
            assert known.icon_url is None or known.icon_url.startswith("https://")
