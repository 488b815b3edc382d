"""The federation door: what other servers and ActivityPub clients ask of us, and what they send."""
