"""Peers' HTML made harmless (T36, T37), and plain text and HTML turned into each other."""

import time

import pytest

from server.html import MARKS_AT_MOST, clean, linkify, plain_text


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='jav&#x09;ascript:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href='vbscript:alert(1)'>x</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<p style='background:url(javascript:alert(1))'>x</p>",
        "<p onclick='alert(1)'>x</p>",
        "<style>@import 'javascript:alert(1)';</style>",
        "<object data='javascript:alert(1)'></object>",
        "<embed src='javascript:alert(1)'>",
        "<form action='javascript:alert(1)'><button>x</button></form>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<h1><img src=x onerror=alert(1)></h1>",
        "<h1 <img src=x onerror=alert(1)>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<base href='https://evil.example/'><a href='x'>x</a>",
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    ],
)
def test_t36_nothing_that_runs_or_loads_is_left(payload: str) -> None:
    left = clean(f"<p>before</p>{payload}<p>after</p>")
    for mark in (
        "<script",
        "<img",
        "<svg",
        "<math",
        "<iframe",
        "<style",
        "<object",
        "<embed",
        "<form",
        "<base",
        "<meta",
    ):
        assert mark not in left.lower()
    for word in ('href="javascript', 'href="data', 'href="vbscript', ' onerror="', " onclick=", " onload=", " style="):
        assert word not in left.lower()


def test_what_mastodon_keeps_is_kept() -> None:
    text = (
        '<p lang="en" class="h-entry quote-inline">a<br><span class="invisible">b</span> <code>c</code></p>'
        '<blockquote><ol start="3" reversed=""><li value="4">d</li></ol></blockquote><ruby>e<rt>f</rt></ruby>'
    )
    assert clean(text) == text


def test_links_get_their_rel_and_lose_their_target() -> None:
    assert clean('<a href="https://a.example/" rel="me" target="_blank" class="mention u-url evil">x</a>') == (
        '<a href="https://a.example/" class="mention u-url" rel="nofollow noopener">x</a>'
    )


def test_headings_become_bold_paragraphs_and_pictures_go() -> None:
    assert clean('<h1 id="x">Title</h1><img src="https://a.example/b.png">') == "<p><strong>Title</strong></p>"


@pytest.mark.parametrize(
    "mark",
    ["<b>", "<p>", "<div>", "<blockquote>", "<ul><li>", "<h1 ", "<", "<a href=x>", "<table>", "<!--", "&#", "<svg>"],
)
def test_t37_a_hundred_thousand_characters_of_nesting_take_no_time(mark: str) -> None:
    text = (mark * 100_000)[:100_000]
    begun = time.process_time()
    clean(text)
    plain_text(text)
    assert time.process_time() - begun < 2


def test_a_text_of_too_many_marks_loses_them_all() -> None:
    assert clean("<b>x</b>" * MARKS_AT_MOST).startswith("<p>x")


def test_plain_text_keeps_breaks_and_unfolds_entities() -> None:
    assert plain_text("<p>a &amp; b<br>c</p><p>&lt;d&gt;</p><script>e</script>") == "a & b\nc\n\n<d>"


def test_linkify_escapes_all_but_the_links_it_makes() -> None:
    assert linkify("a <b> & https://a.example/?x=1&y=2. <i>\nc\n\nd") == (
        '<p>a &lt;b&gt; &amp; <a href="https://a.example/?x=1&amp;y=2" rel="nofollow noopener">'
        "https://a.example/?x=1&amp;y=2</a>. &lt;i&gt;<br>c</p><p>d</p>"
    )
