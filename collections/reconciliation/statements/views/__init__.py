"""Doors to the statements: for our people, and one for the customer."""
