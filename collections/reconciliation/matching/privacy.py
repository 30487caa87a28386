"""From which account a receipt came is for finance alone; salespeople do not read it wherever the bank wrote it."""

import re

from customers.models import User

# So many digits in a row, gaps and dashes between them aside, may be an account; invoice numbers are as long, but
# they are said by who claims.
_ACCOUNT = re.compile(r"\d(?:[ -]?\d){8,}")
KEPT = 4


def without_accounts(text: str, account: str = "") -> str:
    """The text with every long number cut to its last digits, and the account taken out whole."""
    said = text.replace(account, "…") if len(account) > KEPT else text
    return _ACCOUNT.sub(lambda found: "…" + re.sub(r"\D", "", found[0])[-KEPT:], said)


def account_for(reader: User, account: str) -> str:
    """The account where the reader may see it, else nothing."""
    return account if reader.keeps_books else ""
