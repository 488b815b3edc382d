"""What doors and workers are handed: who we are and the few things that live. It must not open any of them.

Actions never get it: they are given the site and a transaction, so that they cannot reach the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.ids import MICROSECONDS
from server.media.intake import Intake
from server.media.storage import MediaStorage
from server.remote.keyring import KeyRing
from server.remote.seam import Peers
from server.remote.signers import Signers
from server.site import Site
from server.store.database import Database

# Longer than any request lasts that stores files and then names them in a row.
UNNAMED_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Services:
    """The bundle, built once by a root.

    `signers` and `keys` remember key objects, so there is one of each beside the database they read; through `intake`
    foreign files come in.
    """

    site: Site
    database: Database
    peers: Peers
    storage: MediaStorage
    signers: Signers = field(init=False, repr=False)
    keys: KeyRing = field(init=False, repr=False)
    intake: Intake = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make what follows from the other parts."""
        object.__setattr__(self, "signers", Signers(self.database, self.site.instance_uri))
        object.__setattr__(self, "keys", KeyRing(self))
        object.__setattr__(self, "intake", Intake(self.storage, self.site.config.media, self._expect_files))

    @property
    def secret(self) -> bytes:
        """What signs cookies, forms and addresses."""
        return self.site.secret

    async def _expect_files(self, keys: Sequence[str]) -> None:
        """Have files removed that nothing names after a while: a crash may come between them and their row."""
        site = self.site
        not_before = site.clock.now() + UNNAMED_SECONDS * MICROSECONDS
        async with self.database.write(durable=False) as tx:
            for key in dict.fromkeys(keys):
                job = {"key": key}
                await site.queue.enqueue(tx, "remove_file", job, not_before=not_before, unique=f"unnamed_file:{key}")
