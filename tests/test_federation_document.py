"""FEDERATION.md says what is so: its tables and numbers are held against the code that they are about."""

import ast
import re
from pathlib import Path

import pytest

from activitypub import (
    activities,
    consent,
    delivery,
    documents,
    keys,
    questions,
    remote_actor,
    remote_note,
    signatures,
    window,
)
from activitypub.audience import Visibility, address
from activitypub.errors import ProtocolError
from activitypub.fields import MAX_RECIPIENTS
from activitypub.keys import OwnedKey, Signer
from activitypub.pictures import WISH_TERMS
from activitypub.provenance import CONTEXT_TERMS, NAMESPACE
from activitypub.requests import SignedRequest
from activitypub.vocabulary import LD_MEDIA_TYPE, PUBLIC
from server.actions.writing.react_emoji import MAX_EMOJI
from server.agenda.history.thread import ANCESTORS_AT_MOST, BEGINS_AT_MOST, OWN_REQUESTS_AT_MOST
from server.config import FederationConfig, MediaConfig
from server.delivery import breaker, hosts
from server.federation import fast_inbox
from server.federation.reception import RUMOURS_AT_MOST, RUMOURS_SECONDS
from server.html import TAGS
from server.inbox.dispatch import HANDLERS
from server.remote import keyring
from tests.fakes import START, key_of

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "FEDERATION.md").read_text(encoding="utf-8")
WORDS = " ".join(DOCUMENT.split())
NUMBERS = {1: "one", 4: "four", 5: "five", 6: "six", 8: "eight", 10: "ten", 12: "twelve"}
NUMBERS |= {20: "twenty", 40: "forty", 50: "fifty"}
SETTINGS = FederationConfig()
FIRST_PAUSE = delivery.BACKOFF_SECONDS[0]


def rows_under(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    below = DOCUMENT.split(f"\n{heading}\n", 1)[1]
    table = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[0].splitlines()[2:]]


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def word(number: int) -> str:
    return NUMBERS[number]


ACTIVITIES = {name: row for row in rows_under("## Activities") for name in names_in(row[0])}


def test_s239_the_document_names_every_activity_that_is_taken_in_and_no_other() -> None:
    assert set(ACTIVITIES) == set(HANDLERS)


def test_s239_the_document_names_every_activity_that_is_built_and_says_never_of_no_other() -> None:
    code = (ROOT / "activitypub" / "activities.py").read_text(encoding="utf-8")
    built = set(re.findall(r'_(?:plain|around|answer)\(id, "(\w+)"', code)) | set(consent.REQUESTS)
    # It is kept for its author and never sent: of what is built that alone.
    assert {name for name, row in ACTIVITIES.items() if not row[2].startswith("never")} == built - {"Block"}
    assert callable(activities.block)


def test_s239_the_answers_of_the_inbox_are_those_that_it_gives() -> None:
    listed = {int(status) for row in rows_under("## Answers of the inbox") for status in row[0].split(", ")}
    codes = [ROOT / "server" / "federation" / f"{name}.py" for name in ("fast_inbox", "reception", "gate")]
    given = {int(text) for path in codes for text in _numbers(path) if 400 <= int(text) < 600}
    given |= {error.status for error in _below(ProtocolError)} | {202, 503}
    given.discard(500)
    assert given <= listed
    assert listed - given <= {405, 429}  # given by the table of headers and by the brake


def _numbers(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is int}


def _below(kind: type[ProtocolError]) -> set[type[ProtocolError]]:
    return {kind}.union(*(_below(one) for one in kind.__subclasses__()))


