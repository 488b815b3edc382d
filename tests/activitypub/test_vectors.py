"""Every captured shape is read, and means what its sender meant."""

from pathlib import Path

import pytest

from activitypub.audience import Visibility, visibility_of
from activitypub.authority import believable_object, check_activity, check_note
from activitypub.reading import (
    read_activity,
    read_actor,
    read_collection,
    read_json,
    read_key_claims,
    read_note,
)
from activitypub.vocabulary import PUBLIC, id_of

VECTORS = Path(__file__).parent.parent / "vectors"
US = "https://pinxit.example"
OUR_ACTOR = f"{US}/users/anna"
OUR_NOTE = f"{US}/pictures/101"

SERVERS = ("mastodon", "gotosocial", "pixelfed", "misskey", "akkoma", "takahe", "snac", "hollo", "piefed")
ACTIVITY_FILES = sorted(
    path.relative_to(VECTORS).as_posix()
    for path in VECTORS.glob("*/*.json")
    if path.stem not in ("account", "actor", "actor_stub", "actor_two", "channel", "collection", "group", "video")
)


def load(name: str) -> dict[str, object]:
    return read_json((VECTORS / name).read_bytes())


@pytest.mark.parametrize("name", ACTIVITY_FILES)
def test_every_activity_is_its_signers_to_say(name):
    activity = read_activity(load(name))
    check_activity(activity.actor, activity, US)


@pytest.mark.parametrize(
    ("server", "username", "shared_inbox"),
    [
        ("mastodon", "rosa", "https://mastodon.example/inbox"),
        ("gotosocial", "milo", "https://gts.example/shared"),
        ("pixelfed", "ines", "https://pixelfed.example/f/inbox"),
        ("misskey", "yuki", "https://misskey.example/inbox"),
        ("akkoma", "tove", "https://akkoma.example/inbox"),
        ("takahe", "ngaio", "https://takahe.example/inbox/"),
        ("snac", "olaf", "https://snac.example/shared-inbox"),
        ("hollo", "jun", "https://hollo.example/inbox"),
        ("piefed", "emeka", "https://piefed.example/inbox"),
    ],
)
def test_every_actor_has_a_name_a_key_and_a_shared_inbox(server, username, shared_inbox):
    actor = read_actor(load(f"{server}/actor.json"))
    assert actor.username == username
    assert actor.shared_inbox == shared_inbox
    assert actor.keys
    assert all(key.owner == actor.id for key in actor.keys)


@pytest.mark.parametrize(
    ("server", "alts", "visibility"),
    [
        ("mastodon", ["A grey harbour in the rain"], Visibility.PUBLIC),
        ("gotosocial", ["Two boats at low tide"], Visibility.PUBLIC),
        ("pixelfed", ["Tiled stairs", None], Visibility.PUBLIC),
        ("misskey", ["雨の港"], Visibility.PUBLIC),
        ("akkoma", ["A green wave"], Visibility.UNLISTED),
        ("takahe", ["fern"], Visibility.PUBLIC),
        ("snac", ["snow"], Visibility.PUBLIC),
        ("hollo", ["항구"], Visibility.PUBLIC),
        ("piefed", ["A fox in snow"], Visibility.PUBLIC),
    ],
)
def test_every_create_holds_a_post_with_its_pictures(server, alts, visibility):
    activity = read_activity(load(f"{server}/create.json"))
    actor = read_actor(load(f"{server}/actor.json"))
    document = believable_object(activity)
    assert document is not None
    note = read_note(document)
    check_note(actor.id, note, US)
    assert [picture.alt for picture in note.attachments] == alts
    assert visibility_of(note.to, note.cc, actor.followers) is visibility


@pytest.mark.parametrize("server", SERVERS)
def test_every_follow_names_us(server):
    activity = read_activity(load(f"{server}/follow.json"))
    assert (activity.type, activity.object_id) == ("Follow", OUR_ACTOR)


@pytest.mark.parametrize("server", SERVERS)
def test_every_accept_embeds_our_follow(server):
    activity = read_activity(load(f"{server}/accept.json"))
    follow = activity.object
    assert isinstance(follow, dict)
    assert activity.object_type == "Follow"
    assert (id_of(follow.get("actor")), id_of(follow.get("object"))) == (OUR_ACTOR, activity.actor)


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("kind", ["like", "announce"])
def test_every_like_and_announce_names_our_picture(server, kind):
    if (server, kind) == ("piefed", "announce"):
        kind = "like"  # its groups announce whole activities: the test below
    assert read_activity(load(f"{server}/{kind}.json")).object_id == OUR_NOTE


