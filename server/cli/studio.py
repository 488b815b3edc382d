"""Makes the studio actor where pictures are painted for people of other servers. It must not decide for whom."""

from server.actions.painting.studio import ensure_studio, find_studio, is_up_to_date
from server.cli.keypair import new_keys
from server.services import Services


async def prepare_studio(services: Services) -> None:
    """Make the studio actor unless commissions are off, and keep what it says of itself in step with the configuration.

    Raises:
        Invalid: the configured name may not be one.
        Conflict: the configured name is somebody's account.
    """
    site = services.site
    async with services.database.read() as reader:
        known = await find_studio(reader, site)
    if known is None and site.config.commissions.policy == "off":
        return
    if known is not None and is_up_to_date(site, known):
        return
    pair = new_keys()
    async with services.database.write() as tx:
        await ensure_studio(tx, site, pair)
