"""Class C, signature bypass: everything is tried at the real door, and nothing of it may be stored."""

import base64
import hashlib
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from activitypub import activities as build
from activitypub import rfc9421
from activitypub.keys import Signer, private_pem, public_pem
from activitypub.requests import SignedRequest
from activitypub.structured import read_signature_inputs, write_bytes
from activitypub.vocabulary import AS2
from tests.fakes import key_of
from tests.instance import run_jobs_until_idle
from tests.remote_host import Shown
from tests.security.conftest import Siege


def follow(siege: Siege, uri: str | None = None) -> dict[str, object]:
    victor = siege.victor
    return build.follow(uri or f"{victor.uri}#follow", victor.uri, siege.alice.uri)


async def check_nothing_came(siege: Siege, uri: str | None = None) -> None:
    await run_jobs_until_idle(siege.house)
    assert not await siege.arrived(uri or f"{siege.victor.uri}#follow")


def _digest(body: bytes) -> str:
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


# What a forger does to a request that victor signed, the answer, in the words of Mastodon's list.
TAMPERED = {
    "no signature": (lambda headers, body: ({"content-type": headers["content-type"]}, body), 401),
    "empty signature": (lambda headers, body: (headers | {"signature": ""}, body), 400),
    "changed body": (lambda headers, body: (headers, body.replace(b"#follow", b"#fallow")), 401),
    "changed body and digest": (
        lambda headers, body: (headers | {"digest": _digest(body + b" ")}, body + b" "),
        401,
    ),
    "date of another day": (lambda headers, body: (headers | {"date": "Sun, 06 Nov 1994 08:49:37 GMT"}, body), 401),
    "date that is none": (lambda headers, body: (headers | {"date": "yesterday"}, body), 400),
    "another host": (lambda headers, body: (headers | {"host": "friend.example"}, body), 401),
    "digest left out": (
        lambda headers, body: ({name: value for name, value in headers.items() if name != "digest"}, body),
        401,
    ),
    "digest not covered": (
        lambda headers, body: (headers | {"signature": headers["signature"].replace(" digest", "")}, body),
        401,
    ),
    "target not covered": (
        lambda headers, body: (headers | {"signature": headers["signature"].replace("(request-target) ", "")}, body),
        401,
    ),
    "algorithm none": (
        lambda headers, body: (headers | {"signature": headers["signature"].replace("rsa-sha256", "none")}, body),
        401,
    ),
    "algorithm hmac": (
        lambda headers, body: (
            headers | {"signature": headers["signature"].replace("rsa-sha256", "hmac-sha256")},
            body,
        ),
        401,
    ),
}


@pytest.mark.parametrize("way", TAMPERED)
async def test_t16_t18_s185_s205_what_was_changed_after_signing_is_refused(siege: Siege, way):
    tamper, status = TAMPERED[way]
    headers, body = tamper(*siege.sign(siege.victor.signer, follow(siege)))

    assert await siege.post(headers, body) == status
    await check_nothing_came(siege)
    await check_nothing_came(siege, f"{siege.victor.uri}#fallow")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"@method" ', ""),
        ('"@target-uri" ', ""),
        (' "content-digest"', ""),
        ('alg="rsa-v1_5-sha256"', 'alg="hmac-sha256"'),
        (";created=", ";created=-"),
        (";created=", ";created=9"),
    ],
)
async def test_t16_t24_a_statement_of_rfc_9421_that_was_changed_is_refused(siege: Siege, old, new):
    headers, body = siege.sign(siege.victor.signer, follow(siege), form="rfc9421")
    assert old in headers["signature-input"]

    status = await siege.post(headers | {"signature-input": headers["signature-input"].replace(old, new)}, body)

    assert status in (400, 401)
    await check_nothing_came(siege)


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_t18_a_body_that_its_signed_digest_does_not_fit_is_refused(siege: Siege, form):
    headers, body = siege.sign(siege.victor.signer, follow(siege), form=form)

    assert await siege.post(headers, body.replace(b"#follow", b"#fallow")) == 401
    await check_nothing_came(siege, f"{siege.victor.uri}#fallow")


@pytest.mark.parametrize("missing", [None, "(request-target)", "host", "date", "digest"])
async def test_t16_t18_a_signature_that_holds_and_covers_too_little_is_refused(siege: Siege, missing):
    headers, body = siege.sign(siege.victor.signer, follow(siege))
    values = headers | {"(request-target)": "post /inbox"}
    covered = [name for name in ("(request-target)", "host", "date", "digest") if name != missing]
    text = "\n".join(f"{name}: {values[name]}" for name in covered).encode()
    value = base64.b64encode(siege.victor.signer.key.sign(text, PKCS1v15(), SHA256())).decode()
    said = f'keyId="{siege.victor.signer.key_id}",headers="{" ".join(covered)}",signature="{value}"'

    status = await siege.post(headers | {"signature": said}, body)

    assert status == (401 if missing else 202)
    assert await siege.arrived(f"{siege.victor.uri}#follow") is (missing is None)


