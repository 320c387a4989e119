"""Charts drawn: numbers and words → marks in SVG, then a picture for the page, a sheet to take away, and its PNG.

Vega places the marks and keeps the scales; the specifications are Vega-Lite. Everything is laid out for a phone's width,
labels above their bars, so that one drawing serves every screen. Colours are roles of the site's sheet: each mark bears
the light colour as an attribute and the role as a class, by which ``charts.css`` follows the page's scheme.

The same input gives the same bytes on any machine: no text is measured for the layout, and the PNG is set in the font
beside this module and in no other.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import resvg_py
import vl_convert
from lxml import etree
from markupsafe import Markup, escape

SVG = "http://www.w3.org/2000/svg"
VEGA_LITE = "6.1"
FONT = Path(__file__).parent / "fonts" / "NotoSansCJKsc-Regular-GB2312.otf"
FONT_NAME = "Noto Sans CJK SC"
FONTS = f"'PingFang SC','Microsoft YaHei','{FONT_NAME}',sans-serif"
PNG_ZOOM = 2.0

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
_ROLE_OF = {colour: role for role, colour in ROLES.items()}

# Pixels. A drawing is as wide as the text of a page on a phone; a sheet has a margin around it.
WIDTH = 360
MARGIN = 20
LABEL, SMALL, TINY = 13, 12, 10.5
GAP = 16

# What Vega writes on its marks and we pass on, and what we leave out. Anything else is an error, not an oversight.
_OWN = ("transform", "d", "x2", "y2")
_SHARED = ("text-anchor", "font-size", "fill", "stroke", "stroke-width")
_LEFT_OUT = ("font-family", "opacity")
_ELEMENTS = ("path", "text", "line")
_UNMOVED = "translate(0,0)"

_LONG = re.compile(r"\d+\.\d{3,}(?:e-\d+)?")

# What stays on one line: Latin letters and digits up to a slash, or one character; its punctuation goes with it.
_PIECE = re.compile(r"[（《“]*(?:[!-.0-~]+/?|/+|.)[，。、；：？）》”]*", re.DOTALL)


class DrawingError(Exception):
    """A chart could not be drawn; the message says what Vega wrote that is not known here."""


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


Spec = dict[str, Any]


class _Words:
    """The texts of a drawing. Vega gets a mark for each, and its place; the words are set in afterwards.

    Vega measures every text with the fonts of the machine, which takes it a millisecond for a Chinese label; nothing
    here depends on the result.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []

    def token(self, text: str) -> str:
        self.texts.append(text)
        return f"t{len(self.texts) - 1}"


def bars(rows: Sequence[Bar]) -> Drawing:
    """A bar a row, on a scale from zero to the largest value."""
    words = _Words()
    height = len(rows) * 42
    y = _bands(0, height)
    x = _linear("value", (0, max(row.value for row in rows)), (0, WIDTH))
    data = _data({"row": i, "value": row.value} for i, row in enumerate(rows))
    mark = {"type": "bar", "height": 10, "yOffset": 6, "color": ROLES["bar"]}
    return _draw(height, [*_labels(words, rows, y, -7), _layer(data, mark, y=y, x=x)], words)


def shares(headings: Sequence[str], rows: Sequence[Shares]) -> Drawing:
    """Bars side by side, each a share of the whole that is drawn behind it, one heading to a column of them."""
    words, top = _Words(), 30
    height = top + len(rows) * 42
    y = _bands(top, height)
    column = (WIDTH - GAP * (len(headings) - 1)) / len(headings)
    length = column - 6 - max(_extent(text, SMALL) for row in rows for text in row.texts)
    layers = _labels(words, rows, y, -7)
    for place, heading in enumerate(headings):
        left = place * (column + GAP)
        ends = (left, left + length)
        data = _data(
            {"row": i, "whole": 1, "share": row.shares[place], "text": words.token(row.texts[place])}
            for i, row in enumerate(rows)
        )
        bar = {"type": "bar", "height": 10, "yOffset": 6}
        layers += [
            _line_of_text(words, heading, left, 12, "ink-2"),
            _layer(data, {**bar, "color": ROLES["sunk"]}, y=y, x=_linear("whole", (0, 1), ends)),
            _layer(data, {**bar, "color": ROLES["bar"]}, y=y, x=_linear("share", (0, 1), ends)),
            _layer(
                data,
                {"type": "text", "align": "left", "dy": 10.5, "fontSize": SMALL, "color": ROLES["ink"]},
                y=y,
                x={"value": left + length + 6},
                text={"field": "text"},
            ),
        ]
    return _draw(height, layers, words)


