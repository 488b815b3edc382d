"""What comes from peers and what goes to them: kept once, and as documents. It must not use the network."""
