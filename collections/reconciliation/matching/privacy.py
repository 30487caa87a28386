"""From which account a receipt came is for finance alone; salespeople do not read it wherever the bank wrote it."""

import re

from customers.models import User

# So many digits in a row, gaps, dashes and dots between them aside, may be an account; invoice numbers are as long,
# but they are said by who claims.
_ACCOUNT = re.compile(r"\d(?:[\s._/-]{0,2}\d){8,}")
KEPT = 4


def without_accounts(text: str, account: str = "") -> str:
    """The text with every long number cut to its last digits, and the account taken out whole."""
    signs = [re.escape(sign) for sign in account if sign.isalnum()]
    # However it is written: whatever stands between its digits.
    said = re.sub(r"[\W_]*".join(signs), "…", text, flags=re.IGNORECASE) if len(signs) > KEPT else text
    return _ACCOUNT.sub(lambda found: "…" + re.sub(r"\D", "", found[0])[-KEPT:], said)


def may_be_account(words: str) -> bool:
    """Whether a search could find out an account, digit by digit."""
    return any(sign.isdigit() for sign in words)


def account_for(reader: User, account: str) -> str:
    """The account where the reader may see it, else nothing."""
    return account if reader.keeps_books else ""
