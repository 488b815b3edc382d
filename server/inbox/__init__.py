"""What peers said, acted upon: one file per activity.

A handler takes a `Received`, fetches what it needs (network, no transaction), then applies it (transaction, no
network).
"""
