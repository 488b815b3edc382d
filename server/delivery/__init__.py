"""Brings activities of ours to the inboxes they are for. It must not build any."""
