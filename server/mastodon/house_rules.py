"""What this house asks of its people, and what it keeps of them, in words. `about.html` says the same to browsers."""

from server.config import Config

RULES = (
    "Every generated picture is labelled. Its author cannot take the label off.",
    "Every picture has an alternative text.",
    "Nobody is named or written to unasked.",
    "Pictures of people elsewhere are never used to train or paint anything.",
    "No pictures that sexualise minors, that harass somebody, or that pass a real person off as doing what they did "
    "not do.",
)
# The day on which the texts below last changed.
WRITTEN_ON = "2026-11-22T00:00:00.000Z"

PRIVACY = """
<p>What you post goes to whom you address it to, and to their servers, which keep copies of their own. What you delete
is deleted here, file, prompt and all; servers that got a copy are asked to delete it too.</p>
<p>Kept of you are your name, a hash of your password, what you post, whom you follow, block and mute, and a hash of the
token of every app and browser that you log in with. Prompts are kept with their pictures. Addresses of visitors are
held in memory for minutes, to slow down who asks too often, and are not written down.</p>
<p>Nothing is told to advertisers or to painting services: pictures are painted by this server's own engine. No visitor
is counted by others: pages load nothing from elsewhere but the pictures of posts that were written there.</p>
"""


def describe(config: Config) -> str:
    """Return what this place is, as HTML that needs no further care."""
    hashtag = f", and carry the hashtag #{config.posting.hashtag}" if config.posting.hashtag else ""
    return (
        "<p>People here write a prompt and this server's own engine paints it; nobody else's painting service is asked."
        f"</p><p>New posts are {config.posting.visibility} unless their author chooses otherwise{hashtag}.</p>"
    )
