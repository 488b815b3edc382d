"""The door for Mastodon's client API: what existing apps speak. It reads stores directly and writes through actions."""
