"""What banks write: CAMT, MT940, OFX, and tables in any shape."""
