"""How a Chinese name is typed in Latin letters: by the initials of its syllables (hzjc) or their pinyin (hangzhou).

Both are kept beside the name as words of a text, each with a blank before it, so that a search for " jin" finds a
syllable and never the middle of one. A name without a Chinese character needs neither.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

# Nobody types more of a name than this; a longer search is cut to it.
LONGEST_WORD = 24
# Of a very long name the first units are enough to find it.
_MOST_UNITS = 60
_MOST_READINGS = 8
_LONGEST_ABBREVIATION = 4

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[{_HAN}]+|[a-z0-9]+")

# Characters that are read in two ways in the names of places, families and trades; a phrase that is known (重庆,
# 厦门, 银行) decides which of them comes first, and both are found.
_ALSO = {
    "行": ("hang", "xing"), "长": ("chang", "zhang"), "重": ("chong", "zhong"), "乐": ("le", "yue"),
    "厦": ("xia", "sha"), "曾": ("zeng", "ceng"), "朝": ("chao", "zhao"), "都": ("du", "dou"), "会": ("hui", "kuai"),
    "盛": ("sheng", "cheng"), "传": ("chuan", "zhuan"), "车": ("che", "ju"), "覃": ("qin", "tan"),
    "仇": ("qiu", "chou"), "区": ("qu", "ou"), "查": ("cha", "zha"), "藏": ("zang", "cang"), "单": ("dan", "shan"),
    "解": ("jie", "xie"), "朴": ("pu", "piao"), "种": ("zhong", "chong"), "翟": ("zhai", "di"), "尉": ("wei", "yu"),
    "调": ("tiao", "diao"), "省": ("sheng", "xing"), "石": ("shi", "dan"), "蔚": ("wei", "yu"), "角": ("jiao", "jue"),
    "铅": ("qian", "yan"), "泊": ("bo", "po"), "埔": ("pu", "bu"), "堡": ("bao", "pu"), "阿": ("a", "e"),
    "六": ("liu", "lu"), "宿": ("su", "xiu"), "弹": ("tan", "dan"),
    "率": ("lv", "shuai"), "卡": ("ka", "qia"), "什": ("shi", "shen"),
}  # fmt: skip


class Spelling(NamedTuple):
    """The two texts of a name, each empty where it has no Chinese character."""

    initials: str
    pinyin: str


def spelling(name: str) -> Spelling:
    units = _units(name)
    if all(reading == (unit,) for unit, reading in units):
        return Spelling("", "")
    written = [unit for unit, _reading in units]
    readings = list(_readings(reading for _unit, reading in units))
    initials = dict.fromkeys("".join(map(_initial, reading, written)) for reading in readings)
    syllables = dict.fromkeys(
        "".join(reading[start:])[:LONGEST_WORD] for reading in readings for start in range(len(reading))
    )
    return Spelling(_words(initials), _words(syllables))


def as_typed(word: str) -> str:
    """A word of a search as the texts of a spelling hold it; empty where it is not typed in Latin letters."""
    plain = unicodedata.normalize("NFKC", word).lower().replace("ü", "v").replace("'", "")
    return plain[:LONGEST_WORD] if plain.isascii() and plain.isalnum() else ""


def _units(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each Chinese character, and each run of letters or digits between them, with its readings."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for run in _RUNS.findall(unicodedata.normalize("NFKC", name).lower()):
        if run.isascii():
            found.append((run, (run,)))
        else:
            found += [(letter, _read(letter, usual)) for letter, usual in zip(run, _pinyin(run), strict=True)]
    return found[:_MOST_UNITS]


def _pinyin(run: str) -> list[str]:
    from pypinyin import lazy_pinyin  # its dictionaries are large; a process that writes no customer does without

    return lazy_pinyin(run, errors=_as_it_is)  # type: ignore[arg-type]


def _as_it_is(unknown: str) -> list[str]:
    return list(unknown)


def _read(letter: str, usual: str) -> tuple[str, ...]:
    readings = dict.fromkeys((usual, *_ALSO.get(letter, ())))
    # 吕 is typed lv by most, lu by those whose keyboard wants it so.
    return tuple(dict.fromkeys(way for reading in readings for way in (reading, reading.replace("v", "u"))))


def _readings(units: Iterable[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    return itertools.islice(itertools.product(*units), _MOST_READINGS)


def _initial(unit: str, letter: str) -> str:
    """A syllable's first letter; a number is typed whole, as is a short name in Latin letters (abcmy for ABC贸易)."""
    return unit if unit == letter and (unit.isdigit() or len(unit) <= _LONGEST_ABBREVIATION) else unit[0]


def _words(words: Iterable[str]) -> str:
    return "".join(f" {word}" for word in words)