def columns(bins: Sequence[Column]) -> Drawing:
    """Upright bars, one for each class of a scale, counted above and named below."""
    words, top, bottom, height = _Words(), 18, 170, 192
    band = {"range": [0, WIDTH], "paddingInner": 0.25, "paddingOuter": 0.1}
    x = {"field": "bin", "type": "ordinal", "axis": None, "scale": band}
    y = _linear("value", (0, max(item.value for item in bins)), (bottom, top))
    data = _data(
        {
            "bin": i,
            "value": item.value,
            "colour": ROLES["accent" if item.strong else "bar"],
            "text": words.token(item.text),
            "label": words.token(item.label),
        }
        for i, item in enumerate(bins)
    )
    text = {"type": "text", "align": "center", "fontSize": SMALL}
    layers = [
        _layer(data, {"type": "bar"}, x=x, y=y, color={"field": "colour", "type": "nominal", "scale": None}),
        _layer(data, {**text, "dy": -5, "color": ROLES["ink"]}, x=x, y=y, text={"field": "text"}),
        _layer(data, {**text, "color": ROLES["ink-2"]}, x=x, y={"value": bottom + 17}, text={"field": "label"}),
        _rule(0, WIDTH, bottom + 0.5, "ink-2"),
    ]
    return _draw(height, layers, words)


def dots(rows: Sequence[Dots], ends: tuple[int, int], ticks: Sequence[int], unit: str) -> Drawing:
    """Dots on one scale from the first of ``ends`` to the second, their area by how many lie there."""
    words, top, inset = _Words(), 26, 18
    height = top + len(rows) * 48
    y = _bands(top, height)
    x = _linear("at", ends, (inset, WIDTH - inset))
    most = max(count for row in rows for _, count in row.points)
    size = {
        "field": "count",
        "type": "quantitative",
        "legend": None,
        "scale": {"domain": [0, most], "range": [14, 260], "nice": False},
    }
    points = _data({"row": i, "at": at, "count": count} for i, row in enumerate(rows) for at, count in row.points)
    scale = _data({"at": tick, "text": words.token(f"{tick}{unit}")} for tick in ticks)
    grid = _data({"row": i, "at": tick} for i in range(len(rows)) for tick in ticks)
    text = {"type": "text", "align": "center", "fontSize": SMALL, "color": ROLES["ink-2"]}
    line = {"type": "bar", "height": 1, "yOffset": 10, "color": ROLES["line"]}
    layers = [
        _layer(scale, text, x=x, y={"value": 12}, text={"field": "text"}),
        *_labels(words, rows, y, -9),
        _layer(_data({"row": i} for i in range(len(rows))), line, y=y, x={"value": inset}, x2={"value": WIDTH - inset}),
        _layer(grid, {"type": "tick", "size": 9, "thickness": 1, "yOffset": 10, "color": ROLES["line"]}, x=x, y=y),
        _layer(points, {"type": "circle", "opacity": 1, "yOffset": 10, "color": ROLES["bar"]}, x=x, y=y, size=size),
    ]
    return _draw(height, layers, words)


