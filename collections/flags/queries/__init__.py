"""Reads of the flags, by what they are read for."""
