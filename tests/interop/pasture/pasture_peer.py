"""fediverse-pasture as one process: its actors on loopback, and a task for them. It runs in pasture's own environment.

    python pasture_peer.py verify ACTOR --port 2909     the six personas of verify_actor try ACTOR; prints their results
    python pasture_peer.py send ACTOR --port 2909       waits for ACTOR's Follow, then sends it every known input

Prints one line of JSON when the task is done and goes on serving until it is ended, because the other server may still
fetch from it. Run it in an empty folder: bovine writes a cache into the current one.
"""

import argparse
import asyncio
import json
import re
import signal
import sys
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import bovine.jsonld
import fediverse_pasture_inputs
from fediverse_pasture.data_provider import DataProvider, bovine_actor_for_actor_data
from fediverse_pasture.data_provider.models import ActorData
from fediverse_pasture.runner import ActivitySender
from fediverse_pasture.runner.config import SendingConfig
from fediverse_pasture.server import BlueprintForActors
from fediverse_pasture.server.image_provider_blueprint import image_provider_blueprint
from fediverse_pasture.server.verify_actor import ActorVerifier
from fediverse_pasture.types import Message
from hypercorn.asyncio import serve
from hypercorn.config import Config
from pyld import jsonld
from quart import Quart

ACTIVITY = {"content-type": "application/activity+json"}
# Hosts that exist, named in the inputs as places to fetch from; here all of them are this peer, so that nothing leaves
# the machine. Names under .example and .invalid never resolve and stay.
REAL_HOSTS = re.compile(
    r"https?://(pasture-one-actor|joinpeertube\.org|codeberg\.org|funfedi\.dev|mastodon\.social)(?=[/'\"<\s]|$)"
)
# The terms by which bovine finds a key; it would fetch the whole context from its home otherwise.
SECURITY = {
    "sec": "https://w3id.org/security#",
    "publicKey": {"@id": "sec:publicKey", "@type": "@id"},
    "publicKeyPem": "sec:publicKeyPem",
    "owner": {"@id": "sec:owner", "@type": "@id"},
}
CONTEXTS: dict[str, Any] = {
    "https://www.w3.org/ns/activitystreams": bovine.jsonld.activitystreams_context,
    "https://w3id.org/security/v1": SECURITY,
}
# Beside pasture's inputs, which are meant well: what someone sends who is not.
HOSTILE: list[dict[str, Any]] = [
    {"content": "<script>alert(1)</script><p>kept</p>"},
    {"content": "<p onclick='alert(1)' style='position:fixed'>kept</p><img src=x onerror=alert(1)>"},
    {"content": "<a href='javascript:alert(1)'>a</a> <a href='JaVaScRiPt:alert(1)'>b</a>"},
    {"content": "<a href='&#106;avascript:alert(1)'>c</a> <a href='java\tscript:alert(1)'>d</a>"},
    {"content": "<svg><script>alert(1)</script></svg><math><mtext><mglyph><style><img src onerror=alert(1)></style>"},
    {"content": "<iframe srcdoc='<script>alert(1)</script>'></iframe>"},
    {"content": "<a href='data:text/html,<script>alert(1)</script>'>d</a>"},
    {"summary": "<script>alert(1)</script>", "sensitive": True},
    {"name": "<script>alert(1)</script>", "type": "Article"},
    {"url": "javascript:alert(1)"},
    {"attachment": [{"type": "Image", "mediaType": "image/png", "url": "javascript:alert(1)", "name": "<script>"}]},
    {
        "attachment": [
            {"type": "Image", "url": "http://pasture-one-actor/images/x.png", "name": "'\"><script>alert(1)</script>"}
        ]
    },
    {"tag": [{"type": "Hashtag", "name": "#<script>alert(1)</script>", "href": "javascript:alert(1)"}]},
    {
        "tag": [{"type": "Emoji", "name": ":x:", "icon": {"type": "Image", "url": "javascript:alert(1)"}}],
        "content": ":x:",
    },
    {"contentMap": {"en": "<p>fine</p>", "de": "<script>alert(1)</script>"}, "content": "<p>fine</p>"},
]


