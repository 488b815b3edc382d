"""Shows who may like, answer and boost a post in GoToSocial's words. It must not ask the store; facts are handed in."""

from collections.abc import Mapping
from dataclasses import dataclass

from activitypub.audience import Visibility, is_open
from server.mastodon.entities.policies import InteractionPolicy, PolicyRules
from server.store.writing.interactions import FOLLOWERS, GROUPS, MENTIONED, PUBLIC, Allowed
from server.store.writing.posts import Post

AUTHOR, ME = "author", "me"


@dataclass(frozen=True, slots=True)
class Stance:
    """How the viewer stands to a post: under which words they fall, and their address; nobody is under none."""

    words: frozenset[str] = frozenset()
    uri: str | None = None


def show_policy(post: Post, allowed: Mapping[str, Allowed], stance: Stance) -> InteractionPolicy:
    """Return the policy of a post of which `allowed` says by kind what its author said; nothing is everybody."""
    open = is_open(Visibility(post.visibility))
    return InteractionPolicy(
        can_favourite=_rules(post, allowed.get("like"), stance),
        can_reply=_rules(post, allowed.get("reply"), stance, always=(MENTIONED,)),
        can_reblog=_rules(post, allowed.get("announce") if open else Allowed(), stance),
    )


def _rules(post: Post, allowed: Allowed | None, stance: Stance, *, always: tuple[str, ...] = ()) -> PolicyRules:
    said = allowed or Allowed((PUBLIC,))
    automatic, manual = _shown(post, said.automatic), _shown(post, said.manual)
    if PUBLIC not in automatic:
        automatic = list(dict.fromkeys([AUTHOR, *automatic, *always]))
    if _falls(automatic, said.automatic, stance):
        automatic.append(ME)
    elif _falls(manual, said.manual, stance):
        manual.append(ME)
    return PolicyRules(always=automatic, automatic_approval=automatic, with_approval=manual, manual_approval=manual)


def _shown(post: Post, words: tuple[str, ...]) -> list[str]:
    """The words that there are names for; everybody who sees what is for some is not the public."""
    if is_open(Visibility(post.visibility)) or PUBLIC not in words:
        return [word for word in words if word in GROUPS]
    return [FOLLOWERS, MENTIONED] if post.visibility == Visibility.FOLLOWERS else [MENTIONED]


def _falls(shown: list[str], said: tuple[str, ...], stance: Stance) -> bool:
    return not stance.words.isdisjoint(shown) or stance.uri in said
