"""Who lives here: accounts, profiles, what proves them and whom they let in. It must not post for them."""
