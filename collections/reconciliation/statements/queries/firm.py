"""Who we are and where we are paid, as our papers say it."""

import unicodedata
from dataclasses import dataclass

from reconciliation.bank.models import BankAccount
from reconciliation.statements.models import FirmProfile


@dataclass(frozen=True, slots=True)
class Letterhead:
    """All that a paper says of us; `banks` are the accounts to pay into, line by line, by currency."""

    profile: FirmProfile
    logo: bytes
    accounts: tuple[BankAccount, ...]

    @property
    def strangers(self) -> list[BankAccount]:
        """Printed accounts that belong to somebody else by their holder: a customer who sees that does not pay."""
        ours = {_plain(name) for name in (str(self.profile), self.profile.name_en) if name}
        return [one for one in self.accounts if ours and one.holder and _plain(one.holder) not in ours]

    def banks(self, currency: str) -> list[list[str]]:
        """Those in the currency of the paper, else all of them; then what the profile says in its own words."""
        same = [account for account in self.accounts if account.currency == currency] or self.accounts
        printed = [[*filter(None, (one.bank, one.holder, f"{one.number} ({one.currency})"))] for one in same]
        own = [line.strip() for line in self.profile.bank_lines.splitlines() if line.strip()]
        return [*printed, own] if own else printed


def letterhead() -> Letterhead:
    profile = FirmProfile.current()
    accounts = BankAccount.objects.filter(is_active=True, is_printed=True)
    return Letterhead(profile, _logo(profile), tuple(accounts))


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _logo(profile: FirmProfile) -> bytes:
    """A logo whose file was lost is no reason to make no paper."""
    if not profile.logo:
        return b""
    try:
        with profile.logo.open("rb") as file:
            return bytes(file.read())
    except OSError:
        return b""