@pytest.mark.parametrize(
    "said",
    [
        f"more than {SETTINGS.received_per_host:,} activities a minute from one server",
        f"{SETTINGS.received_per_actor:,} from one account",
        f"{SETTINGS.refused_per_address:,} refused requests from one address",
        f"{RUMOURS_AT_MOST} things forwarded without proof in {word(RUMOURS_SECONDS // 60)} minutes from one server",
        f"{SETTINGS.asked_per_address:,} documents a minute for one address",
        f"more than {SETTINGS.max_inbox_bytes >> 20} MiB",
        f"the body took longer than {fast_inbox.BODY_SECONDS:g} seconds",
        f"without `expires` holds {word(window.LIFETIME_SECONDS // 60)} minutes",
        f"at most {word(window.MAX_LIFETIME_SECONDS // 3600)} hours. One hour of clock difference",
        f"RSA of {keys.MIN_RSA_BITS} to {keys.MAX_RSA_BITS} bits",
        f"{word(delivery.MAX_ATTEMPTS)} tries in about three days, the second after {FIRST_PAUSE} seconds",
        f"`Retry-After` is honoured up to {word(delivery.MAX_RETRY_AFTER_SECONDS // 3600)} hours",
        f"After {word(breaker.FAILURES_AT_MOST)} failures in a row",
        f"At most {word(hosts.AT_ONCE)} deliveries go to one host",
        f"up to {word(ANCESTORS_AT_MOST)} steps",
        f"{SETTINGS.thread_posts_at_most} posts and {SETTINGS.thread_requests_at_most} questions in all",
        f"{word(BEGINS_AT_MOST)} newest answers of peers are asked for theirs once a day",
        f"within {word(OWN_REQUESTS_AT_MOST)} questions",
        f"its {SETTINGS.recent_posts_at_most} newest open posts",
        f"up to {word(MAX_EMOJI)} emoji of an actor",
        f"{documents.MAX_BYTES >> 20} MiB and a depth of {documents.MAX_DEPTH} for a document",
        f"{remote_actor.MAX_KEYS} keys per actor, {remote_note.MAX_ATTACHMENTS} attachments and",
        f"and {remote_note.MAX_TAGS} tags per note, {MAX_RECIPIENTS:,} recipients",
        f"Up to {questions.MAX_OPTIONS} options of peers",
        f"at most {MediaConfig().peer_file_bytes >> 20} MiB each",
    ],
)
def test_s239_a_number_in_the_document_is_the_codes(said: str) -> None:
    assert said in WORDS


def test_s239_a_key_is_fetched_as_seldom_as_the_document_says() -> None:
    assert keyring.BRAKE_SECONDS == 60
    assert "the key is fetched once more, at most once a minute" in WORDS
    assert breaker.REST_SECONDS == 60 and breaker.REST_SECONDS_AT_MOST == 3600
    assert "a host rests for a minute, then longer, up to an hour" in WORDS
    assert abs(sum(delivery.BACKOFF_SECONDS) / 86_400 - 3) < 0.25


def test_s239_the_marks_that_stay_are_those_that_the_document_names() -> None:
    listed = re.search(r"HTML is cleaned: `([^`]+)` stay", WORDS)
    assert listed is not None
    assert set(listed[1].split()) == TAGS


def test_s239_the_terms_of_generated_pictures_are_those_of_the_context() -> None:
    listed = {name for row in rows_under("## Generated pictures") for name in names_in(row[0])}
    assert listed == (set(CONTEXT_TERMS) | set(WISH_TERMS)) - {"pinxit", "xsd"}
    anchors = set(re.findall(r'<a id="(\w+)">', DOCUMENT))
    for term in CONTEXT_TERMS.values():
        where = term["@id"] if isinstance(term, dict) else term
        assert not str(where).startswith("pinxit:") or str(where).removeprefix("pinxit:") in anchors
    assert NAMESPACE.endswith("FEDERATION.md#")


def test_s239_each_visibility_is_addressed_as_the_document_says() -> None:
    followers, named = "https://us.example/followers", "https://them.example/named"
    spelled = {PUBLIC: "Public", followers: "followers", named: "those mentioned"}
    for row in rows_under("## Posts"):
        to, cc = address(Visibility(row[0].partition(" ")[0]), followers, [named])
        assert [", ".join(spelled[uri] for uri in found) for found in (to, cc)] == row[1:], row[0]


