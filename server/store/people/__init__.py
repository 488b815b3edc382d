"""Tables of who is known here and who lives here."""
