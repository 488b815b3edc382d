"""The shapes of who may like, answer and boost a post, as GoToSocial's clients read them. They must not do anything."""

import msgspec


class PolicyRules(msgspec.Struct, kw_only=True, frozen=True):
    """Who may at once, and who after its author agreed; each under its name of today and that of before 0.20."""

    always: list[str]
    automatic_approval: list[str]
    with_approval: list[str]
    manual_approval: list[str]


class InteractionPolicy(msgspec.Struct, kw_only=True, frozen=True):
    """Who may do what with a post. `me` is who asks; others are public, followers, following, mentioned and author."""

    can_favourite: PolicyRules
    can_reply: PolicyRules
    can_reblog: PolicyRules
