"""Says which documents plain reading would misread, so that JSON-LD is run for them alone: it costs a hundred times an
RSA verify. It must not run it.

AS2 Core obliges senders to write what compaction against the AS2 context would give (section 2.1.3); nearly all do.
"""

from collections.abc import Mapping

from activitypub.vocabulary import AS2, as_list

_KEYWORDS = frozenset({"@id", "@type", "@graph", "@included"})


def is_odd(document: Mapping[str, object]) -> bool:
    """Whether names at the top are written out in full or as keywords, or the context is another than AS2."""
    for name in document:
        if name in _KEYWORDS or name.startswith(("http://", "https://", "as:")):
            return True
    context = document.get("@context")
    return context is not None and AS2 not in as_list(context)
