"""From a wish to a picture in a post: reading it, queueing it, keeping its promise. It must not compute a pixel."""
