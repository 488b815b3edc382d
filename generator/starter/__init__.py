"""The starter: scenes painted by rules, for the drawing engine and for training the bundled small model."""
