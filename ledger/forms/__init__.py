"""The forms of the ledger: what a person types, read without loss and said back when something is wrong."""
