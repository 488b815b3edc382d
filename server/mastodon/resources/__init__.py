"""The addresses of the client API, one file for each kind of thing; each has its table of routes."""
