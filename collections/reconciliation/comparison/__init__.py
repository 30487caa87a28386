"""The customer's list against ours."""
