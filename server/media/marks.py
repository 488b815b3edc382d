"""Writes the origin of a generated picture as XMP. It must not hold the prompt, which may be private.

IPTC Digital Source Type vocabulary; XMP part 1 (ISO 16684-1). EU AI Act article 50(2) asks for a mark that machines
read.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a picture comes from: the model's name, and whether rules rather than a model drew it."""

    model: str
    drawn_by_rules: bool
    software: str


def write_xmp(origin: Origin) -> bytes:
    """Return an XMP packet with the digital source type, the system used and the creator tool."""
    source = _SOURCE_TYPES + ("algorithmicMedia" if origin.drawn_by_rules else "trainedAlgorithmicMedia")
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmp:CreatorTool={quoteattr(origin.software)} Iptc4xmpExt:AISystemUsed={quoteattr(origin.model)}>
<Iptc4xmpExt:DigitalSourceType>{escape(source)}</Iptc4xmpExt:DigitalSourceType>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()
