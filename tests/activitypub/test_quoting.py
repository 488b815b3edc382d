"""Who may quote, as peers say it."""

import pytest

from activitypub.quoting import QuoteConsent, read_quote_consent
from activitypub.vocabulary import PUBLIC


def test_single_values_and_lists_are_read():
    policy = {"canQuote": {"automaticApproval": "as:Public", "manualApproval": ["https://x.example/followers"]}}

    assert read_quote_consent({"interactionPolicy": policy}) == QuoteConsent(
        (PUBLIC,), ("https://x.example/followers",)
    )


@pytest.mark.parametrize("document", [{}, {"interactionPolicy": {}}, {"interactionPolicy": {"canReply": {}}}])
def test_silence_is_no_consent_and_no_refusal(document):
    assert read_quote_consent(document) is None


def test_an_empty_rule_lets_nobody():
    assert read_quote_consent({"interactionPolicy": {"canQuote": {}}}) == QuoteConsent((), ())
