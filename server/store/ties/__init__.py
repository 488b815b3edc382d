"""Tables of how one stands to another: follows, blocks, mutes, lists."""