@pytest.mark.parametrize("missing", [None, "@method", "@target-uri", "content-digest"])
async def test_t16_t18_a_statement_that_holds_and_covers_too_little_is_refused(siege: Siege, missing):
    headers, body = siege.sign(siege.victor.signer, follow(siege), form="rfc9421")
    [whole] = read_signature_inputs(headers["signature-input"])
    said = replace(whole, components=tuple(part for part in whole.components if part.name != missing))
    base = rfc9421.signature_base(SignedRequest("POST", siege.origin, "/inbox", headers, body), said)
    value = write_bytes(siege.victor.signer.key.sign(base, PKCS1v15(), SHA256()))

    status = await siege.post(headers | {"signature-input": f"sig1={said}", "signature": f"sig1={value}"}, body)

    assert status == (401 if missing else 202)
    assert await siege.arrived(f"{siege.victor.uri}#follow") is (missing is None)


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_t16_both_forms_get_in_when_nothing_is_wrong(siege: Siege, form):
    headers, body = siege.sign(siege.victor.signer, follow(siege), form=form)

    assert await siege.post(headers, body) == 202
    assert await siege.arrived(f"{siege.victor.uri}#follow")


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_t17_a_signature_of_one_does_not_carry_the_activity_of_another(siege: Siege, form):
    headers, body = siege.sign(siege.mallory.signer, follow(siege), form=form)

    assert await siege.post(headers, body) == 403
    await check_nothing_came(siege)


async def test_t17_a_key_id_of_one_with_the_key_of_another_is_refused(siege: Siege):
    forger = Signer(siege.victor.signer.key_id, siege.mallory.signer.key)

    assert await siege.post(*siege.sign(forger, follow(siege))) == 401
    await check_nothing_came(siege)


@pytest.mark.parametrize("name", ["signature", "digest", "date", "host"])
async def test_t19_t20_a_header_that_counts_and_comes_twice_is_malformed(siege: Siege, name):
    headers, body = siege.sign(siege.victor.signer, follow(siege))
    twice = [*headers.items(), (name, headers[name])]

    assert await siege.post(twice, body) == 400
    await check_nothing_came(siege)


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_t21_s187_s206_what_was_signed_for_another_server_is_refused(siege: Siege, form):
    # Given what victor sent to mallory's server, at the same path
    headers, body = siege.sign(siege.victor.signer, follow(siege), origin=siege.mallory.host.origin, form=form)

    # When mallory hands it on to us, also under our name
    for host in (headers["host"], siege.origin.partition("://")[2]):
        assert await siege.post(headers | {"host": host}, body) == 401
    await check_nothing_came(siege)


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
@pytest.mark.parametrize("path", ["/users/alice/inbox", "/actor/inbox", "/users/bob/inbox"])
async def test_t21_what_was_signed_for_another_inbox_is_refused(siege: Siege, form, path):
    headers, body = siege.sign(siege.victor.signer, follow(siege), form=form)

    assert await siege.post(headers, body, path=path) == 401
    await check_nothing_came(siege)


async def test_t22_s209_a_request_that_is_sent_again_does_nothing_again(siege: Siege):
    # Given a Follow, taken back afterwards
    headers, body = siege.sign(siege.victor.signer, follow(siege))
    assert await siege.post(headers, body) == 202
    await run_jobs_until_idle(siege.house)
    likes = siege.victor.activity("Like", (await siege.publish()).uri)
    liking = siege.sign(siege.victor.signer, likes)
    assert await siege.post(*liking) == 202
    await run_jobs_until_idle(siege.house)

    # When somebody who listened sends the Like again, within the hour that clocks may differ
    assert await siege.post(*liking) == 202
    await run_jobs_until_idle(siege.house)

    # Then it is known already
    post = await siege.find_post(str(likes["object"]))
    assert post.likes_count == 1


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_t22_what_was_undone_is_not_brought_back_by_who_repeats_it(siege: Siege, form):
    # Given a Like that victor took back a while later
    like = siege.victor.activity("Like", (await siege.publish()).uri)
    undo = siege.victor.activity("Undo", like)

    async def post(signed) -> int:
        assert await siege.post(*signed) == 202
        await run_jobs_until_idle(siege.house)
        return (await siege.find_post(str(like["object"]))).likes_count

    def sign(document):
        siege.clock.advance(60)
        return siege.sign(siege.victor.signer, document, form=form)

    liking, undoing = sign(like), sign(undo)
    assert [await post(liking), await post(undoing)] == [1, 0]

    # When somebody who listened sends the Like again, then nothing comes of it
    assert await post(liking) == 0

    # And when victor likes it again under the same id, the old Undo ends that no more than the old Like brought it back
    assert [await post(sign(like)), await post(undoing)] == [1, 1]
    assert [await post(sign(undo)), await post(liking)] == [0, 0]