@pytest.mark.parametrize("server", SERVERS)
def test_every_undo_embeds_an_activity_of_the_same_actor(server):
    activity = read_activity(load(f"{server}/undo.json"))
    document = believable_object(activity)
    assert document is not None
    assert read_activity(document).actor == activity.actor


@pytest.mark.parametrize("server", SERVERS)
def test_every_delete_names_the_post_of_the_create(server):
    assert (
        read_activity(load(f"{server}/delete.json")).object_id == read_activity(load(f"{server}/create.json")).object_id
    )


@pytest.mark.parametrize("kind", ["accept", "undo"])
def test_mitra_names_activities_by_bare_id(kind):
    activity = read_activity(load(f"mitra/{kind}.json"))
    assert activity.object_id is not None
    assert activity.object_type is None
    assert believable_object(activity) is None


def test_gotosocial_stub_claims_a_key_for_its_actor():
    (claim,) = read_key_claims(load("gotosocial/actor_stub.json"))
    assert claim.key_id == "https://gts.example/users/milo/main-key"
    assert claim.owner == "https://gts.example/users/milo"


def test_hollo_actor_keeps_the_keys_that_can_be_read():
    actor = read_actor(load("hollo/actor.json"))
    assert [key.key_id for key in actor.keys] == [
        "https://hollo.example/@jun#main-key",
        "https://hollo.example/@jun#key-2",
    ]


def test_mastodon_report_names_actor_and_post():
    assert read_activity(load("mastodon/flag.json")).object_ids == (OUR_ACTOR, OUR_NOTE)


def test_mastodon_deleted_actor_is_its_own_object():
    activity = read_activity(load("mastodon/delete_actor.json"))
    assert activity.object_id == activity.actor


def test_mastodon_reply_says_all_that_we_use():
    note = read_note(believable_object(read_activity(load("mastodon/create.json"))) or {})
    assert note.in_reply_to == OUR_NOTE
    assert note.language == "en"
    assert note.url == "https://mastodon.example/@rosa/9001"
    assert note.conversation == "tag:mastodon.example,2026-05-02:objectId=77:objectType=Conversation"
    assert [(tag.kind, tag.name) for tag in note.tags] == [
        ("mention", "@anna@pinxit.example"),
        ("hashtag", "#rain"),
        ("emoji", ":drop:"),
    ]
    assert note.attachments[0].focal == (0.25, -0.5)
    assert not note.gen_ai


@pytest.mark.parametrize("server", ["misskey", "hollo"])
def test_quotes_are_found_under_their_several_names(server):
    note = read_note(believable_object(read_activity(load(f"{server}/create.json"))) or {})
    assert note.quote == OUR_NOTE


def test_akkoma_attachment_links_carry_address_and_type():
    (picture,) = read_note(believable_object(read_activity(load("akkoma/create.json"))) or {}).attachments
    assert (picture.url, picture.media_type) == ("https://akkoma.example/media/wave.jpg", "image/jpeg")


def test_takahe_public_is_written_out_in_full():
    assert read_activity(load("takahe/announce.json")).to == (PUBLIC,)


def test_piefed_labels_posts_and_groups_as_generated():
    assert read_note(believable_object(read_activity(load("piefed/create.json"))) or {}).gen_ai
    assert read_actor(load("piefed/group.json")).generates
    assert not read_actor(load("piefed/actor.json")).generates


def test_piefed_announces_of_activities_are_believed_on_their_own_origin_only():
    document = believable_object(read_activity(load("piefed/announce_create.json")))
    assert document is not None
    assert read_activity(document).type == "Create"


def test_peertube_video_has_two_authors_a_page_and_a_film():
    note = read_note(load("peertube/video.json"))
    assert len(note.authors) == 2
    assert note.url == "https://peertube.example/w/v1"
    assert [film.media_type for film in note.attachments] == ["video/mp4"]


def test_mastodon_replies_hold_their_first_page():
    replies = read_collection(load("mastodon/collection.json"))
    assert replies.page is not None
    assert len(replies.page.items) == 1
    assert replies.page.next is not None
