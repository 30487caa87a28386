"""The pages of trends and of expected cash."""
