"""The protocol as pure functions: no database, no web framework, no network and no clock."""
