"""What doors and workers are handed: who we are and the few things that live. It must not open any of them.

Actions never get it: they are given the site and a transaction, so that they cannot reach the network.
"""

from dataclasses import dataclass, field

from server.media.storage import MediaStorage
from server.remote.keyring import KeyRing
from server.remote.seam import Peers
from server.remote.signers import Signers
from server.site import Site
from server.store.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """The bundle, built once by a root. `secret` signs cookies and forms.

    `signers` and `keys` remember key objects, so there is one of each beside the database they read.
    """

    site: Site
    database: Database
    peers: Peers
    storage: MediaStorage
    secret: bytes = field(repr=False)
    signers: Signers = field(init=False, repr=False)
    keys: KeyRing = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make what follows from the other parts."""
        object.__setattr__(self, "signers", Signers(self.database, self.site.instance_uri))
        object.__setattr__(self, "keys", KeyRing(self))
