"""Fills in and sends the forms of a page, as a browser without script does. It must not know what any form means."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx


@dataclass(slots=True)
class Form:
    """A form's address and what it would send untouched."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.found.append(self._form)
        is_chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
        if self._form is not None and tag == "input" and "name" in given and is_chosen:
            self._form.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def find_forms(page: str) -> list[Form]:
    """The forms of a page."""
    parser = _Forms()
    parser.feed(page)
    return parser.found


def send_form(browser: httpx.Client, path: str, action: str, **filled: str) -> httpx.Response:
    """Open the page at `path`, fill in its form whose address ends in `action`, and send it.

    Raises:
        AssertionError: there is no such form, or it was refused.
    """
    page = browser.get(path)
    forms = find_forms(page.text)
    form = next((one for one in forms if one.action.endswith(action)), None)
    assert form is not None, f"{page.url} has no form for {action}; it has {[one.action for one in forms]}"
    # What browsers send with a form of the same origin.
    headers = {"origin": str(browser.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    answer = browser.post(form.action, data=form.fields | filled, headers=headers)
    assert answer.status_code == 200, f"{form.action}: {answer.status_code} {answer.text[:500]}"
    return answer
