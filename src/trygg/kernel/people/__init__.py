"""Organisations, partnerships, people, their roles, and sign-in."""
