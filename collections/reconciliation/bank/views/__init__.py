"""The doors to what the bank says."""
