"""Writes and finds the origin of a generated picture in its file. It must not hold the prompt, which may be private.

IPTC Digital Source Type vocabulary; XMP part 1 (ISO 16684-1). EU AI Act article 50(2) asks for a mark that machines
read, and the Code of Practice to it that marks be kept.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr, unescape

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = "trainedAlgorithmicMedia"
# The words for what no camera and no hand made, the most exact one first: a file with content credentials also names
# the sources of its parts.
GENERATED = ("compositeWithTrainedAlgorithmicMedia", TRAINED, "compositeSynthetic", "algorithmicMedia")
# Names of programs; what is longer is no name.
NAME_AT_MOST = 100

# In XMP, in IPTC and in content credentials alike the word stands uncompressed, and pixels never look like it.
_WORD = re.compile(rb"cv\.iptc\.org/newscodes/digitalsourcetype/([A-Za-z]{1,64})")
_VALUE = rb"""(?:="([^"<>]{1,200})"|='([^'<>]{1,200})'|>([^<>]{1,200})<)"""
_SYSTEM = re.compile(b"AISystemUsed" + _VALUE)
_TOOL = re.compile(b"CreatorTool" + _VALUE)
# What the programs that people paint with at home write into a PNG: no word of IPTC's, but nothing else writes it.
_TEXTS_OF_GENERATORS = ("invokeai_metadata", "sd-metadata", "Dream")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a picture comes from: the model's name, and whether rules rather than a model drew it."""

    model: str
    drawn_by_rules: bool
    software: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file says of its origin: IPTC's word, the system that painted it and the program that wrote it."""

    source: str
    system: str | None = None
    tool: str | None = None


def write_xmp(origin: Origin) -> bytes:
    """Return an XMP packet with the digital source type, the system used and the creator tool."""
    return write_mark(Mark("algorithmicMedia" if origin.drawn_by_rules else TRAINED, origin.model, origin.software))


def write_mark(mark: Mark) -> bytes:
    """Return an XMP packet that says what `mark` says."""
    tool = f" xmp:CreatorTool={quoteattr(mark.tool)}" if mark.tool else ""
    system = f" Iptc4xmpExt:AISystemUsed={quoteattr(mark.system)}" if mark.system else ""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
{tool}{system}>
<Iptc4xmpExt:DigitalSourceType>{escape(SOURCE_TYPES + mark.source)}</Iptc4xmpExt:DigitalSourceType>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()


def find_mark(blocks: Iterable[bytes], texts: dict[str, str] | None = None) -> Mark | None:
    """Return what a file says of its origin, if that is a generator; None for photographs and for what says nothing.

    `blocks` are the file's bytes and what was compressed in them, `texts` the texts of a PNG.
    """
    pieces = list(blocks)
    words = {found.decode() for piece in pieces for found in _WORD.findall(piece)}
    source = next((word for word in GENERATED if word in words), None)
    if source is None and not _is_of_generator(texts or {}):
        return None
    return Mark(source or TRAINED, _first(_SYSTEM, pieces), _first(_TOOL, pieces))


def _first(pattern: re.Pattern[bytes], pieces: list[bytes]) -> str | None:
    found = next((match for piece in pieces if (match := pattern.search(piece))), None)
    if found is None:
        return None
    value: bytes = found[1] or found[2] or found[3]
    name = unescape(value.decode(errors="replace"), {"&quot;": '"', "&apos;": "'"})
    return _UNPRINTABLE.sub(" ", name).strip()[:NAME_AT_MOST] or None


def _is_of_generator(texts: dict[str, str]) -> bool:
    if any(name in texts for name in _TEXTS_OF_GENERATORS) or texts.get("Software") == "NovelAI":
        return True
    if "class_type" in texts.get("prompt", "") and "workflow" in texts:
        return True
    return "Steps: " in texts.get("parameters", "") and "Sampler: " in texts["parameters"]
