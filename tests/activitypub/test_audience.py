from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub.audience import (
    Visibility,
    address,
    choose_inboxes,
    is_open,
    may_see,
    narrower,
    strip_blind,
    visibility_of,
)
from activitypub.vocabulary import PUBLIC

AUTHOR = "https://a.example/users/author"
FOLLOWERS = f"{AUTHOR}/followers"
OTHER = "https://b.example/users/other"
NAMED = "https://c.example/users/named"

VIEWERS = {
    # viewer: (uri, follow accepted by the author, blocked)
    "stranger": (None, False, False),
    "author": (AUTHOR, False, False),
    "somebody": (OTHER, False, False),
    "pending follower": (OTHER, False, False),
    "accepted follower": (OTHER, True, False),
    "blocked": (OTHER, False, True),
    "blocked follower": (OTHER, True, True),
    "named": (NAMED, False, False),
    "named and blocked": (NAMED, False, True),
}
EVERYBODY = set(VIEWERS)
UNBLOCKED = {name for name, (_, _, blocked) in VIEWERS.items() if not blocked}
SEEN_BY = {
    Visibility.PUBLIC: UNBLOCKED,
    Visibility.UNLISTED: UNBLOCKED,
    Visibility.FOLLOWERS: {"author", "accepted follower", "named"},
    Visibility.DIRECT: {"author", "named"},
}


@pytest.mark.parametrize(("visibility", "viewer"), list(product(Visibility, VIEWERS)))
def test_t65_each_viewer_sees_what_each_visibility_allows(visibility, viewer):
    uri, follows, blocked = VIEWERS[viewer]
    seen = may_see(
        visibility, viewer=uri, author=AUTHOR, follows_author=follows, addressed=(FOLLOWERS, NAMED), blocked=blocked
    )
    assert seen is (viewer in SEEN_BY[visibility])


def test_author_sees_a_post_though_marked_blocked():
    assert may_see(Visibility.DIRECT, viewer=AUTHOR, author=AUTHOR, follows_author=False, addressed=(), blocked=True)


@pytest.mark.parametrize(
    ("visibility", "to", "cc"),
    [
        (Visibility.PUBLIC, (PUBLIC,), (FOLLOWERS, NAMED)),
        (Visibility.UNLISTED, (FOLLOWERS,), (PUBLIC, NAMED)),
        (Visibility.FOLLOWERS, (FOLLOWERS,), (NAMED,)),
        (Visibility.DIRECT, (NAMED,), ()),
    ],
)
def test_addresses_are_those_that_peers_expect(visibility, to, cc):
    assert address(visibility, FOLLOWERS, [NAMED, NAMED]) == (to, cc)


@given(st.sampled_from(Visibility), st.lists(st.sampled_from([OTHER, NAMED])))
def test_visibility_survives_addressing(visibility, mentioned):
    to, cc = address(visibility, FOLLOWERS, mentioned)
    assert visibility_of(to, cc, FOLLOWERS) is visibility
    assert set(mentioned) <= {*to, *cc}


@pytest.mark.parametrize("name", [PUBLIC, "as:Public", "Public"])
def test_s19_every_spelling_of_public_is_public(name):
    assert visibility_of([name], [], FOLLOWERS) is Visibility.PUBLIC
    assert visibility_of([], [name], FOLLOWERS) is Visibility.UNLISTED


def test_somebody_elses_followers_do_not_widen_a_post():
    assert visibility_of([f"{OTHER}/followers"], [], FOLLOWERS) is Visibility.DIRECT
    assert visibility_of([FOLLOWERS], [], None) is Visibility.DIRECT


def test_an_answer_is_as_narrow_as_the_narrower():
    assert narrower(Visibility.PUBLIC, Visibility.DIRECT) is Visibility.DIRECT
    assert narrower(Visibility.UNLISTED, Visibility.FOLLOWERS) is Visibility.FOLLOWERS


def test_only_public_and_unlisted_are_open():
    assert [visibility for visibility in Visibility if is_open(visibility)] == [Visibility.PUBLIC, Visibility.UNLISTED]


def test_s135_s137_s138_each_inbox_is_chosen_once():
    recipients = [("https://b/1", "https://b/all"), ("https://b/2", "https://b/all"), ("https://c/1", None)]
    assert choose_inboxes(recipients, shared=True) == ["https://b/all", "https://c/1"]
    assert choose_inboxes([*recipients, ("https://b/1", None)], shared=False) == [
        "https://b/1",
        "https://b/2",
        "https://c/1",
    ]


def test_s143_blind_recipients_leave_the_activity_and_its_objects():
    inner = {"id": "n", "bcc": ["x"], "bto": "y", "to": ["z"]}
    document = {"id": "c", "bto": ["x"], "object": [{"object": inner, "bcc": []}, "uri"]}
    assert strip_blind(document) == {"id": "c", "object": [{"object": {"id": "n", "to": ["z"]}}, "uri"]}
    assert inner["bcc"] == ["x"]
