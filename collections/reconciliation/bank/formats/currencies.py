"""Currencies as banks write them."""

import re
import unicodedata

_NAMES_OF_CURRENCIES = {
    **dict.fromkeys(("人民币", "人民币元", "rmb", "元", "本币", "cny", "156", "01"), "CNY"),
    **dict.fromkeys(("美元", "usd", "美金", "14", "840"), "USD"),
    **dict.fromkeys(("欧元", "eur", "38", "978"), "EUR"),
    **dict.fromkeys(("港币", "港元", "hkd", "13", "344"), "HKD"),
    **dict.fromkeys(("日元", "日圆", "jpy", "27", "392"), "JPY"),
    **dict.fromkeys(("英镑", "gbp", "12", "826"), "GBP"),
    "澳元": "AUD",
    "澳大利亚元": "AUD",
    "加元": "CAD",
    "瑞士法郎": "CHF",
    "新加坡元": "SGD",
    "韩元": "KRW",
}


def currency_named(text: str) -> str:
    """The code of a currency that is written 人民币, RMB or CNY; `""` where it is none."""
    plain = re.sub(r"[\s()（）]|[\[].*", "", unicodedata.normalize("NFKC", text)).lower()
    if plain in _NAMES_OF_CURRENCIES:
        return _NAMES_OF_CURRENCIES[plain]
    if re.fullmatch(r"[a-z]{3}", plain):
        return plain.upper()
    return next((code for name, code in _NAMES_OF_CURRENCIES.items() if len(name) > 1 and name in plain), "")
