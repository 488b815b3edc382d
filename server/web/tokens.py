"""Form tokens: proof that a form was ours and this browser's. It must not know what the form does.

Two guards beside SameSite cookies: a signed token bound to the session, and the browser's own word about where the
request comes from.
"""

import secrets

from itsdangerous import BadSignature, Signer

from server.problems import Forbidden

FIELD = "token"
STRANGER = "stranger"
_REFUSAL = "This form is too old or came from another site. Go back, reload the page and try again."


def make_token(secret: bytes, holder: str) -> str:
    """Make a token for the forms of `holder`: a session's hash, or STRANGER.

    The random half makes every page's token look different, so that compression cannot leak it.
    """
    return _signer(secret, holder).sign(secrets.token_urlsafe(12)).decode()


def check_token(secret: bytes, holder: str, token: str) -> None:
    """Raise Forbidden unless `token` was made for `holder`."""
    try:
        _signer(secret, holder).unsign(token)
    except BadSignature:
        raise Forbidden(_REFUSAL) from None


def check_origin(fetch_site: str | None, sender: str | None, origin: str) -> None:
    """Raise Forbidden when the browser says (Sec-Fetch-Site, Origin) that another site sent this form.

    Sec-Fetch-Site is decisive where it is sent. Our pages send no referrer, which makes browsers write `Origin: null`
    on their own forms; then the token alone has to do.
    """
    if fetch_site is not None:
        if fetch_site != "same-origin":
            raise Forbidden(_REFUSAL)
        return
    if sender not in (None, "null", origin):
        raise Forbidden(_REFUSAL)


def _signer(secret: bytes, holder: str) -> Signer:
    return Signer(secret, salt=f"pinxit.web.form:{holder}", key_derivation="hmac")
