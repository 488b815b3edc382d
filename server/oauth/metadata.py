"""Says what this authorisation server can do (RFC 8414) and who guards an address (RFC 9728). It must not look up any.

Every address named here answers, and nothing is named that does not work.
"""

from server.oauth.documents import GRANTS
from server.oauth.scopes import ACTIVITYPUB, MASTODON, SAME_ORIGIN
from server.site import Site

AUTHENTICATION = ("client_secret_basic", "client_secret_post", "none")
SCOPES = (*MASTODON, f"write{SAME_ORIGIN}", *ACTIVITYPUB)


def authorization_server(site: Site) -> dict[str, object]:
    """Return the metadata of the server; its issuer is our origin, letter by letter."""
    origin = site.origin
    return {
        "issuer": origin,
        "authorization_endpoint": f"{origin}/oauth/authorize",
        "token_endpoint": f"{origin}/oauth/token",
        "registration_endpoint": f"{origin}/oauth/register",
        "revocation_endpoint": f"{origin}/oauth/revoke",
        "introspection_endpoint": f"{origin}/oauth/introspect",
        "userinfo_endpoint": f"{origin}/oauth/userinfo",
        # Mastodon.py looks here for where apps are made.
        "app_registration_endpoint": f"{origin}/api/v1/apps",
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": GRANTS,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": AUTHENTICATION,
        "revocation_endpoint_auth_methods_supported": AUTHENTICATION,
        "introspection_endpoint_auth_methods_supported": AUTHENTICATION,
        "authorization_response_iss_parameter_supported": True,
        "client_id_metadata_document_supported": True,
        "activitypub_object_id_as_client_id": True,
    }


def protected_resource(site: Site, target: str) -> dict[str, object]:
    """Return who guards one of our addresses; `target` is its path and query, empty for the origin itself."""
    return {
        "resource": f"{site.origin}{target}",
        "authorization_servers": [site.origin],
        "scopes_supported": SCOPES,
        "bearer_methods_supported": ["header"],
        "resource_name": site.config.site.name,
    }