def parts(legend: Sequence[tuple[str, str]], rows: Sequence[Parts]) -> Drawing:
    """Bars made up of parts. The legend pairs the name of a part with the role that colours it."""
    words, top = _Words(), 30
    height = top + len(rows) * 42
    y = _bands(top, height)
    layers = _labels(words, rows, y, -7)
    left = 0.0
    for name, role in legend:
        layers += [
            _layer(
                _data([{}]),
                {"type": "square", "size": 100, "opacity": 1, "color": ROLES[role]},
                x={"value": left + 5},
                y={"value": 8},
            ),
            _line_of_text(words, name, left + 16, 12, "ink-2"),
        ]
        left += 16 + _extent(name, SMALL) + GAP
    data = []
    for i, row in enumerate(rows):
        start = 0.0
        for share, (_, role) in zip(row.shares, legend, strict=True):
            if share:
                data.append({"row": i, "start": start, "end": start + share, "colour": ROLES[role]})
            start += share
    # The seams between parts are drawn over their edges; the outer half of the first and last lies outside.
    scale = ((0, 1), (-1, WIDTH + 1))
    layers.append(
        _layer(
            _data(data),
            {"type": "bar", "height": 12, "yOffset": 7, "stroke": ROLES["paper"], "strokeWidth": 2},
            y=y,
            x=_linear("start", *scale),
            x2={"field": "end"},
            color={"field": "colour", "type": "nominal", "scale": None},
        )
    )
    return _draw(height, layers, words)


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
        pieces.append(_sheet_text(line, y, 17, "ink", ' font-weight="600"'))
    for line in wrap(sentence, SMALL, WIDTH):
        y += 20
        pieces.append(_sheet_text(line, y, SMALL, "ink-2"))
    y += 18
    pieces.append(f'<g transform="translate({MARGIN},{y:g})">{drawing.marks}</g>')
    y += drawing.height + 12
    for line in (part for text in source for part in wrap(text, TINY, WIDTH)):
        y += 16
        pieces.append(_sheet_text(line, y, TINY, "ink-2"))
    width, height = WIDTH + 2 * MARGIN, y + MARGIN
    return (
        f'<svg xmlns="{SVG}" width="{width}" height="{height:g}" viewBox="0 0 {width} {height:g}" '
        f'font-family="{FONTS}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(sentence)}</desc>"
        f'<rect width="{width}" height="{height:g}" fill="{ROLES["paper"]}"/>'
        f"{''.join(pieces)}</svg>\n"
    )


