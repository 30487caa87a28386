"""Lines that are no receipt of a customer: what their words say, before anything is weighed."""

from collections.abc import Collection

from reconciliation.matching.weighing.names import plain

# By kind, as `AsideKind` calls them; the first that is said counts.
_SAID = {
    "interest": ("结息", "利息", "interest"),
    "fee": ("手续费", "账户管理费", "工本费", "服务费", "bankcharge", "accountfee"),
    "transfer": ("内部转账", "资金归集", "同名转账", "internaltransfer"),
}


def said_aside(
    *, payer: str, account: str, memo: str, is_reversal: bool, own_accounts: Collection[str], holders: Collection[str]
) -> str:
    """The kind of line that it is; empty where it may well be a customer's."""
    if is_reversal:
        return "returned"
    if (account and plain(account) in own_accounts) or (payer and plain(payer) in holders):
        return "transfer"
    said = plain(memo)
    return next((kind for kind, words in _SAID.items() if any(word in said for word in words)), "")