SIGNATURES = {row[0]: row[1:] for row in rows_under("## Signatures")}
POST = SignedRequest("POST", "https://us.example", "/inbox", {"content-type": LD_MEDIA_TYPE}, b"{}")
GET = SignedRequest("GET", "https://us.example", "/users/a", {}, b"")
SIGNER = Signer("https://them.example/a#main-key", key_of("them"))


def signed(request: SignedRequest, form: signatures.Form) -> SignedRequest:
    headers = dict(request.headers) | {"host": request.host} | signatures.sign(request, SIGNER, form, now=START)
    return SignedRequest(request.method, request.origin, request.target, headers, request.body)


def covered(request: SignedRequest, form: signatures.Form) -> str:
    """What our signature covers, as the document writes it."""
    headers = signed(request, form).headers
    if form == "cavage":
        found = re.search(r'headers="([^"]+)"', headers["signature"])
    else:
        found = re.search(r"=\(([^)]+)\)", headers["signature-input"])
    assert found is not None
    return found[1]


def test_s239_our_signatures_cover_what_the_document_says() -> None:
    assert names_in(SIGNATURES["we send, POST"][0]) == [covered(POST, "cavage")]
    assert names_in(SIGNATURES["we send, GET"][0]) == [covered(GET, "cavage")]
    assert covered(POST, "rfc9421").startswith(names_in(SIGNATURES["we send, POST"][1])[0])


@pytest.mark.parametrize("name", ["(request-target)", "host", "digest", "date"])
def test_s239_an_old_signature_needs_what_the_document_says(name: str) -> None:
    assert name in names_in(SIGNATURES["we need, POST"][0])
    request = signed(POST, "cavage")
    narrowed = request.headers["signature"].replace(f" {name}", "").replace(f"{name} ", "")
    with pytest.raises(ProtocolError):
        check(request, {"signature": narrowed})


@pytest.mark.parametrize("name", ["@method", "@target-uri", "content-digest", "created", "keyid"])
def test_s239_a_new_signature_needs_what_the_document_says(name: str) -> None:
    assert name in names_in(SIGNATURES["we need, POST"][1])
    request = signed(POST, "rfc9421")
    told = request.headers["signature-input"]
    narrowed = re.sub(rf' ?"{re.escape(name)}"|;{name}=("[^"]*"|\d+)', "", told)
    assert narrowed != told
    with pytest.raises(ProtocolError):
        check(request, {"signature-input": narrowed})


def check(request: SignedRequest, changed: dict[str, str]) -> None:
    headers = dict(request.headers) | changed
    request = SignedRequest(request.method, request.origin, request.target, headers, request.body)
    key = OwnedKey(SIGNER.key_id, "https://them.example/a", SIGNER.key.public_key())
    signatures.verify(request, signatures.read(request), key, now=START)


def test_s239_each_proposal_has_its_own_address_and_stands_once() -> None:
    rows = rows_under("## Supported FEPs")
    numbers = [re.match(r"\[(\w{4})\]\((\S+)\)", row[0]) for row in rows]
    assert all(found and f"/fep/{found[1]}/fep-{found[1]}.md" in found[2] for found in numbers)
    assert len({found[1] for found in numbers if found}) == len(rows)


def test_s239_every_setting_and_chapter_that_the_document_names_is_there() -> None:
    settings = set(FederationConfig.__struct_fields__)
    named = {name for name in names_in(DOCUMENT) if re.fullmatch(r"[a-z]+(_[a-z]+)*_at_most|\w+_per_\w+", name)}
    assert named <= settings
    heads = [line.lstrip("# ") for line in DOCUMENT.splitlines() if line.startswith("#")]
    chapters = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}
    assert set(re.findall(r"\]\(#([\w-]+)\)", DOCUMENT)) <= chapters
    for path in re.findall(r"\]\(([\w./-]+\.md)\)", DOCUMENT):
        assert (ROOT / path).is_file(), path
