"""The doors to comparisons."""
