"""The OAuth door: who a client is, what it was allowed, and the tokens that say so.

Any other door may ask it who is behind a request. It must not know what a request is for.
"""
