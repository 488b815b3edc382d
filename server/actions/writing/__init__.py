"""What people write and answer it with: posts, edits, polls, quotes, likes, and who sees them. It must not paint."""
