"""What comes at its time: the ends of polls, posts written for later, and quoted posts that are still to be had."""
