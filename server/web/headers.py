"""The headers that every page carries. It must not know any page."""

from quart.wrappers import Response

NOAI = "noai, noimageai"


def content_security_policy(*, forms_lead_away: bool = False) -> str:
    """Our own scripts and styles only, none inline; peers' pictures through us alone.

    `forms_lead_away`: a form's answer may redirect to another origin. Browsers hold the whole chain of redirects to
    `form-action`, and where a program's goes on to is not ours to know.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            *(() if forms_lead_away else ("form-action 'self'",)),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def guard(response: Response) -> Response:
    """Add what protects reader and pictures, without touching what a page set itself."""
    for name, value in (
        ("Content-Security-Policy", content_security_policy()),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        # Some peers refuse hot-linked pictures by Referer, and nobody needs to know which page was read.
        ("Referrer-Policy", "no-referrer"),
        ("X-Robots-Tag", NOAI),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cache-Control", "private, no-cache"),
        ("Vary", "Cookie, Accept, Accept-Language"),
    ):
        response.headers.setdefault(name, value)
    return response
