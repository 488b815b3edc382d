"""What somebody takes along when they go, and brings when they come: an archive, and tables. It moves no followers."""
