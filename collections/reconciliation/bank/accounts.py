"""The firm's own accounts: set up by finance, and known again by the number in a file."""

import re
import unicodedata
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import User
from ledger.errors import NotPermitted
from reconciliation.bank.models import BankAccount

# A bank writes its own code before the number, and the currency behind it.
_PARTS = re.compile(r"[/|]")


def plain_number(number: str) -> str:
    """A number without blanks, dashes and dots, in capitals."""
    return "".join(c for c in unicodedata.normalize("NFKC", number).upper() if c.isalnum())


def is_same_number(said: str, account: BankAccount) -> bool:
    """Whether a file speaks of the account, with or without a bank's code before and the currency behind it."""
    own = plain_number(account.number)
    for part in (said, *_PARTS.split(said)):
        number = plain_number(part)
        if number and number in (own, f"{own}{account.currency}"):
            return True
    return False


@transaction.atomic
def keep_account(*, by: User, account: BankAccount | None = None, **facts: Any) -> BankAccount:
    """Sets up an account, or changes one."""
    if not by.keeps_books:
        raise NotPermitted(_("Only finance sets up bank accounts."))
    account = account or BankAccount()
    for name, value in facts.items():
        setattr(account, name, value)
    account.number = plain_number(account.number)
    account.save()
    return account
