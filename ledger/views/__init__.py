"""The doors of the ledger: parse, call one query or service, answer."""
