"""Papers as PDF, set by typst from a template of ours.

What people have typed is data (`data.json`), never a part of the source, so that nothing in it can be obeyed. Fonts
are our own (`fonts/`): a paper looks alike on every machine. docs/statements.md says more.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from config.papers.letters import printable

FONTS = Path(__file__).parent / "fonts"
# What every paper may import: the letterhead, tables, the numbers of pages.
SHARED = "papers"


def paper(template: str, data: Mapping[str, Any]) -> bytes:
    """The paper that `template` (below templates/) makes of `data`, as a PDF that can be kept (PDF/A). A picture in
    the data is the list of its bytes, which the template draws by `image(bytes(…))`.
    """
    # Its stubs know of single files alone.
    sources: Any = {
        "main.typ": (_folder() / template).read_bytes(),
        "data.json": json.dumps(printable(data), ensure_ascii=False).encode(),
        **_shared(),
    }
    made: bytes = typst.compile(sources, font_paths=_fonts(), format="pdf", pdf_standards="a-2b")
    return made


def _folder() -> Path:
    return Path(settings.BASE_DIR) / "templates"


@cache
def _shared() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (_folder() / SHARED).glob("*.typ")}


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
