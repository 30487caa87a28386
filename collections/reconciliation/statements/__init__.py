"""What the firm says that a customer owes, and the answer."""
