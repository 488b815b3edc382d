import json
from dataclasses import replace

from activitypub.actors import ActorFields, ImageLink, Property, build_actor, build_key_stub
from activitypub.documents import read_json
from activitypub.jsonld import expand
from activitypub.keys import generate_ed25519, generate_rsa, multikey, public_pem
from activitypub.reading import read_actor, read_key_claims

US = "https://pinxit.example"
ANNA = f"{US}/users/anna"

fields = ActorFields(
    id=ANNA,
    type="Person",
    username="anna",
    name="Anna",
    summary_html="<p>Harbours</p>",
    url=f"{US}/@anna",
    inbox=f"{ANNA}/inbox",
    outbox=f"{ANNA}/outbox",
    followers=f"{ANNA}/followers",
    following=f"{ANNA}/following",
    featured=f"{ANNA}/featured",
    liked=f"{ANNA}/liked",
    shared_inbox=f"{US}/inbox",
    public_key_id=f"{ANNA}#main-key",
    public_key_pem=public_pem(generate_rsa()),
    ed25519_key_id=f"{ANNA}#ed25519-key",
    ed25519_multikey=multikey(generate_ed25519().public_key()),
    webfinger="anna@pinxit.example",
    published="2026-05-01T00:00:00Z",
    manually_approves=False,
    discoverable=False,
    indexable=False,
    icon=ImageLink(f"{US}/media/anna.png", "image/png", "A buoy"),
    image=ImageLink(f"{US}/media/sea.jpg", "image/jpeg"),
    also_known_as=("https://old.example/users/anna",),
    moved_to="https://new.example/users/anna",
    properties=(Property("Home", "<a href='https://anna.example'>anna.example</a>"),),
    endpoints={"uploadMedia": f"{US}/upload"},
)


def test_s25_s28_s30_s32_our_actor_reads_as_it_was_meant():
    actor = read_actor(read_json(json.dumps(build_actor(fields)).encode()))
    assert (actor.id, actor.username, actor.inbox, actor.shared_inbox) == (ANNA, "anna", fields.inbox, f"{US}/inbox")
    assert [key.key_id for key in actor.keys] == [f"{ANNA}#main-key", f"{ANNA}#ed25519-key"]
    assert (actor.url, actor.icon_url, actor.moved_to) == (fields.url, f"{US}/media/anna.png", fields.moved_to)
    assert actor.also_known_as == fields.also_known_as
    assert actor.profile_fields[0].name == "Home"


def test_s27_policy_is_always_written_out():
    document = build_actor(fields)
    assert [document[name] for name in ("manuallyApprovesFollowers", "discoverable", "indexable")] == [False] * 3


def test_s36_aliases_are_a_list():
    assert build_actor(fields)["alsoKnownAs"] == ["https://old.example/users/anna"]


def test_instance_actor_shows_only_what_it_has():
    document = build_actor(
        replace(
            fields, type="Application", followers=None, following=None, featured=None, liked=None, ed25519_multikey=None
        )
    )
    assert not {"followers", "following", "featured", "liked", "assertionMethod"} & document.keys()
    assert document["endpoints"] == {"sharedInbox": f"{US}/inbox", "uploadMedia": f"{US}/upload"}


def test_s10_multikey_context_is_named_only_with_such_a_key():
    multikey_context = "https://w3id.org/security/multikey/v1"
    assert multikey_context in build_actor(fields)["@context"]
    assert multikey_context not in build_actor(replace(fields, ed25519_multikey=None))["@context"]


def test_stub_shows_keys_and_nothing_personal():
    stub = build_key_stub(fields)
    assert {claim.key_id for claim in read_key_claims(stub)} == {f"{ANNA}#main-key", f"{ANNA}#ed25519-key"}
    assert not {"summary", "name", "icon", "inbox"} & stub.keys()


def test_s9_every_term_of_an_actor_is_defined():
    document = build_actor(replace(fields, suspended=True))
    whole = expand(document)
    assert [
        name
        for name in document
        if name != "@context" and expand({key: value for key, value in document.items() if key != name}) == whole
    ] == []