async def test_t22_s186_s203_a_request_of_yesterday_is_refused(siege: Siege):
    headers, body = siege.sign(siege.victor.signer, follow(siege))
    siege.clock.advance(2 * 3600)

    assert await siege.post(headers, body) == 401
    await check_nothing_came(siege)


async def test_t23_a_new_key_of_the_same_actor_is_fetched_and_the_old_one_ends(siege: Siege):
    # Given a key that we know
    victor, old = siege.victor, siege.victor.signer
    assert await siege.send(victor, victor.activity("Like", siege.alice.uri)) == 202
    siege.clock.advance(61)

    # When victor changes it
    fresh = Signer(old.key_id, key_of("victor's new key"))
    document = victor.document | {
        "publicKey": {"id": old.key_id, "owner": victor.uri, "publicKeyPem": public_pem(fresh.key)}
    }
    victor.host.show("/users/victor", document)
    assert await siege.post(*siege.sign(fresh, follow(siege, f"{victor.uri}#new"))) == 202

    # Then whoever stole the old one gets in no more
    assert await siege.post(*siege.sign(old, follow(siege, f"{victor.uri}#stolen"))) == 401
    await check_nothing_came(siege, f"{victor.uri}#stolen")


@pytest.mark.parametrize(("answer", "status"), [(404, 401), (410, 401), (500, 503), (403, 401), (429, 503)])
async def test_t23_a_key_that_cannot_be_had_lets_nobody_in(siege: Siege, answer, status):
    siege.victor.host.show_raw("/users/victor", Shown(b"", answer))

    assert await siege.post(*siege.sign(siege.victor.signer, follow(siege))) == status
    await check_nothing_came(siege)


async def test_t23_a_key_of_a_host_that_is_down_is_asked_for_later(siege: Siege):
    siege.network.disconnect(siege.victor.host.origin)

    assert await siege.post(*siege.sign(siege.victor.signer, follow(siege))) == 503


KEY_IDS = [
    "https://pinxit.example/users/alice#main-key",
    "https://PINXIT.example:443/users/alice#main-key",
    "https://pinxit.example/actor#main-key",
    "http://friend.example/users/victor#main-key",
    "https://127.0.0.1/users/victor#main-key",
    "https://localhost/users/victor#main-key",
    "https://[::1]/x",
    "https://2130706433/x",
    "https://friend.example:8443/users/victor#main-key",
    "https://victor@friend.example/users/victor#main-key",
    "https://friend.example./users/victor#main-key",
    "file:///etc/passwd",
    "data:application/json,{}",
    "acct:victor@friend.example",
    "",
    "#main-key",
    "/users/alice#main-key",
]


@pytest.mark.parametrize("key_id", KEY_IDS)
async def test_t25_a_key_id_that_leads_where_we_do_not_go_lets_nobody_in(siege: Siege, key_id):
    asked_before = len(siege.network.log)

    # The key is the right one, so that only the id stands in the way.
    status = await siege.post(*siege.sign(Signer(key_id, siege.victor.signer.key), follow(siege)))

    assert status in (400, 401, 403)
    assert [one for one in siege.network.log[asked_before:] if one.method == "GET"] == []
    await check_nothing_came(siege)


async def test_t25_our_own_key_signs_nothing_that_comes_from_outside(siege: Siege):
    ours = Signer(f"{siege.alice.uri}#main-key", key_of("alice"))
    document = build.follow(f"{siege.alice.uri}#x", siege.alice.uri, siege.bob.uri)

    assert await siege.post(*siege.sign(ours, document)) == 403
    await check_nothing_came(siege, f"{siege.alice.uri}#x")


def key_document(key_id: str, owner: str, name: str) -> dict[str, object]:
    return {"@context": AS2, "id": key_id, "owner": owner, "publicKeyPem": public_pem(key_of(name))}


async def test_c_a_key_document_that_names_another_owner_is_not_believed(siege: Siege):
    # Given a key of mallory's that says it is victor's
    evil = siege.mallory.host
    key_id = f"{evil.origin}/keys/1"
    evil.show("/keys/1", key_document(key_id, siege.victor.uri, "poison"))

    assert await siege.post(*siege.sign(Signer(key_id, key_of("poison")), follow(siege))) in (401, 403)
    await check_nothing_came(siege)


