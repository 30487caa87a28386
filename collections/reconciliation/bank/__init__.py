"""What the bank says."""
