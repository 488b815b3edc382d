"""What clients send to say who may like, answer and boost a post, and what is meant. It must not look anything up."""

from collections.abc import Sequence

import msgspec

from server.problems import Invalid
from server.store.writing.interactions import GROUPS, PUBLIC, Allowed

# Always meant, whether it is said or not (GoToSocial).
_SELF = frozenset({"author", "me"})


class RuleParams(msgspec.Struct, kw_only=True):
    """Who may at once, and who is asked for; under the names of today, or of GoToSocial before 0.20."""

    automatic_approval: list[str] | None = None
    manual_approval: list[str] | None = None
    always: list[str] | None = None
    with_approval: list[str] | None = None


class InteractionPolicyParams(msgspec.Struct, kw_only=True):
    """Who may do what with a post; what is not said stays as it is, or as it usually is."""

    can_favourite: RuleParams | None = None
    can_reply: RuleParams | None = None
    can_reblog: RuleParams | None = None


def read_rules(params: InteractionPolicyParams | None) -> dict[str, Allowed | None] | None:
    """Return what is meant, by kind of deed; raises Invalid for a word that is none."""
    if params is None:
        return None
    said = {"like": params.can_favourite, "reply": params.can_reply, "announce": params.can_reblog}
    return {kind: _read_rule(rule) for kind, rule in said.items() if rule is not None}


def _read_rule(rule: RuleParams) -> Allowed | None:
    automatic = _read_words(rule.automatic_approval if rule.automatic_approval is not None else rule.always)
    manual = _read_words(rule.manual_approval if rule.manual_approval is not None else rule.with_approval)
    if PUBLIC in automatic:
        return None
    return Allowed(automatic, tuple(word for word in manual if word not in automatic))


def _read_words(words: Sequence[str] | None) -> tuple[str, ...]:
    said = [word for word in dict.fromkeys(words or ()) if word not in _SELF]
    for word in said:
        if word not in GROUPS:
            raise Invalid(
                f"An interaction policy names {', '.join(GROUPS)}, not {word[:40]}.", field="interaction_policy"
            )
    return tuple(said)
