"""What is read of the ledger and of comparisons."""
