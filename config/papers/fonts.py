"""The font of what is printed: a part of Noto Sans CJK SC, made anew by `make fonts`.

It holds what a Chinese name may be written with: GB 2312, the table of general standard characters of 2013 (what
it has beyond GB 2312 stands in `fonts/characters.txt`), the first level of Big5 for customers in Hong Kong and
Taiwan, and Latin letters. Debian's package fonts-noto-cjk has the whole fonts.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
WHOLE = Path("/usr/share/fonts/opentype/noto")
WEIGHTS = ("Regular", "Bold")
# The faces of the collection are those of Japan, Korea, China, Taiwan and Hong Kong.
SIMPLIFIED_CHINESE = 2
SYMBOLS = "€£¥₩₫–—‘’“”…•·‰№℃✓×÷−≥≤→←↑↓①②③④⑤⑥⑦⑧⑨⑩"
# What the whole font has not, of the characters that are asked for.
LACKING = "ˍ‾∼≒"


@cache
def characters() -> frozenset[str]:
    latin = map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100)))
    beyond = (FOLDER / "characters.txt").read_text().replace("\n", "")
    coded = (*_coded("gb2312", 0xA1, 0xF8), *_coded("big5", 0xA1, 0xC7))
    return frozenset({*latin, *SYMBOLS, *beyond, *coded}) - set(LACKING)


def _coded(encoding: str, first: int, last: int) -> Iterator[str]:
    """Every character of two bytes whose first is within the range."""
    for lead in range(first, last):
        for trail in range(0x40, 0xFF):
            try:
                yield bytes((lead, trail)).decode(encoding)
            except UnicodeDecodeError:
                continue


def main() -> None:
    from fontTools import subset

    for weight in WEIGHTS:
        options = subset.Options(font_number=SIMPLIFIED_CHINESE, hinting=False, layout_features=["kern", "tnum"])
        font = subset.load_font(str(WHOLE / f"NotoSansCJK-{weight}.ttc"), options)
        cut = subset.Subsetter(options)
        cut.populate(text="".join(sorted(characters())))
        cut.subset(font)
        subset.save_font(font, str(FOLDER / f"NotoSansSC-{weight}.otf"), options)


if __name__ == "__main__":
    main()
