"""What a salesperson may read of a receipt: not from which account it came, wherever the bank wrote that."""

import re

# So many digits in a row, gaps and dashes between them aside, may be an account; invoice numbers are as long, but
# they are said by who claims.
_ACCOUNT = re.compile(r"\d(?:[ -]?\d){8,}")
KEPT = 4


def without_accounts(text: str, account: str = "") -> str:
    """The text with every long number cut to its last digits, and the account taken out whole."""
    said = text.replace(account, "…") if len(account) > KEPT else text
    return _ACCOUNT.sub(lambda found: "…" + re.sub(r"\D", "", found[0])[-KEPT:], said)
