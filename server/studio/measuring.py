"""Has the generator's side measure this machine, in a process of its own. It must not interpret what it says."""

import asyncio
import os
import sys

from server.studio.process import OWN_SETTINGS, StartFailed

# Importing torch from a slow disk takes most of it.
SECONDS_AT_MOST = 120.0
# It may wait for everybody else: nobody sits in front of it.
NICENESS = 10


async def measure_offers() -> str:
    """Return the JSON that `python -m generator.offers` prints.

    Raises:
        StartFailed: it did not come up, or not in time.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "generator.offers",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if not name.startswith(OWN_SETTINGS)},
        preexec_fn=_step_back,
    )
    try:
        out, error = await asyncio.wait_for(process.communicate(), SECONDS_AT_MOST)
    except TimeoutError:
        raise StartFailed("measuring this machine took too long") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise StartFailed(error.decode(errors="replace").strip().splitlines()[-1] if error.strip() else "no word")
    return out.decode()


def _step_back() -> None:
    os.nice(NICENESS)
