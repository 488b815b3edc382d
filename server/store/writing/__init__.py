"""Tables of posts and what belongs to them: pictures, polls, quotes, tags, promises."""
