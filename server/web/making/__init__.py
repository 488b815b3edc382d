"""From a wish to a picture."""
