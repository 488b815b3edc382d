"""The client API's shapes, every key of them; they must not know where the values come from."""
