"""The painting side of the server: it leases wishes, has them painted, marks and stores the pictures."""