def png(sheet: str) -> bytes:
    """A sheet as a PNG. Every character must be one that ``has_type`` knows."""
    return resvg_py.svg_to_bytes(
        svg_string=sheet,
        zoom=PNG_ZOOM,
        skip_system_fonts=True,
        font_files=[str(FONT)],
        font_family=FONT_NAME,
        sans_serif_family=FONT_NAME,
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


def _extent(text: str, size: float) -> float:
    """About how wide a text is in any of the fonts: a Han character is square, a Latin one narrower."""
    return sum(size if east_asian_width(c) in "WFA" or c in "%<>" else size * 0.6 for c in text)


def _sheet_text(text: str, y: float, size: float, role: str, more: str = "") -> str:
    return f'<text x="{MARGIN}" y="{y:g}" font-size="{size:g}"{more} fill="{ROLES[role]}">{escape(text)}</text>'


def _bands(top: float, bottom: float) -> Spec:
    return {
        "field": "row",
        "type": "ordinal",
        "axis": None,
        "scale": {"type": "band", "range": [top, bottom], "padding": 0},
    }


def _linear(field: str, domain: tuple[float, float], ends: tuple[float, float]) -> Spec:
    scale = {"domain": list(domain), "range": list(ends), "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "axis": None, "stack": None, "scale": scale}


def _data(rows: Iterable[Mapping[str, Any]]) -> Spec:
    return {"values": [dict(row) for row in rows]}


def _layer(data: Spec, mark: Spec, **encoding: Spec) -> Spec:
    return {"data": data, "mark": mark, "encoding": encoding}


def _labels(words: _Words, rows: Sequence[Bar | Shares | Dots | Parts], y: Spec, dy: float) -> list[Spec]:
    """The label of each row at the left, its note at the right."""
    data = _data(
        {"row": i, "label": words.token(row.label), "note": words.token(row.note)} for i, row in enumerate(rows)
    )
    left = {"type": "text", "align": "left", "dy": dy, "fontSize": LABEL, "color": ROLES["ink"]}
    right = {"type": "text", "align": "right", "dy": dy, "fontSize": SMALL, "color": ROLES["ink-2"]}
    return [
        _layer(data, left, y=y, x={"value": 0}, text={"field": "label"}),
        _layer(data, right, y=y, x={"value": WIDTH}, text={"field": "note"}),
    ]


def _line_of_text(words: _Words, text: str, x: float, y: float, role: str) -> Spec:
    mark = {"type": "text", "align": "left", "fontSize": SMALL, "color": ROLES[role]}
    return _layer(_data([{"text": words.token(text)}]), mark, x={"value": x}, y={"value": y}, text={"field": "text"})


def _rule(left: float, right: float, y: float, role: str) -> Spec:
    return _layer(
        _data([{}]), {"type": "rule", "color": ROLES[role]}, x={"value": left}, x2={"value": right}, y={"value": y}
    )


def _draw(height: int, layers: Sequence[Spec], words: _Words) -> Drawing:
    spec = {
        "$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE}.json",
        "width": WIDTH,
        "height": height,
        "padding": 0,
        "autosize": "none",
        "view": {"stroke": None},
        "config": {"aria": False, "text": {"baseline": "alphabetic"}},
        "layer": list(layers),
        "resolve": {"scale": dict.fromkeys(("x", "y", "size", "color"), "independent")},
    }
    root = etree.fromstring(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE).encode())
    groups = []
    for group in root.iter(f"{{{SVG}}}g"):
        if group.get("transform", _UNMOVED) != _UNMOVED:
            raise DrawingError(f"Vega 把整组图形移了位置（{group.get('transform')}），这里没有算进去。")
        if "role-mark" in group.get("class", ""):
            groups.append(_dressed(group, words.texts))
    return Drawing(height, "".join(groups))


def _dressed(group: etree._Element, texts: Sequence[str]) -> str:
    """A group of marks as we publish it: our words, roles for colours, what all marks share said once."""
    marks = [_attributes(mark) for mark in group]
    shared = {key: value for key, value in marks[0].items() if all(mark.get(key) == value for mark in marks)}
    inner = []
    for mark, attributes in zip(group, marks, strict=True):
        own = {key: value for key, value in attributes.items() if key not in shared or key in _OWN}
        name = etree.QName(mark).localname
        text = escape(texts[int(mark.text[1:])]) if name == "text" and mark.text else ""
        inner.append(f"<{name}{_written(own)}>{text}</{name}>" if text else f"<{name}{_written(own)}/>")
    around = {key: value for key, value in shared.items() if key not in _OWN}
    return f"<g{_written(around)}>{''.join(inner)}</g>"


def _attributes(mark: etree._Element) -> dict[str, str]:
    """A mark's attributes that we pass on, its colours also as roles; raises ``DrawingError`` for what is not known."""
    name = etree.QName(mark).localname
    unknown = sorted(key for key in map(str, mark.keys()) if key not in (*_OWN, *_SHARED, *_LEFT_OUT))
    colours = [(kind, mark.get(kind)) for kind in ("fill", "stroke") if mark.get(kind) is not None]
    unknown += [str(colour) for _, colour in colours if colour not in _ROLE_OF]
    if name not in _ELEMENTS or unknown:
        raise DrawingError(
            f"Vega 写出了没有见过的 <{name}>：{unknown}。请看 builder/site/charts/draw.py 开头的几个名单。"
        )
    kept = {key: value for key in (*_OWN, *_SHARED) if (value := mark.get(key)) is not None}
    if "stroke" not in kept:
        kept.pop("stroke-width", None)
    kept["class"] = " ".join(f"{kind[0]}-{_ROLE_OF[str(colour)]}" for kind, colour in colours)
    return kept


def _written(attributes: Mapping[str, str]) -> str:
    """`` key="value"`` for each; lengths without their unit, to a hundredth of a pixel."""
    short = {key: _LONG.sub(_hundredth, value.removesuffix("px")) for key, value in attributes.items()}
    return "".join(f' {key}="{value}"' for key, value in short.items())


def _hundredth(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}"
