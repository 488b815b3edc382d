import pytest

from activitypub.errors import Malformed
from activitypub.remote_note import read_note
from activitypub.vocabulary import QUOTE_REL

ACTOR = "https://peer.example/users/a"
NOTE = "https://peer.example/notes/1"

note_document = {"id": NOTE, "type": "Note", "attributedTo": ACTOR}


@pytest.mark.parametrize(
    "kind", ["Note", "Question", "Article", "Page", "Image", "Video", "Event", "Audio", ["x", "Note"]]
)
def test_s15_everything_shown_like_a_note_is_read(kind):
    assert read_note(note_document | {"type": kind}).attributed_to == ACTOR


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"type": "Person"},
        {"type": None},
        {"attributedTo": None},
        {"attributedTo": []},
        {"attributedTo": [ACTOR, None]},
        {"attributedTo": [ACTOR, 7]},
        {"attributedTo": [ACTOR, {"name": "nobody"}]},
        {"attributedTo": [ACTOR] * 9},
    ],
)
def test_t12_note_without_id_type_or_readable_authors_is_malformed(change):
    with pytest.raises(Malformed):
        read_note(note_document | change)


def test_s176_t53_attachments_and_tags_are_bounded():
    picture = {"type": "Image", "url": "https://peer.example/1.png"}
    tag = {"type": "Hashtag", "name": "#x", "href": "https://peer.example/tags/x"}
    note = read_note(
        note_document | {"attachment": [picture] * 10_000, "tag": [tag] * 10_000, "content": "x" * 500_000}
    )
    assert (len(note.attachments), len(note.tags), len(note.content_html or "")) == (16, 100, 100_000)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ({"type": "Document", "url": "https://peer.example/1.png"}, "https://peer.example/1.png"),
        ({"type": "Image", "url": ["https://peer.example/1.png"]}, "https://peer.example/1.png"),
        (
            {"type": "Image", "url": {"type": "Link", "href": "https://peer.example/1.png"}},
            "https://peer.example/1.png",
        ),
        (
            {"type": "Image", "url": [{"type": "Link", "href": "https://peer.example/1.png"}]},
            "https://peer.example/1.png",
        ),
        ({"type": "Anything", "url": "https://peer.example/1.png"}, "https://peer.example/1.png"),
    ],
)
def test_s18_addresses_of_pictures_are_found_in_every_form(entry, url):
    assert read_note(note_document | {"attachment": entry}).attachments[0].url == url


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "Link", "href": "https://peer.example/page"},
        {"type": "Image", "url": "data:image/png;base64,AAAA"},
        {"type": "Image", "url": "file:///etc/passwd"},
        {"type": "Image"},
        "https://peer.example/1.png",
        None,
    ],
)
def test_what_is_no_picture_is_left_out(entry):
    assert read_note(note_document | {"attachment": [entry]}).attachments == ()


@pytest.mark.parametrize(
    ("given_fields", "name", "expected"),
    [
        ({"width": 640}, "width", 640),
        ({"width": 640.0}, "width", 640),
        ({"width": 640.5}, "width", None),
        ({"width": "640"}, "width", None),
        ({"width": True}, "width", None),
        ({"width": -1}, "width", None),
        ({"width": 10**30}, "width", None),
        ({"blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH"}, "blurhash", "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH"),
        ({"blurhash": "short"}, "blurhash", None),
        ({"blurhash": "<script>alert(1)</script>"}, "blurhash", None),
        ({"blurhash": "A" * 165}, "blurhash", None),
        ({"focalPoint": [0, -1]}, "focal", (0.0, -1.0)),
        ({"focalPoint": [2, 0]}, "focal", None),
        ({"focalPoint": [0]}, "focal", None),
        ({"focalPoint": "0,0"}, "focal", None),
        ({"summary": "s", "name": "n"}, "alt", "s"),
        ({"summary": "", "name": "n"}, "alt", "n"),
        ({"nameMap": {"en": "n"}}, "alt", "n"),
        ({"name": "n" * 20_000}, "alt", "n" * 10_000),
        ({"mediaType": "Image/PNG; x=y"}, "media_type", "image/png"),
        ({"mediaType": "png"}, "media_type", None),
    ],
)
def test_fields_of_a_picture_are_believed_within_reason(given_fields, name, expected):
    entry = {"type": "Image", "url": "https://peer.example/1"} | given_fields
    assert getattr(read_note(note_document | {"attachment": [entry]}).attachments[0], name) == expected


@pytest.mark.parametrize(
    ("change", "content", "language"),
    [
        ({"content": "a"}, "a", None),
        ({"contentMap": {"fr": "b"}}, "b", "fr"),
        ({"content": "a", "contentMap": {"fr": "b", "de": "a"}}, "a", "de"),
        ({"content": "a", "contentMap": {"fr": "b"}}, "a", None),
        ({"content": 7, "contentMap": {"fr": None}}, None, None),
        ({"as:content": "a"}, "a", None),
    ],
)
def test_content_is_read_with_its_language(change, content, language):
    note = read_note(note_document | change)
    assert (note.content_html, note.language) == (content, language)


def test_post_that_is_itself_a_picture_holds_it():
    note = read_note(
        note_document
        | {"type": "Image", "mediaType": "image/png", "url": "https://peer.example/1.png", "name": "A fox"}
    )
    assert [(picture.url, picture.alt) for picture in note.attachments] == [("https://peer.example/1.png", "A fox")]


@pytest.mark.parametrize(
    ("change", "generated"),
    [
        ({}, False),
        ({"genAI": True}, True),
        ({"genAI": "true"}, False),
        ({"genAI": False}, False),
        (
            {
                "attachment": {
                    "url": "https://peer.example/1",
                    "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
                }
            },
            True,
        ),
    ],
)
def test_label_of_generated_pictures_is_read(change, generated):
    assert read_note(note_document | change).gen_ai is generated


@pytest.mark.parametrize("name", ["quote", "quoteUri", "quoteUrl", "_misskey_quote"])
def test_quotes_are_read_under_every_name(name):
    assert read_note(note_document | {name: "https://other.example/1"}).quote == "https://other.example/1"


@pytest.mark.parametrize("rel", [QUOTE_REL, ["x", QUOTE_REL]])
def test_a_quote_is_read_from_an_object_link(rel):
    link = {"type": "Link", "mediaType": "application/activity+json", "href": "https://other.example/1", "rel": rel}

    assert read_note(note_document | {"tag": [link]}).quote == "https://other.example/1"
    assert read_note(note_document | {"tag": [link | {"rel": "alternate"}]}).quote is None


@pytest.mark.parametrize(
    ("replies", "answered"),
    [
        ({"type": "Collection", "totalItems": 2}, True),
        ({"type": "Collection", "first": {"type": "CollectionPage", "items": ["https://a.example/1"]}}, True),
        ({"type": "Collection", "items": "https://a.example/1"}, True),
        ({"type": "Collection", "totalItems": 0, "first": {"items": []}}, False),
        ({"type": "Collection", "first": "https://peer.example/replies?page=1"}, False),
        ("https://peer.example/replies", False),
    ],
)
def test_a_post_says_whether_it_was_answered(replies, answered):
    assert read_note(note_document | {"replies": replies}).is_answered is answered


def test_counts_of_a_post_are_read_and_nonsense_is_not():
    told = read_note(note_document | {"likes": {"totalItems": 7}, "shares": {"totalItems": -1}, "replies": "x"}).told
    assert (told.likes, told.shares, told.replies) == (7, None, None)
