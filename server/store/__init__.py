"""The floor that knows SQL: each table has one owner file.

Nothing here opens a transaction, reads the clock or uses the network.
"""
