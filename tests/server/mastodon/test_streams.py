"""Which stream hears what, and with which token."""

import msgspec
import pytest

from server.mastodon.streaming.streams import Frame, Happening, Stream, belongs, check_scope, read_stream
from server.oauth.bearer import Bearer
from server.oauth.scopes import parse
from server.problems import Forbidden, Invalid
from server.store.reading.feeds import HOME, LIST
from tests.rows import make_actor

ME = make_actor("alice", id=5, local=True)
PUBLIC = [f"public{where}{kind}" for where in ("", ":local", ":remote") for kind in ("", ":media")]


def bearer(scopes="read", actor=ME):
    return Bearer("hash", "client", parse(scopes), actor, None)


def hears(happening, **listening):
    """The names of all streams, for hashtag boat and list 7, that hear an event."""
    holder = bearer(**listening)
    streams = [*map(Stream, PUBLIC), *map(Stream, ("user", "user:notification", "direct"))]
    streams += [Stream("hashtag", "boat"), Stream("hashtag:local", "boat"), Stream("list", "7")]
    return {stream.name for stream in streams if belongs(happening, stream, holder)}


def post(**given):
    return Happening("update", **{"public": True, "local": False, "has_media": False} | given)


@pytest.mark.parametrize(
    ("happening", "names"),
    [
        (post(), {"public", "public:remote"}),
        (post(has_media=True), {"public", "public:media", "public:remote", "public:remote:media"}),
        (post(local=True), {"public", "public:local"}),
        (post(tags=frozenset({"boat"})), {"public", "public:remote", "hashtag"}),
        (post(tags=frozenset({"boat"}), local=True), {"public", "public:local", "hashtag", "hashtag:local"}),
        (post(is_reply=True), set()),
        (post(is_reply=True, tags=frozenset({"boat"})), {"hashtag"}),
        (post(public=False, feeds=frozenset({(HOME, 5)})), {"user"}),
        (post(public=False, feeds=frozenset({(HOME, 6), (LIST, 7), (LIST, 5)})), {"list"}),
        (Happening("delete", public=True), set(PUBLIC)),
        (Happening("notification", actor_id=5), {"user", "user:notification"}),
        (Happening("notification", actor_id=6), set()),
        (Happening("notifications_merged", actor_id=5), {"user", "user:notification"}),
        (Happening("filters_changed", actor_id=5), {"user"}),
        (Happening("conversation", actor_id=5), {"direct"}),
        (Happening("conversation", actor_id=6), set()),
    ],
)
def test_an_event_is_heard_where_it_belongs(happening, names):
    assert hears(happening) == names


def test_notifications_are_heard_only_with_their_own_scope():
    assert hears(Happening("notification", actor_id=5), scopes="read:statuses") == set()
    assert hears(Happening("notification", actor_id=5), scopes="read:notifications") == {"user", "user:notification"}


def test_an_app_that_speaks_for_nobody_hears_what_is_public():
    assert hears(post(), actor=None) == {"public", "public:remote"}
    assert hears(Happening("filters_changed"), actor=None) == set()


@pytest.mark.parametrize(
    ("scopes", "name", "allowed"),
    [
        ("read", "user", True),
        ("read:statuses", "user", True),
        ("read:notifications", "user", False),
        ("read:statuses", "user:notification", False),
        ("read:notifications", "user:notification", True),
        ("write", "public", False),
        ("profile", "public", False),
    ],
)
def test_each_stream_asks_for_its_own_scope(scopes, name, allowed):
    if allowed:
        check_scope(bearer(scopes), Stream(name))
        return
    with pytest.raises(Forbidden):
        check_scope(bearer(scopes), Stream(name))


@pytest.mark.parametrize("name", ["user", "user:notification", "direct", "list"])
def test_an_app_has_no_stream_of_its_own(name):
    with pytest.raises(Forbidden):
        check_scope(bearer(actor=None), Stream(name, "7"))


@pytest.mark.parametrize(
    ("asked", "stream"),
    [
        ({"name": "user"}, Stream("user")),
        ({"name": "hashtag", "tag": "#Boat"}, Stream("hashtag", "boat")),
        ({"name": "list", "list_id": "007"}, Stream("list", "7")),
    ],
)
def test_a_stream_is_read(asked, stream):
    assert read_stream(**asked) == stream


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "everything"},
        {"name": ""},
        {"name": "hashtag"},
        {"name": "hashtag", "tag": "x" * 201},
        {"name": "list"},
        {"name": "list", "list_id": "seven"},
        {"name": "list", "list_id": "٧"},
    ],
)
def test_what_is_no_stream_is_refused(asked):
    with pytest.raises(Invalid):
        read_stream(**asked)


def test_a_frame_carries_its_payload_as_text():
    frame = Frame(Stream("hashtag", "boat"), "update", '{"id":"1"}')

    assert msgspec.json.decode(frame.as_message()) == {
        "stream": ["hashtag", "boat"],
        "event": "update",
        "payload": '{"id":"1"}',
    }
    assert frame.as_event() == b'event: update\ndata: {"id":"1"}\n\n'


def test_a_frame_without_payload_is_heard_by_browsers_too():
    frame = Frame(Stream("user"), "filters_changed", None)

    assert msgspec.json.decode(frame.as_message()) == {"stream": ["user"], "event": "filters_changed"}
    assert frame.as_event() == b"event: filters_changed\ndata: undefined\n\n"
