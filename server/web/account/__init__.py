"""One's own account: coming in, what it looks like, what may act for it, and leaving."""
