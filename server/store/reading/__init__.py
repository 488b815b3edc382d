"""Tables and queries of what somebody reads: feeds, search, filters, reactions, bookmarks."""
