"""A drawing as a PNG, drawn once: what is drawn stays under a name made from everything that it depends on."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import resvg_py

from builder.atomic import write_bytes
from builder.site.charts.draw import FONT, FONT_NAME

_END = b"IEND\xaeB`\x82"


def png(sheet: str, zoom: float, kept: Path) -> bytes:
    """The SVG ``sheet``, ``zoom`` times as large. Every character must be one that ``draw.has_type`` knows.

    Drawing takes 15 to 60 ms and few pictures change from build to build, so each stays in the folder ``kept``, which may
    be deleted at any time. A kept file that was cut short is drawn again.
    """
    path = kept / f"{hashlib.sha256(_painter() + f'{zoom} {sheet}'.encode()).hexdigest()[:32]}.png"
    if path.exists() and (found := path.read_bytes()).endswith(_END):
        return found
    made = resvg_py.svg_to_bytes(
        svg_string=sheet,
        zoom=zoom,
        skip_system_fonts=True,
        font_files=[str(FONT)],
        font_family=FONT_NAME,
        sans_serif_family=FONT_NAME,
    )
    kept.mkdir(parents=True, exist_ok=True)
    write_bytes(path, made)
    return made


@cache
def _painter() -> bytes:
    """What, besides the sheet and its scale, decides the bytes of a PNG: the font and the library."""
    return hashlib.sha256(FONT.read_bytes() + version("resvg-py").encode()).digest()
