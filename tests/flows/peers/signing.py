"""Draft-cavage signatures as each software writes them, made by hand: not by the code that has to read them."""

import base64
import hashlib
import json
from email.utils import formatdate
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from activitypub.keys import Signer
from server.ids import MICROSECONDS
from tests.remote_host import Document

USUAL = "(request-target) host date digest"


def sign_draft(
    signer: Signer,
    url: str,
    document: Document,
    *,
    now: int,
    covered: str = USUAL,
    algorithm: str | None = "rsa-sha256",
    media_type: str = "application/activity+json",
) -> tuple[dict[str, str], bytes]:
    """(headers, body) of a POST; `covered` in the order in which it is signed."""
    body = json.dumps(document).encode()
    address = urlsplit(url)
    headers = {
        "host": address.netloc,
        "date": formatdate(now // MICROSECONDS, usegmt=True),
        "digest": "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode(),
        "content-type": media_type,
    }
    values = headers | {"(request-target)": f"post {address.path}"}
    text = "\n".join(f"{name}: {values[name]}" for name in covered.split())
    value = base64.b64encode(signer.key.sign(text.encode(), PKCS1v15(), SHA256())).decode()
    named = f',algorithm="{algorithm}"' if algorithm else ""
    headers["signature"] = f'keyId="{signer.key_id}"{named},headers="{covered}",signature="{value}"'
    return headers, body
