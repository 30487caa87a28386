"""Reconciling regularly, and the differences that are left."""
