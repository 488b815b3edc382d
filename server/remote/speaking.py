"""Whether we speak with the host of an address, asked before it is. It must not ask the host anything."""

from activitypub.errors import Forbidden
from activitypub.vocabulary import host_of
from server.remote.seam import Onward, Reach
from server.store.database import Reader
from server.store.network import domain_rules
from server.store.network.domain_rules import EVERYBODY


def speaking(reach: Reach, *, to_judge: bool = False) -> Onward:
    """Return the check that each address has to pass, the first and those that redirects lead to.

    It raises Forbidden where the operator suspended the host, or where only listed ones are spoken with. `to_judge`
    lets a host be asked that has a rule of its own: who takes a name there is restrained with it, once that is proven.
    """

    async def check(url: str) -> None:
        async with reach.database.read() as reader:
            await check_host(reader, host_of(url), to_judge=to_judge)

    return check


async def check_host(reader: Reader, host: str, *, to_judge: bool = False) -> None:
    """Raise what `speaking` raises, for who reads something else about the host too."""
    rule = await domain_rules.find_for(reader, host)
    if rule is not None and rule.suspends and not (to_judge and rule.domain != EVERYBODY):
        raise Forbidden("we do not speak with this host")
