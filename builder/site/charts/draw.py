"""Numbers and words → the marks of a chart in SVG, then a picture for the page, a sheet to take away, and its PNG.

Every chart is laid out for a phone's width, with labels above their bars, so that one drawing serves every screen. A
colour is a role of the site's style sheet: each mark has the light colour as an attribute and the role as a class, through
which ``charts.css`` follows the colour scheme of the page.

The same input gives the same bytes on any machine: the layout estimates the width of text and never asks for fonts, and
the PNG uses the font beside this module and no other.

There is no chart library because five kinds of bars and dots need none: each mark is one multiplication, and a grammar of
graphics would add 84 MB to install and 60 ms a chart. All text goes through ``escape``, because labels come from documents.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import pi, sqrt
from pathlib import Path
from typing import TypeVar
from unicodedata import east_asian_width

from markupsafe import Markup, escape

SVG = "http://www.w3.org/2000/svg"
FONT = Path(__file__).parent / "fonts" / "NotoSansCJKsc-Regular-GB2312.otf"
FONT_NAME = "Noto Sans CJK SC"
FONTS = f"'PingFang SC','Microsoft YaHei','{FONT_NAME}',sans-serif"

# Custom properties of the page, with their light values.
ROLES = {
    "ink": "#1d2226",
    "ink-2": "#565d63",
    "bar": "#4d8cb0",
    "accent": "#17587f",
    "seal": "#a8322a",
    "sunk": "#f3f1ec",
    "line": "#e1ddd5",
    "paper": "#fbfaf7",
}

# Pixels. A drawing is as wide as the text of a page on a phone; a sheet has a margin around it.
WIDTH = 360
MARGIN = 20
LABEL, SMALL, TINY = 14, 13.5, 11
GAP = 16
# Square pixels of the dots for one and for the most.
SMALLEST_DOT, LARGEST_DOT = 14, 260
# Between two parts of one bar.
SEAM = 2
HAIRLINE = 0.5

_Row = TypeVar("_Row")

# What stays on one line: Latin letters and digits up to a slash, or one character; its punctuation goes with it.
_PIECE = re.compile(r"[（《“]*(?:[!-.0-~]+/?|/+|.)[，。、；：？）》”]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks, ``WIDTH`` wide and ``height`` high, as the inner markup of an SVG."""

    height: int
    marks: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar under its label; ``note``, such as the amount in words, stands right of the label."""

    label: str
    note: str
    value: float


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares from 0 to 1, one under each heading, each with its text."""

    label: str
    note: str
    shares: tuple[float, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    value: float
    text: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Dots:
    """Dots on a scale: where each lies, and how many lie there."""

    label: str
    note: str
    points: tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """One bar made up of ``shares``, one for each entry of the legend; they add up to 1."""

    label: str
    note: str
    shares: tuple[float, ...]


def bars(rows: Sequence[Bar]) -> Drawing:
    """One bar for each row, on a scale from zero to the largest value."""
    most = _largest(row.value for row in rows)
    marks = [_rect("bar", 0, y + 22, WIDTH * row.value / most, 10) for y, row in _rows(0, 42, rows)]
    return _drawing(42 * len(rows), _labels(0, 42, 14, rows), marks)


def shares(headings: Sequence[str], rows: Sequence[Shares]) -> Drawing:
    """One column of bars for each heading; a bar is a share of the whole, which is drawn behind it."""
    top = 30
    width = (WIDTH - GAP * (len(headings) - 1)) / len(headings)
    length = width - 6 - max(_extent(text, SMALL) for row in rows for text in row.texts)
    marks: list[str] = []
    for place, heading in enumerate(headings):
        left = place * (width + GAP)
        marks.append(_text("ink-2", left, 12, heading))
        for y, row in _rows(top, 42, rows):
            marks += [
                _rect("sunk", left, y + 22, length, 10),
                _rect("bar", left, y + 22, length * row.shares[place], 10),
                _text("ink", left + length + 6, y + 31.5, row.texts[place]),
            ]
    return _drawing(top + 42 * len(rows), _labels(top, 42, 14, rows), marks)


def columns(bins: Sequence[Column]) -> Drawing:
    """Upright bars, one for each class of a scale, counted above and named below."""
    top, bottom = 18, 170
    most = _largest(item.value for item in bins)
    step = WIDTH / (len(bins) - 0.05)
    marks: list[str] = []
    for place, item in enumerate(bins):
        left, height = step * (place + 0.1), (bottom - top) * item.value / most
        middle = left + 0.375 * step
        marks += [
            _rect("accent" if item.strong else "bar", left, bottom - height, 0.75 * step, height),
            _text("ink", middle, bottom - height - 5, item.text, "middle"),
            _text("ink-2", middle, bottom + 17, item.label, "middle"),
        ]
    return _drawing(192, marks, [_rect("ink-2", 0, bottom, WIDTH, 1)])


def dots(rows: Sequence[Dots], ends: tuple[int, int], ticks: Sequence[int], unit: str) -> Drawing:
    """Dots on a scale from the first of ``ends`` to the second; a dot's area grows evenly with how many lie there."""
    top, inset = 26, 18
    most = _largest(count for row in rows for _, count in row.points)

    def x(at: float) -> float:
        return inset + (WIDTH - 2 * inset) * (at - ends[0]) / (ends[1] - ends[0])

    def radius(count: int) -> float:
        return sqrt((SMALLEST_DOT + (LARGEST_DOT - SMALLEST_DOT) * count / most) / pi)

    marks = [_text("ink-2", x(tick), 12, f"{tick}{unit}", "middle") for tick in ticks]
    for y, row in _rows(top, 48, rows):
        marks.append(_rect("line", inset, y + 33.5, WIDTH - 2 * inset, 1))
        marks += [_rect("line", x(tick) - 0.5, y + 29.5, 1, 9) for tick in ticks]
        marks += [
            f'<circle cx="{_px(x(at))}" cy="{_px(y + 34)}" r="{_px(radius(count))}"{_paint("bar")}/>'
            for at, count in row.points
        ]
    return _drawing(top + 48 * len(rows), _labels(top, 48, 15, rows), marks)


def parts(legend: Sequence[tuple[str, str]], rows: Sequence[Parts]) -> Drawing:
    """Bars made up of parts. The legend pairs the name of a part with the role that colours it."""
    top, left = 30, 0.0
    marks: list[str] = []
    for name, role in legend:
        marks += [_rect(role, left, 3, 10, 10), _text("ink-2", left + 16, 12, name)]
        left += 16 + _extent(name, SMALL) + GAP
    for y, row in _rows(top, 42, rows):
        drawn = [(share, role) for share, (_, role) in zip(row.shares, legend, strict=True) if share]
        left = 0.0
        for place, (share, role) in enumerate(drawn):
            right = left + WIDTH * share
            begin = left + (SEAM / 2 if place else 0)
            end = right - (SEAM / 2 if place + 1 < len(drawn) else 0)
            # A part thinner than the seams stays visible as a hairline.
            marks.append(_rect(role, begin, y + 23, max(end - begin, HAIRLINE), 10))
            left = right
    return _drawing(top + 42 * len(rows), _labels(top, 42, 14, rows), marks)


def picture(drawing: Drawing, title_id: str, sentence_id: str) -> Markup:
    """The drawing as it stands in a page: named and described by the elements of these ids."""
    return Markup(
        '<svg xmlns="{}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}" aria-describedby="{}">{}</svg>'
    ).format(SVG, WIDTH, drawing.height, title_id, sentence_id, Markup(drawing.marks))


def sheet(drawing: Drawing, title: str, sentence: str, source: Sequence[str]) -> str:
    """The drawing as a file of its own: light, with its title, its sentence and the lines of its source on it."""
    pieces = []
    y = MARGIN - 6.0
    for line in wrap(title, 17, WIDTH):
        y += 25
        pieces.append(sheet_text(line, MARGIN, y, 17, "ink", ' font-weight="600"'))
    for line in wrap(sentence, SMALL, WIDTH):
        y += 20
        pieces.append(sheet_text(line, MARGIN, y, SMALL, "ink-2"))
    y += 18
    pieces.append(f'<g transform="translate({MARGIN},{y:g})">{drawing.marks}</g>')
    y += drawing.height + 12
    for line in (part for text in source for part in wrap(text, TINY, WIDTH)):
        y += 16
        pieces.append(sheet_text(line, MARGIN, y, TINY, "ink-2"))
    width, height = WIDTH + 2 * MARGIN, y + MARGIN
    return (
        f'<svg xmlns="{SVG}" width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}" '
        f'font-family="{FONTS}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(sentence)}</desc>"
        f'<rect width="{width}" height="{height:g}" fill="{ROLES["paper"]}"/>'
        f"{''.join(pieces)}</svg>\n"
    )


def has_type(text: str) -> bool:
    """Whether the font for PNG files holds each character: those of GB 2312 and ASCII, and the minus sign."""
    try:
        text.replace("−", "").encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def wrap(text: str, size: float, width: float) -> list[str]:
    """Lines of about this width; no line begins with a mark that closes, none ends with one that opens."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and _extent(lines[-1] + piece.rstrip("，。、；：？）》” "), size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _largest(values: Iterable[float]) -> float:
    """What fills a scale; 1 where every value is zero, so that every bar is empty."""
    return max(values) or 1


def _extent(text: str, size: float) -> float:
    """About how wide a text is in any of the fonts: a Han character is square, a Latin one narrower."""
    return sum(size if east_asian_width(c) in "WFA" or c in "%<>" else size * 0.6 for c in text)


def sheet_text(text: str, x: float, y: float, size: float, role: str, more: str = "") -> str:
    """A line of text on a sheet, which is always light."""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}"{more} fill="{ROLES[role]}">{escape(text)}</text>'


def _rows(top: float, step: float, rows: Sequence[_Row]) -> Iterator[tuple[float, _Row]]:
    return ((top + step * place, row) for place, row in enumerate(rows))


def _labels(top: float, step: float, base: float, rows: Sequence[Bar | Shares | Dots | Parts]) -> Iterator[str]:
    """The label of each row at the left, its note at the right."""
    for y, row in _rows(top, step, rows):
        yield _text("ink", 0, y + base, row.label, size=LABEL)
        yield _text("ink-2", WIDTH, y + base, row.note, "end")


def _drawing(height: int, *marks: Iterable[str]) -> Drawing:
    return Drawing(height, "".join(mark for group in marks for mark in group))


def _rect(role: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect x="{_px(x)}" y="{_px(y)}" width="{_px(width)}" height="{_px(height)}"{_paint(role)}/>'


def _text(role: str, x: float, y: float, text: str, anchor: str = "start", size: float = SMALL) -> str:
    return (
        f'<text x="{_px(x)}" y="{_px(y)}" text-anchor="{anchor}" font-size="{size}"{_paint(role)}>{escape(text)}</text>'
    )


def _paint(role: str) -> str:
    return f' fill="{ROLES[role]}" class="f-{role}"'


def _px(length: float) -> str:
    """To a hundredth of a pixel."""
    return f"{length:.2f}".rstrip("0").rstrip(".")
