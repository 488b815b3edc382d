"""What a server understands, as its actors say it (FEP-844e). It must not say what follows from that."""

from activitypub import fields
from activitypub.fields import Document
from activitypub.vocabulary import as_list, id_of

RFC9421 = "https://datatracker.ietf.org/doc/html/rfc9421"
# Lists in use have one to ten entries.
MAX_CAPABILITIES = 50

IMPLEMENTS: list[Document] = [{"href": RFC9421, "name": "RFC-9421: HTTP Message Signatures"}]


def implements(actor: Document, capability: str) -> bool:
    """Whether an actor's document says that its server has a capability: of its `generator`, or of itself."""
    sayers = [actor, *fields.objects(actor, "generator", 1)]
    return any(_names(sayer, capability) for sayer in sayers)


def _names(sayer: Document, capability: str) -> bool:
    listed = as_list(fields.field(sayer, "implements"))[:MAX_CAPABILITIES]
    return any(capability in (id_of(one), one.get("href") if isinstance(one, dict) else None) for one in listed)
