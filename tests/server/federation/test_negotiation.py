"""Statements 4 to 7: who gets the document and who the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub.vocabulary import ACCEPT, LD_MEDIA_TYPE
from server.federation.negotiation import choose

MASTODON = (
    'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.1'
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    "accept",
    [
        ACCEPT,
        MASTODON,
        LD_MEDIA_TYPE,
        "application/activity+json",
        "application/ld+json",
        "application/ld+json,application/activity+json,application/json",
        "application/json",
        "APPLICATION/ACTIVITY+JSON",
        "text/html;q=0.5, application/activity+json;q=0.6",
        "application/*, text/html;q=0.9",
        "text/html;q=0, */*",
    ],
)
@pytest.mark.parametrize("default", ["document", "page"])
def test_s4_s5_s6_who_names_a_document_gets_it_everywhere(accept, default):
    assert choose(accept, default=default) == "document"


@pytest.mark.parametrize(
    "accept",
    [
        FIREFOX,
        CHROMIUM,
        "text/html",
        "application/xhtml+xml",
        "text/*",
        "text/html, */*",
        "text/html, application/activity+json;q=0.9",
    ],
)
@pytest.mark.parametrize("default", ["document", "page"])
def test_s7_who_names_a_page_gets_it_everywhere(accept, default):
    assert choose(accept, default=default) == "page"


@pytest.mark.parametrize("accept", ["", "*/*", " ", ",", "text/html, application/activity+json", ";q=1"])
@pytest.mark.parametrize("default", ["document", "page"])
def test_who_prefers_neither_gets_what_is_usual_there(accept, default):
    assert choose(accept, default=default) == default


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "application/activity+json;q=0", "text/plain"])
def test_who_wants_neither_gets_neither(accept):
    assert choose(accept, default="document") is None


def test_a_comma_in_a_quoted_parameter_parts_nothing():
    assert choose('application/ld+json; profile="a,text/html", image/png', default="page") == "document"


@given(st.text(max_size=2000))
def test_any_header_is_answered(accept):
    assert choose(accept, default="document") in ("document", "page", None)


@pytest.mark.parametrize("accept", ['"' * 100_000, "a;" * 100_000, "," * 100_000, ";q=" * 50_000])
def test_t55_a_header_of_any_length_is_read_in_a_moment(accept):
    assert choose(accept, default="document") in ("document", None)
