"""What the pages of one customer show."""
