"""Use cases, one verb per file. They receive the transaction and must never use the network.

The web page, the client APIs, the inbox and the shell all do the same thing the same way, because they do it here.
"""
