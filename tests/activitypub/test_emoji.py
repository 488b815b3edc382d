"""Which emoji a reaction carries, and what is none."""

import pytest

from activitypub.emoji import Emoji, read_reaction

ICON = "https://remote.example/blob.png"
TAG = {"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": ICON}}


@pytest.mark.parametrize("text", ["🎨", "❤", "❤️", "👍🏽", "👩‍👩‍👧‍👦", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "‼️", "↔️"])
def test_a_unicode_emoji_is_read(text):
    assert read_reaction({"content": text}) == Emoji(text)


@pytest.mark.parametrize(
    "text", ["", "hello", "<b>", "a🎨", "🎨 🎨", "1", "!", "\u202e🎨", "\ufe0f", "🎨" * 17, ":blob:", ["x"], 7, None]
)
def test_t53_words_spaces_and_long_rows_are_no_emoji(text):
    assert read_reaction({"content": text}) is None


@pytest.mark.parametrize("content", [":blob:", ":blob@remote.example:", ":blob@.:"])
@pytest.mark.parametrize("name", [":blob:", "blob"])
def test_a_custom_emoji_is_read_with_its_picture(content, name):
    assert read_reaction({"content": content, "tag": TAG | {"name": name}}) == Emoji(":blob:", ICON)


@pytest.mark.parametrize("icon", [None, "javascript:alert(1)", {"url": "data:image/png;base64,AA"}, 7])
def test_a_custom_emoji_without_a_web_picture_is_none(icon):
    assert read_reaction({"content": ":blob:", "tag": [TAG | {"icon": icon}]}) is None


def test_misskeys_own_key_is_read_where_content_is_missing():
    assert read_reaction({"_misskey_reaction": "🎉"}) == Emoji("🎉")
