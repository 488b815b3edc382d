"""Who may quote a post: `interactionPolicy.canQuote` of FEP-044f, read. It must not look up who follows whom."""

from dataclasses import dataclass

from activitypub import fields
from activitypub.fields import Document


@dataclass(frozen=True, slots=True)
class QuoteConsent:
    """The addresses of whom an author lets quote: at once, and after being asked."""

    automatic: tuple[str, ...]
    manual: tuple[str, ...]


def read_quote_consent(document: Document) -> QuoteConsent | None:
    """Read who may quote a post; None where its author said nothing."""
    policy = next(fields.objects(document, "interactionPolicy", 1), None)
    rule = None if policy is None else next(fields.objects(policy, "canQuote", 1), None)
    if rule is None:
        return None
    return QuoteConsent(fields.recipients(rule, "automaticApproval"), fields.recipients(rule, "manualApproval"))
