"""Amounts in words as Chinese papers write them: 壹仟肆佰零玖元伍角.

The rules are those of the People's Bank of China for filling in bills (支付结算办法, annex 1): 整 after 元, none
after 分; one 零 for any number of zeros within, and one before 角 where there are no single 元. Libraries were tried;
they leave that last one out, which the bank's own example (107,000.53) does not allow.
"""

from decimal import Decimal
from itertools import groupby

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_WITHIN = ("仟", "佰", "拾", "")
_GROUPS = ("", "万", "亿", "万亿")


def in_capitals(amount: Decimal) -> str:
    """`amount`, of two places and below ten million million, in capitals; 负 in front of what is below zero."""
    cents = int(abs(amount).scaleb(2))
    whole, rest = divmod(cents, 100)
    tenths, hundredths = divmod(rest, 10)
    said = _whole(whole) + "元" if whole else ""
    if tenths:
        said += ("零" if whole and not whole % 10 else "") + _DIGITS[tenths] + "角"
    elif hundredths and whole:
        said += "零"
    if hundredths:
        said += _DIGITS[hundredths] + "分"
    elif not tenths:
        said = (said or "零元") + "整"
    return ("负" if amount < 0 and cents else "") + said


def _whole(number: int) -> str:
    """A whole number: by groups of four digits, each with its name, zeros said once."""
    said, gap = "", False
    for place in reversed(range(len(_GROUPS))):
        group = number // 10_000**place % 10_000
        if not group:
            gap = bool(said)
            continue
        if said and (gap or group < 1000):
            said += "零"
        said += _four(group) + _name(place, number)
        gap = False
    return said


def _name(place: int, number: int) -> str:
    """万 of 万亿 is followed by 亿 only where no group of 亿 comes to say it."""
    if place == 3 and number // 10_000**2 % 10_000:
        return "万"
    return _GROUPS[place]


def _four(group: int) -> str:
    digits = list(zip(f"{group:04}", _WITHIN, strict=True))
    said = ""
    for is_zero, run in groupby(digits, key=lambda digit: digit[0] == "0"):
        said += "零" if is_zero else "".join(_DIGITS[int(digit)] + unit for digit, unit in run)
    return said.strip("零")
