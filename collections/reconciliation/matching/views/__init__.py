"""The doors to matching."""
