"""Who is told what: notifications, subscriptions, reports. It must not decide what happened."""
