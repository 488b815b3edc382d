"""Who may do what with a post, in each spelling that peers use."""

import pytest

from activitypub.consent import Kind
from activitypub.interaction import Policy, Rule, read_policy, write_policy
from activitypub.vocabulary import PUBLIC

FOLLOWERS = "https://x.example/users/x/followers"


def test_single_values_and_lists_are_read():
    policy = {"canQuote": {"automaticApproval": "as:Public", "manualApproval": [FOLLOWERS]}}

    assert read_policy({"interactionPolicy": policy}) == Policy(quote=Rule((PUBLIC,), (FOLLOWERS,)))


@pytest.mark.parametrize("document", [{}, {"interactionPolicy": {}}, {"interactionPolicy": {"canReply": {}}}])
def test_silence_is_no_consent_and_no_refusal(document):
    assert read_policy(document) == Policy()
    assert not read_policy(document).says_something


def test_an_empty_rule_lets_nobody_quote():
    assert read_policy({"interactionPolicy": {"canQuote": {}}}) == Policy(quote=Rule(()))


@pytest.mark.parametrize("name", ["canLike", "canReply", "canAnnounce"])
@pytest.mark.parametrize(
    ("automatic", "manual"),
    [
        ("automaticApproval", "manualApproval"),
        ("always", "approvalRequired"),
        ("always", "withApproval"),
    ],
)
def test_the_names_of_gotosocials_ages_mean_the_same(name, automatic, manual):
    rule = {automatic: [FOLLOWERS], manual: [PUBLIC]}

    read = read_policy({"interactionPolicy": {name: rule}})

    assert read.rules[Kind(name.removeprefix("can").lower())] == Rule((FOLLOWERS,), (PUBLIC,))


def test_where_both_ages_speak_the_newer_counts():
    rule = {"automaticApproval": [], "always": [PUBLIC], "manualApproval": [PUBLIC], "approvalRequired": []}

    assert read_policy({"interactionPolicy": {"canReply": rule}}).reply == Rule((), (PUBLIC,))


def test_what_is_written_is_read_again_in_both_ages():
    policy = Policy(
        like=Rule((PUBLIC,)), reply=Rule((FOLLOWERS,)), announce=Rule((PUBLIC,)), quote=Rule((FOLLOWERS,), (PUBLIC,))
    )

    written = write_policy(policy)

    assert read_policy({"interactionPolicy": written}) == policy
    old = {name: written["canReply"][name] for name in ("always", "approvalRequired")}
    assert read_policy({"interactionPolicy": {"canReply": old}}).reply == policy.reply
    assert written["canQuote"] == {"automaticApproval": [FOLLOWERS], "manualApproval": [PUBLIC]}


def test_who_says_nothing_writes_nothing():
    assert write_policy(Policy()) is None


@pytest.mark.parametrize("value", [None, 7, "canQuote", [], [[]], {"canReply": 7}, {"canReply": {"always": {"a": 1}}}])
def test_whatever_stands_there_is_no_fault_of_ours(value):
    assert read_policy({"interactionPolicy": value}).quote is None
