"""What anybody looks at: feeds, posts, what was said of them, and what this place is."""
