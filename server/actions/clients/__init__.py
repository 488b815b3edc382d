"""What ActivityPub clients hand in at the outbox, turned into the same actions. It must not check their tokens."""
