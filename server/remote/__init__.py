"""Everything outward: fetching what peers say and posting to them. It must not decide what follows from it."""
