"""What a page shows of itself where somebody sends its address on: one picture with the few words that matter.

Messengers show a title, a line and a picture of a link; Open Graph's ``og:image`` names the picture. A card is 600 × 315
pixels, the shape that they crop to, and about 15 kB.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.atomic import write_bytes
from builder.site.charts.draw import FONTS, ROLES, SVG, has_type, sheet_text, wrap
from builder.site.charts.png import png

FOLDER = "cards"
WIDTH, HEIGHT, MARGIN = 600, 315, 36


@dataclass(frozen=True, slots=True)
class Card:
    """``name`` is its path below ``FOLDER`` without a suffix; the texts stand from top to bottom, the figure largest."""

    name: str
    place: str
    title: str
    figure: str
    text: str
    foot: str

    @property
    def path(self) -> str:
        return f"{FOLDER}/{self.name}.png"

    @property
    def svg(self) -> str:
        """A text that is too long for its lines ends with an ellipsis."""
        y, parts = 20.0, []
        for text, size, role, most in (
            (self.place, 19, "ink-2", 1),
            (self.title, 32, "ink", 2),
            (self.figure, 44, "accent", 1),
            (self.text, 22, "ink", 2),
        ):
            for line in _lines(text, size, most):
                y += size * 1.3
                parts.append(sheet_text(line, MARGIN, y, size, role))
            y += 6 if text else 0
        parts.append(sheet_text(_lines(self.foot, 15, 1)[0], MARGIN, HEIGHT - 20, 15, "ink-2"))
        return (
            f'<svg xmlns="{SVG}" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FONTS}">'
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ROLES["paper"]}"/>'
            f'<rect width="{WIDTH}" height="8" fill="{ROLES["seal"]}"/>{"".join(parts)}</svg>'
        )

    @property
    def can_be_drawn(self) -> bool:
        """Whether the font that comes with the builder has each character."""
        return all(map(has_type, (self.place, self.title, self.figure, self.text, self.foot)))


def write(card: Card, out: Path, kept: Path) -> None:
    """Draw ``card`` below ``out``, the docs tree."""
    path = out / card.path
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, png(card.svg, 1, kept))


def _lines(text: str, size: float, most: int) -> Sequence[str]:
    lines = wrap(text, size, WIDTH - 2 * MARGIN)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    return [*lines[: most - 1], wrap(f"{last}{lines[most]}", size, WIDTH - 2 * MARGIN - size)[0] + "…"]
