"""Makes keys for those of ours who are made by a command. It must not store them.

In a file of its own, so that the processes that serve and work do not load what `init` needs for migrations.
"""

from activitypub import keys
from server.actions.people.register import KeyPair


def new_keys() -> KeyPair:
    """Make an RSA key pair; takes 50 ms."""
    key = keys.generate_rsa()
    return KeyPair(keys.private_pem(key), keys.public_pem(key.public_key()))
