"""What the pages of statements show."""
