"""Reads shaped for a screen, a report or a command."""
