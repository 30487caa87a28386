"""Which way an amount goes, in the words of banks and books."""

import re
from enum import Enum

from reconciliation.tabular.fields import plain


class Direction(Enum):
    DEBIT = "debit"
    CREDIT = "credit"
    IN = "in"
    OUT = "out"


_WORDS = {
    Direction.DEBIT: ("借", "借方", "借记", "借项", "dr", "d", "debit", "dbit", "deb"),
    Direction.CREDIT: ("贷", "贷方", "贷记", "贷项", "cr", "c", "credit", "crdt", "cred"),
    Direction.IN: (
        *("收", "收入", "收款", "进", "进账", "来账", "来帐", "转入", "存入", "汇入", "入账", "入帐", "存", "入"),
        *("in", "deposit", "incoming", "received"),
    ),
    Direction.OUT: (
        *("支", "支出", "付", "付款", "付出", "往账", "往帐", "转出", "支取", "汇出", "出账", "出帐", "取", "出"),
        *("out", "withdrawal", "outgoing", "paid", "payment"),
    ),
}
_BY_WORD = {word: direction for direction, words in _WORDS.items() for word in words}


def direction(text: str) -> Direction | None:
    """What a word such as 借, 收入 or CR says; None where it is none of them. A sign is told by itself."""
    if text.strip() in ("+", "-", "＋", "－"):
        return Direction.IN if text.strip() in ("+", "＋") else Direction.OUT
    if known := _BY_WORD.get(plain(text)):
        return known
    said = {_BY_WORD[word] for part in re.split(r"[\W_]+", text) if (word := plain(part)) in _BY_WORD}
    return said.pop() if len(said) == 1 else None  # 贷 Cr


def is_neither(text: str) -> bool:
    """Whether a line says of itself that it moves no money in or out: a transfer between one's own pockets."""
    return plain(text) in ("", "不计收支", "不计", "中性交易", "其他", "neutral")
