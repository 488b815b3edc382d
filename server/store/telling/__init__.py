"""Tables of what people are told: notifications, subscriptions, reports."""
