"""How one actor stands to another: following, lists, muting, blocking, filtering. It must not touch what they write."""