@dataclass
class Pasture:
    """The process's state: its address, its actors, and what came to their inboxes."""

    origin: str
    data: DataProvider = field(default_factory=DataProvider.generate)
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    inbox: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    @property
    def actors(self) -> list[ActorData]:
        """The personas of verify_actor, and the actor that sends."""
        return [*self.data.possible_actors, self.data.one_actor]

    def build_app(self) -> Quart:
        app = Quart(__name__)
        app.register_blueprint(image_provider_blueprint, url_prefix="/images")
        app.register_blueprint(BlueprintForActors(self.actors, on_inbox=self.inbox.put).blueprint)

        @app.get("/object/<name>")
        async def object_get(name: str) -> tuple[Any, int, dict[str, str]]:
            found = self.objects.get(f"{self.origin}/object/{name}")
            return (json.dumps(found), 200, ACTIVITY) if found else ("not found", 404, {})

        return app

    async def verify(self, target: str) -> dict[str, Any]:
        message = Message()
        domain = self.origin.removeprefix("http://")
        verifier = ActorVerifier(actor_list=self.actors, remote_uri=target, domain=domain, message=message)
        return {"results": await verifier.verify(), "steps": [str(step) for step in message.steps]}

    async def send(self, target: str, *, await_follow: bool) -> dict[str, Any]:
        """Answer the Follow, then post a Create for each input; returns the status of each, by its name and number."""
        async with aiohttp.ClientSession() as session:
            bovine_actor, actor = bovine_actor_for_actor_data(f"{self.origin}/actor", self.data.one_actor)
            await bovine_actor.init(session=session)
            sender = ActivitySender.for_actor(bovine_actor, actor)
            sender.sleep_after_getting_inbox = False
            sender.sending_config = SendingConfig(include_mention=True)
            if await_follow:
                await self.accept_follow(bovine_actor, target)
            known = {name: inputs.examples for name, inputs in sorted(fediverse_pasture_inputs.available.items())}
            statuses = {}
            for name, examples in {**known, "hostile": HOSTILE}.items():
                for number, example in enumerate(examples):
                    statuses[f"{name}-{number}"] = await self.send_one(sender, target, example)
        return {"results": statuses}

    async def send_one(self, sender: ActivitySender, target: str, example: dict[str, Any]) -> int | str:
        added = json.loads(REAL_HOSTS.sub(self.origin, json.dumps(example)))
        sender.init_create_note(lambda note: {**note, "content": "text", **added})
        if isinstance(sender.note.get("to"), str):
            sender.note["to"] = [sender.note["to"]]
        context = {"@context": "https://www.w3.org/ns/activitystreams"}
        self.objects[sender.object_id] = {**context, **sender.note}
        try:
            response = await sender.send(target)
        except (aiohttp.ClientError, TimeoutError) as error:
            return repr(error)
        return response.status if response is not None else await self.refusal(sender, target)

    async def refusal(self, sender: ActivitySender, target: str) -> int:
        """The status that `ActivitySender` only logs, got by posting the same activity once more."""
        inbox = await sender._resolve_inbox(target)
        response = await sender.bovine_actor.client.post(inbox, json.dumps(sender.activity))
        return response.status

    async def accept_follow(self, bovine_actor: Any, target: str) -> None:
        follow = await self.next_follow()
        inbox = (await bovine_actor.get(target))["inbox"]
        accept = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{self.origin}/activity/accept",
            "type": "Accept",
            "actor": bovine_actor.actor_id,
            "object": follow,
            "to": [target],
        }
        await bovine_actor.post(inbox, accept)

    async def next_follow(self) -> dict[str, Any]:
        while True:
            activity = await self.inbox.get()
            if activity.get("type") == "Follow":
                return activity


def frozen_loader(url: str, _options: Any) -> dict[str, Any]:
    """JSON-LD contexts from the table above; any other is empty, as bovine itself has it when a fetch fails."""
    document = {"@context": CONTEXTS.get(url, [])}
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}


async def main() -> None:
    options = read_options()
    jsonld.set_document_loader(frozen_loader)
    pasture = Pasture(f"http://localhost:{options.port}")
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    config = Config()
    config.bind = [f"127.0.0.1:{options.port}"]
    server = asyncio.create_task(serve(pasture.build_app(), config, shutdown_trigger=ended.wait))
    if options.task == "verify":
        print(json.dumps(await pasture.verify(options.target)), flush=True)
    if options.task == "send":
        print(json.dumps(await pasture.send(options.target, await_follow=not options.at_once)), flush=True)
    await server


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=["verify", "send", "serve"])
    parser.add_argument("target", nargs="?", default="")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--at-once", action="store_true", help="send without waiting for a Follow")
    return parser.parse_args(sys.argv[1:])


if __name__ == "__main__":
    asyncio.run(main())
