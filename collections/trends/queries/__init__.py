"""Reads of the trends: measures by month, and what cash is expected."""
