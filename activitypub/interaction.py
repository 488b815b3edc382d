"""Who may do what with a post: `interactionPolicy`, in each spelling that is in use, read and written.

FEP-044f says `canQuote` with `automaticApproval` and `manualApproval`; GoToSocial says canLike, canReply and
canAnnounce, until 0.19 with `always` and `approvalRequired` (its client API: `with_approval`), in 0.20 with both, then
with the same names as the FEP. It must not look up who follows whom.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from activitypub import fields
from activitypub.consent import Kind
from activitypub.fields import Document

_NAMES: Final[Mapping[Kind, str]] = {
    Kind.LIKE: "canLike",
    Kind.REPLY: "canReply",
    Kind.ANNOUNCE: "canAnnounce",
    Kind.QUOTE: "canQuote",
}
_AUTOMATIC: Final = ("automaticApproval", "always")
_MANUAL: Final = ("manualApproval", "approvalRequired", "withApproval")
# Whom a list names beside everybody and the followers: GoToSocial adds all who are mentioned.
MAX_NAMED: Final = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """The addresses of whom an author lets do something: at once, and after being asked."""

    automatic: tuple[str, ...]
    manual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What an author says of each deed; None where nothing is said."""

    like: Rule | None = None
    reply: Rule | None = None
    announce: Rule | None = None
    quote: Rule | None = None

    @property
    def rules(self) -> Mapping[Kind, Rule | None]:
        """The same by kind, in the order in which they are written."""
        return {Kind.LIKE: self.like, Kind.REPLY: self.reply, Kind.ANNOUNCE: self.announce, Kind.QUOTE: self.quote}

    @property
    def says_something(self) -> bool:
        """Whether its author's server knows policies at all."""
        return any(rule is not None for rule in self.rules.values())


def read_policy(document: Document) -> Policy:
    """Read what a post says; a policy that is not there says nothing."""
    policy = next(fields.objects(document, "interactionPolicy", 1), {})
    found = {kind.value: _read_rule(policy, kind) for kind in Kind}
    return Policy(**found)


def write_policy(policy: Policy) -> Document | None:
    """Write what we enforce; None where nothing is said."""
    written: Document = {
        _NAMES[kind]: _write_rule(kind, rule) for kind, rule in policy.rules.items() if rule is not None
    }
    return written or None


def _read_rule(policy: Document, kind: Kind) -> Rule | None:
    rule = next(fields.objects(policy, _NAMES[kind], 1), None)
    if rule is None or (not rule and kind is not Kind.QUOTE):
        # By GoToSocial's word an empty rule is as good as none. Of quotes nobody may make one without a word.
        return None
    return Rule(_read_names(rule, _AUTOMATIC), _read_names(rule, _MANUAL))


def _read_names(rule: Document, names: tuple[str, ...]) -> tuple[str, ...]:
    """What stands under the first of several names that is there."""
    name = next((one for one in names if fields.field(rule, one) is not None), names[0])
    return fields.recipients(rule, name)[:MAX_NAMED]


def _write_rule(kind: Kind, rule: Rule) -> Document:
    names = {"automaticApproval": list(rule.automatic)}
    if rule.manual:
        names["manualApproval"] = list(rule.manual)
    if kind is not Kind.QUOTE:
        # GoToSocial before 0.20 knows these alone, and takes a rule without them for one that lets nobody.
        names |= {"always": list(rule.automatic), "approvalRequired": list(rule.manual)}
    return dict(names)
