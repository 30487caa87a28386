"""`make vendor`: builds the sprite of icons from the package that vendor.json pins by its checksum.

Only who adds an icon or takes a newer version runs it; what it builds stands in the repository. The package comes
through the npm client, from the registry that is configured there.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "config" / "vendor.json"
SPRITE = ROOT / "static" / "img" / "icons.svg"
LICENCE = ROOT / "static" / "img" / "icons.licence.txt"
_SVG = "http://www.w3.org/2000/svg"


class CannotVendor(Exception):
    """The text says what is in the way."""


def checked(archive: bytes, integrity: str) -> bytes:
    """The archive, if it is the one that was pinned."""
    kind, _dash, digest = integrity.partition("-")
    found = base64.b64encode(hashlib.new(kind, archive).digest()).decode()
    if found != digest:
        raise CannotVendor(f"The package has the checksum {kind}-{found}, pinned is {integrity}.")
    return archive


def symbol(name: str, drawing: str) -> str:
    """One icon of the sprite: what is inside of its drawing, without the frame that only measures it."""
    shapes = [
        shape
        for shape in ElementTree.fromstring(drawing)
        if shape.get("stroke") != "none" or shape.get("fill") != "none"
    ]
    inside = "".join(ElementTree.tostring(shape, encoding="unicode").strip() for shape in shapes)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>'.replace(f' xmlns="{_SVG}"', "").replace(
        " />", "/>"
    )


def sprite(drawings: Mapping[str, str]) -> str:
    ElementTree.register_namespace("", _SVG)
    symbols = "\n".join(symbol(name, drawing) for name, drawing in sorted(drawings.items()))
    return f'<svg xmlns="{_SVG}">\n{symbols}\n</svg>\n'


def main() -> None:
    pins = json.loads(PINS.read_text())
    with tempfile.TemporaryDirectory() as folder:
        path = _fetched(f"{pins['package']}@{pins['version']}", Path(folder))
        checked(path.read_bytes(), pins["integrity"])
        with tarfile.open(path) as package:
            drawings = {
                name: _text(package, f"package/icons/outline/{original}.svg")
                for name, original in pins["icons"].items()
            }
            licence = _text(package, f"package/{pins['licence']}")
    SPRITE.write_text(sprite(drawings))
    LICENCE.write_text(f"{SPRITE.name} is made of icons of {pins['package']} {pins['version']}.\n\n{licence}")
    sys.stdout.write(f"{len(drawings)} icons, {SPRITE.stat().st_size:,} bytes\n")


def _fetched(package: str, folder: Path) -> Path:
    try:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as reason:
        raise CannotVendor(f"npm could not fetch {package}: {reason}") from None
    return next(folder.glob("*.tgz"))


def _text(package: tarfile.TarFile, member: str) -> str:
    try:
        file = package.extractfile(member)
    except KeyError:
        file = None
    if file is None:
        raise CannotVendor(f"The package has no {member}.")
    return file.read().decode()


if __name__ == "__main__":
    try:
        main()
    except CannotVendor as reason:
        sys.exit(str(reason))
