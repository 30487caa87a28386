"""Which payment a line of the bank is."""
