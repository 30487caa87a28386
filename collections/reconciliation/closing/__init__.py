"""Months that are closed, and what was reported then."""
