"""Reads of the sales book and the finance book."""
