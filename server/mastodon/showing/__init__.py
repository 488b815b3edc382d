"""Shows what is stored as the client API's entities; it must not answer a request."""
