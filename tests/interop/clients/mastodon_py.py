"""Mastodon.py, as somebody's script uses it. Runs in its own environment: prints `authorize URL`, reads the code from
standard input, does what is told, and prints what it saw as one JSON line.

    python mastodon_py.py ORIGIN OTHER_HANDLE PICTURE_FILE
"""

import json
import sys
import threading
import time

from mastodon import Mastodon, StreamListener

SCOPES = ["read", "write", "follow", "push"]
PAINT_SECONDS = 90
EVENT_SECONDS = 30


class Ear(StreamListener):
    """Remembers what it hears."""

    def __init__(self):
        self.updates, self.deletions, self.notices = [], [], []
        self.heard = threading.Condition()

    def on_update(self, status):
        self._note(self.updates, status.id)

    def on_delete(self, status_id):
        self._note(self.deletions, str(status_id))

    def on_notification(self, notification):
        self._note(self.notices, notification.type)

    def _note(self, kept, value):
        with self.heard:
            kept.append(value)
            self.heard.notify_all()

    def wait(self, kept, value):
        with self.heard:
            return self.heard.wait_for(lambda: value in kept, EVENT_SECONDS)


def log_in(origin):
    client_id, secret = Mastodon.create_app("A script", api_base_url=origin, scopes=SCOPES)
    api = Mastodon(client_id=client_id, client_secret=secret, api_base_url=origin)
    print("authorize", api.auth_request_url(scopes=SCOPES, allow_http=True), flush=True)
    api.log_in(code=sys.stdin.readline().strip(), scopes=SCOPES, allow_http=True)
    return api


def until(look, seconds=PAINT_SECONDS):
    """What `look` returns once it is true."""
    end = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return seen


def post_and_take_part(api, other, picture):
    seen = {}
    stranger = api.account_search(other, resolve=True)[0]
    seen["followed"] = api.account_follow(stranger.id).following
    media = api.media_post(picture, "image/png", description="a grey square", synchronous=True)
    uploaded = api.status_post("A square of #grey", media_ids=[media], visibility="public", language="en")
    seen["uploaded"] = {"alt": uploaded.media_attachments[0].description, "tags": [tag.name for tag in uploaded.tags]}
    seen["home"] = api.timeline_home()[0].id == uploaded.id
    reply = api.status_reply(uploaded, "An answer")
    seen["thread"] = [one.id for one in api.status_context(uploaded).descendants] == [reply.id]
    seen["liked"] = api.status_favourite(uploaded).favourited
    seen["boosted"] = api.status_reblog(uploaded).reblog.id == uploaded.id
    seen["bookmarked"] = api.status_bookmark(uploaded).bookmarked
    seen["pinned"] = api.status_pin(uploaded).pinned
    edited = api.status_update(uploaded, "Other words", media_ids=[media])
    seen["edited"] = [edited.content, len(api.status_history(uploaded))]
    seen["pages"] = len(api.fetch_remaining(api.account_statuses(api.me(), limit=1)))
    api.status_delete(reply)
    seen["deleted"] = api.status_context(uploaded).descendants == []
    return seen


def post_by_prompt(api):
    """A picture from a prompt in place of a file; Mastodon.py has no word for that, so it is asked plainly."""
    asked = api._Mastodon__api_request("POST", "/api/v2/media", {"prompt": "a red star on a blue background"})
    waiting = asked.url is None
    painted = until(lambda: (found := api.media(asked.id)).url and found)
    post = api.status_post("Painted for me", media_ids=[asked.id])
    return {"waiting": waiting, "url": painted and painted.url, "shown": post.media_attachments[0].url}


def post_by_command(api):
    post = api.status_post("/paint a green triangle on a white background --seed 7 --ar 1:1")

    def finished():
        found = api.status(post.id)
        return found if found.media_attachments and found.media_attachments[0].url else None

    painted = until(finished)
    if not painted:
        return {"painted": False}
    picture = painted.media_attachments[0]
    square = picture.meta.original.width == picture.meta.original.height
    return {"painted": True, "same": painted.id == post.id, "square": square, "command": "/paint" in painted.content}


def listen(api):
    ear = Ear()
    stream = api.stream_user(ear, run_async=True, timeout=EVENT_SECONDS)
    until(stream.is_receiving, EVENT_SECONDS)
    post = api.status_post("Heard at once")
    heard = ear.wait(ear.updates, post.id)
    api.status_delete(post)
    gone = ear.wait(ear.deletions, str(post.id))
    stream.close()
    return {"update": heard, "delete": gone}


def look_around(api):
    """Everything that a client asks when it starts; the library reads the answers strictly enough."""
    calls = (
        "instance preferences instance_rules trending_tags trending_statuses suggestions follow_requests blocks mutes "
        "domain_blocks bookmarks favourites scheduled_statuses conversations custom_emojis announcements followed_tags "
        "featured_tags lists endorsements filters_v2 filters notifications grouped_notifications notifications_policy "
        "notification_requests instance_activity instance_peers instance_nodeinfo timeline_public timeline_local"
    )
    failed = {}
    for call in calls.split():
        try:
            getattr(api, call)()
        except Exception as error:
            failed[call] = f"{type(error).__name__}: {error}"
    return failed


def main():
    origin, other, picture = sys.argv[1:]
    api = log_in(origin)
    seen = {
        "me": api.account_verify_credentials().acct,
        "stream": listen(api),
        "part": post_and_take_part(api, other, picture),
        "prompt": post_by_prompt(api),
        "command": post_by_command(api),
        "failed": look_around(api),
    }
    print(json.dumps(seen), flush=True)


main()
