"""Somebody's page, and how people stand to one another: following, hiding."""
