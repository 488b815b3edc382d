"""Tables of what passes between servers: activities, deliveries, hosts and the rules for them."""
