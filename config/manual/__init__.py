"""The manual within the product: the pages of docs/manual in the reader's language, for each of the three people."""
