"""Lets a client in as a person does in a browser: logs in, agrees on the consent page, takes the code that it shows."""

import re

from tests.interop.forms import find_forms
from tests.interop.instance import Instance


def consent(instance: Instance, name: str, address: str) -> str:
    """Open the client's address as `name`, agree, and return the code that the page shows."""
    with instance.browse(name) as browser:
        page = browser.get(address)
        form = next((one for one in find_forms(page.text) if one.action.startswith("/oauth/authorize")), None)
        assert form is not None, f"{page.url}: {page.status_code} has no form to agree by"
        headers = {"origin": instance.origin, "sec-fetch-site": "same-origin"}
        answer = browser.post(form.action, data=form.fields | {"decision": "allow"}, headers=headers)
    shown = re.search(r"<code[^>]*>([^<]+)</code>", answer.text)
    assert shown is not None, f"no code is shown: {answer.status_code} {answer.text[:500]}"
    return shown[1].strip()
