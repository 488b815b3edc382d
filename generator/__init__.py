"""A program: requests in, pictures out. It knows nothing of the server."""
