"""What people do with posts: answer, like, boost, vote, quote."""