async def test_c_an_actor_document_with_the_key_of_another_poisons_nothing(siege: Siege):
    # Given that we know victor, and mallory's actor lists his key id with a key of her own
    victor, mallory = siege.victor, siege.mallory
    assert await siege.send(victor, victor.activity("Like", siege.alice.uri)) == 202
    poison = {"id": victor.signer.key_id, "owner": victor.uri, "publicKeyPem": public_pem(key_of("poison"))}
    own = mallory.document["publicKey"]
    mallory.host.show("/users/mallory", mallory.document | {"publicKey": [own, poison]})
    assert await siege.send(mallory, mallory.activity("Like", siege.alice.uri)) == 202
    siege.clock.advance(61)

    # When she signs with it as victor
    forged = Signer(victor.signer.key_id, key_of("poison"))
    status = await siege.post(*siege.sign(forged, follow(siege)))

    # Then victor's key is the one that victor shows
    assert status == 401
    await check_nothing_came(siege)
    assert await siege.post(*siege.sign(victor.signer, follow(siege))) == 202


async def test_c_an_actor_that_shows_another_id_does_not_become_that_actor(siege: Siege):
    # Given a copy of victor's document on mallory's server, with her key
    mallory, victor = siege.mallory, siege.victor
    key_id = f"{mallory.host.origin}/users/fake#main-key"
    key = {"id": key_id, "owner": victor.uri, "publicKeyPem": public_pem(key_of("poison"))}
    mallory.host.show("/users/fake", victor.document | {"publicKey": key})

    assert await siege.post(*siege.sign(Signer(key_id, key_of("poison")), follow(siege))) in (401, 403)
    await check_nothing_came(siege)


async def test_c_a_key_that_comes_by_redirect_from_another_origin_is_not_believed(siege: Siege):
    victor, mallory = siege.victor, siege.mallory
    mallory.host.show_raw("/users/fake", Shown(b"", 302, {"location": victor.uri}))
    signer = Signer(f"{mallory.host.origin}/users/fake#main-key", key_of("poison"))

    assert await siege.post(*siege.sign(signer, follow(siege))) in (401, 403)
    await check_nothing_came(siege)


async def test_c_bad_signatures_do_not_make_us_knock_at_a_third_party(siege: Siege):
    # Given somebody who signs badly in victor's name, again and again
    forger = Signer(siege.victor.signer.key_id, key_of("poison"))
    for number in range(10):
        assert await siege.post(*siege.sign(forger, follow(siege, f"{siege.victor.uri}#{number}"))) == 401

    # Then his server was asked once for the first look and once more for a new key at most
    asked = [one for one in siege.network.asked("GET") if one.url == siege.victor.uri]
    assert len(asked) <= 2


async def test_t26_a_forwarded_activity_is_not_believed_for_what_it_says_of_itself(siege: Siege):
    # Given an activity of victor's with signatures inside, as others forward it
    document = follow(siege) | {
        "signature": {"type": "RsaSignature2017", "creator": siege.victor.signer.key_id, "signatureValue": "AAAA"},
        "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofValue": "z1"},
    }

    assert await siege.post(*siege.sign(siege.mallory.signer, document)) == 403
    await check_nothing_came(siege)


async def test_s195_a_short_key_is_no_key(siege: Siege):
    victor = siege.victor
    short = Signer(victor.signer.key_id, rsa.generate_private_key(public_exponent=65537, key_size=1024))
    key = {"id": short.key_id, "owner": victor.uri, "publicKeyPem": public_pem(short.key)}
    victor.host.show("/users/victor", victor.document | {"publicKey": key})

    assert await siege.post(*siege.sign(short, follow(siege))) == 401
    await check_nothing_came(siege)


async def test_c_a_private_key_is_never_shown(siege: Siege):
    secret = private_pem(key_of("alice")).splitlines()[5]
    for path in (
        "/users/alice",
        "/actor",
        "/users/alice/outbox?page=true",
        "/.well-known/webfinger?resource=acct:alice@pinxit.example",
    ):
        answer = await siege.get(path)
        assert secret not in answer.text and "PRIVATE" not in answer.text


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
async def test_s208_a_refusal_says_what_a_signature_has_to_cover(siege: Siege, form):
    answer = await siege.network.send("POST", f"{siege.origin}/inbox", {"content-type": "application/json"}, b"{}")

    assert answer.status_code == 401
    assert json.loads(answer.content)["error"] == "the request is not signed"
    assert answer.headers["accept-signature"] and answer.headers["www-authenticate"].startswith("Signature")


async def test_s207_a_broken_message_signature_alone_is_401_so_that_the_peer_can_knock_again(siege: Siege):
    headers, body = siege.sign(siege.victor.signer, siege.victor.activity("Like", siege.alice.uri), form="rfc9421")
    broken = headers | {"signature": f"sig1=:{base64.b64encode(bytes(256)).decode()}:"}

    assert await siege.post(broken, body) == 401
    # … and in the older form the same activity is let in.
    assert await siege.post(*siege.sign(siege.victor.signer, body, form="cavage")) == 202
