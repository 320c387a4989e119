"""One page of a PDF → its glyphs and ruled lines, upright and in reading coordinates (points, x right, y down).

The page is turned so that most of its text is upright, whatever its /Rotate says: landscape tables printed on portrait
pages come out like any other. What does not belong to the printed text is set aside with its reason, never dropped
unsaid: watermarks (oblique, or large and light over other text), invisible text, text outside of the page's box.
"""

import ctypes
import math
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from builder.faults import DocumentFault
from builder.readers.draft import SYMBOLS
from builder.readers.ruling import Stroke, joined

MAX_GLYPHS = 200_000
MAX_PATHS = 100_000
# Horizontal by vertical lines: a page of 300 rows and 60 columns has 18,000 crossings, a map or a hatching millions.
MAX_CROSSINGS = 400_000
MAX_STAMPS = 100
MAX_NESTING = 8
# Filled bars up to this many points thick are lines; word processors draw borders so.
THIN = 3.0
# Half a degree or so is a crooked scan; watermarks stand at 30 to 60.
UPRIGHT_WITHIN = 8.0
WATERMARK_SIZE = 2.0
# Brightness from 0 (black) to 1 (white) on white paper.
LIGHT = 0.7

# Annotations that show something of their own even without words.
SHOWING = frozenset({
    pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP, pdfium.FPDF_ANNOT_WATERMARK,
    pdfium.FPDF_ANNOT_FILEATTACHMENT, pdfium.FPDF_ANNOT_RICHMEDIA, pdfium.FPDF_ANNOT_SCREEN, pdfium.FPDF_ANNOT_REDACT,
})  # fmt: skip

_HYPHEN_AT_LINE_END = 0x02
# Fonts that name a glyph by its radical show the same picture under another code (Unicode's EquivalentUnifiedIdeograph).
# Kangxi radicals decompose by NFKC; of the supplement, these look like a character in common use.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | {
    ord(radical): character
    for radical, character in zip(
        "⺜⺝⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
        "日月母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
        strict=True,
    )
}

Box = tuple[float, float, float, float]


class Glyph(NamedTuple):
    """A character with its box. ``turn``: 0 upright, else clockwise degrees; ``source``: the text object it is of;
    ``spaced``: a blank stands before it."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    turn: int
    source: int
    spaced: bool


@dataclass(slots=True)
class Page:
    """What a page holds. ``clips`` are the boxes that text objects are cut to; ``set_aside`` pairs a reason with the
    text; ``image_area`` is a share of the page.

    ``unmapped`` counts glyphs without a character (they stand as U+FFFD), ``radicals`` those given as radicals.
    ``recognised``: the text is an invisible layer over a picture. ``unruled``: too many paths to look for lines.
    """

    glyphs: list[Glyph] = field(default_factory=list)
    clips: dict[int, Box] = field(default_factory=dict)
    horizontal: list[Stroke] = field(default_factory=list)
    vertical: list[Stroke] = field(default_factory=list)
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    unmapped: int = 0
    radicals: int = 0
    image_area: float = 0.0
    paths: int = 0
    annotations: int = 0
    recognised: bool = False
    unruled: bool = False


class _Source(NamedTuple):
    """A text object: clockwise ``angle`` of its text as drawn, nearest right angle or ``None`` where oblique."""

    angle: int | None
    is_light: bool = False
    is_invisible: bool = False
    clip: Box | None = None


class _Raw(NamedTuple):
    text: str
    box: Box
    source: int
    spaced: bool


def load(page: pypdfium2.PdfPage) -> Page:
    """Read one page; it stays open."""
    result = Page()
    _annotations(page, result)
    drawn, sources = _glyphs(page, result)
    upright = Counter(sources[glyph.source].angle for glyph in drawn)
    upright.pop(None, None)
    turn = -(upright.most_common(1)[0][0] or 0) % 360 if upright else 0
    _paths(page, result, turn)
    _place(drawn, sources, turn, page.get_bbox(), result)
    return result


def _glyphs(page: pypdfium2.PdfPage, result: Page) -> tuple[list[_Raw], dict[int, _Source]]:
    textpage = page.get_textpage()
    try:
        handle = textpage.raw
        count = pdfium.FPDFText_CountChars(handle)
        if count > MAX_GLYPHS:
            raise DocumentFault(f"一页上有 {count:,} 个字符，不像一份文件的一页，已停止读取。请核对文件来源。")
        drawn: list[_Raw] = []
        sources: dict[int, _Source] = {}
        box = pdfium.FS_RECTF()
        reference = ctypes.byref(box)
        spaced = False
        high = 0
        for index in range(count):
            code = pdfium.FPDFText_GetUnicode(handle, index)
            if code in (0x0A, 0x0D):
                continue
            if code in (0x20, 0x09, 0xA0, 0x3000):
                spaced = spaced or pdfium.FPDFText_IsGenerated(handle, index) != 1
                continue
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if high and 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
            high = 0
            if code == _HYPHEN_AT_LINE_END:
                code = 0x2D
            if not pdfium.FPDFText_GetLooseCharBox(handle, index, reference):
                continue
            pointer = pdfium.FPDFText_GetTextObject(handle, index)
            source = ctypes.cast(pointer, ctypes.c_void_p).value or 0
            if source not in sources:
                sources[source] = _source(handle, index, pointer)
            text = chr(code)
            if code in _RADICALS:
                result.radicals += 1
                text = _RADICALS[code]
            elif code in SYMBOLS:
                text = SYMBOLS[code]
            elif _is_unmapped(code) or pdfium.FPDFText_HasUnicodeMapError(handle, index) == 1:
                result.unmapped += 1
                text = "\ufffd"
            drawn.append(_Raw(text, (box.left, box.bottom, box.right, box.top), source, spaced))
            spaced = False
        return drawn, sources
    finally:
        textpage.close()


def _is_unmapped(code: int) -> bool:
    """Controls, private-use codes and non-characters: the font gives its glyph no character."""
    return code < 0x20 or 0xD800 <= code < 0xF900 or 0xFFFD <= code <= 0xFFFF or code >= 0xF0000


def _source(handle: Any, index: int, pointer: Any) -> _Source:
    degrees = math.degrees(pdfium.FPDFText_GetCharAngle(handle, index))
    nearest = round(degrees / 90) * 90
    angle = nearest % 360 if abs(degrees - nearest) <= UPRIGHT_WITHIN else None
    if not pointer:
        return _Source(angle)
    clip = _clip(pointer)
    invisible = pdfium.FPDFTextObj_GetTextRenderMode(pointer) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(pointer, red, green, blue, alpha):
        return _Source(angle, is_invisible=invisible, clip=clip)
    brightness = (0.3 * red.value + 0.59 * green.value + 0.11 * blue.value) / 255
    opacity = alpha.value / 255
    return _Source(angle, brightness * opacity + 1 - opacity >= LIGHT, invisible, clip)


def _clip(pointer: Any) -> Box | None:
    """The box that a text object is cut to, if any: spreadsheets cut each text to its cell."""
    clip = pdfium.FPDFPageObj_GetClipPath(pointer)
    box: Box | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(max(pdfium.FPDFClipPath_CountPaths(clip), 0) if clip else 0):
        xs, ys = [], []
        for index in range(max(pdfium.FPDFClipPath_CountPathSegments(clip, path), 0)):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, index), x, y)
            xs.append(x.value)
            ys.append(y.value)
        if xs:
            left, bottom, right, top = box or (-math.inf, -math.inf, math.inf, math.inf)
            box = max(left, min(xs)), max(bottom, min(ys)), min(right, max(xs)), min(top, max(ys))
    return box if box and box[0] < box[2] and box[1] < box[3] else None


def _place(drawn: list[_Raw], sources: dict[int, _Source], turn: int, bounds: Box, result: Page) -> None:
    """Turn the glyphs upright and set aside those that are no part of the printed text."""
    if not drawn:
        return
    left, top, right, bottom = _turned(bounds, turn)
    hidden = sum(sources[glyph.source].is_invisible for glyph in drawn)
    result.recognised = hidden * 2 > len(drawn)
    apart: dict[tuple[str, int], list[str]] = {}
    for text, box, source, spaced in drawn:
        facts = sources[source]
        x0, y0, x1, y1 = _turned(box, turn)
        if facts.angle is None:
            apart.setdefault(("水印", source), []).append(text)
        elif facts.is_invisible and not result.recognised:
            apart.setdefault(("不可见的文字", source), []).append(text)
        elif not (left <= (x0 + x1) / 2 <= right and top <= (y0 + y1) / 2 <= bottom):
            apart.setdefault(("页面边界以外的文字", source), []).append(text)
        else:
            result.glyphs.append(Glyph(text, x0, y0, x1, y1, (facts.angle + turn) % 360, source, spaced))
    result.clips = {source: _turned(facts.clip, turn) for source, facts in sources.items() if facts.clip}
    stamped = _stamped(result.glyphs, sources)
    for glyph in result.glyphs:
        if glyph.source in stamped:
            apart.setdefault(("水印", glyph.source), []).append(glyph.text)
    result.glyphs = [glyph for glyph in result.glyphs if glyph.source not in stamped]
    result.set_aside += [(reason, "".join(texts)) for (reason, _), texts in apart.items()]


def _stamped(glyphs: list[Glyph], sources: dict[int, _Source]) -> set[int]:
    """Text objects much larger than the page's text, light, and with other text under them: upright watermarks."""
    light: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        if sources[glyph.source].is_light:
            light.setdefault(glyph.source, []).append(glyph)
    if not light:
        return set()
    usual = statistics.median(glyph.y1 - glyph.y0 for glyph in glyphs)
    large = {
        source: members
        for source, members in light.items()
        if statistics.median(glyph.y1 - glyph.y0 for glyph in members) >= WATERMARK_SIZE * usual
    }
    found = set()
    for source, members in large.items() if len(large) <= MAX_STAMPS else ():
        x0, x1 = min(glyph.x0 for glyph in members), max(glyph.x1 for glyph in members)
        y0, y1 = min(glyph.y0 for glyph in members), max(glyph.y1 for glyph in members)
        if any(
            glyph.source not in light and x0 < (glyph.x0 + glyph.x1) / 2 < x1 and y0 < (glyph.y0 + glyph.y1) / 2 < y1
            for glyph in glyphs
        ):
            found.add(source)
    return found


def _turned(box: Box, turn: int) -> Box:
    """A box of the page (y up) turned clockwise into reading coordinates (y down), as left, top, right, bottom."""
    left, bottom, right, top = box
    match turn:
        case 0:
            return left, -top, right, -bottom
        case 90:
            return bottom, left, top, right
        case 180:
            return -right, bottom, -left, top
        case _:
            return -top, -right, -bottom, -left


def _annotations(page: pypdfium2.PdfPage, result: Page) -> None:
    """Set aside the words of notes and form fields; count those that show something, but have no words."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind not in (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP):
            words = (_string(annotation, b"Contents") or _string(annotation, b"V")).strip()
            if words:
                result.set_aside.append(("批注或填写的内容", words))
            result.annotations += not words and kind in SHOWING
        pdfium.FPDFPage_CloseAnnot(annotation)


def _string(annotation: Any, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = (pdfium.FPDF_WCHAR * (size // 2))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")


class _Matrix(NamedTuple):
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, inner: "_Matrix") -> "_Matrix":
        """The matrix that applies ``inner`` first and this one then."""
        a, b = self.a * inner.a + self.c * inner.b, self.b * inner.a + self.d * inner.b
        c, d = self.a * inner.c + self.c * inner.d, self.b * inner.c + self.d * inner.d
        return _Matrix(a, b, c, d, *self.point(inner.e, inner.f))

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        corners = [self.point(x, y) for x in (left, right) for y in (bottom, top)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)


_IDENTITY = _Matrix(1, 0, 0, 1, 0, 0)


def _paths(page: pypdfium2.PdfPage, result: Page, turn: int) -> None:
    left, bottom, right, top = page.get_bbox()
    area = max((right - left) * (top - bottom), 1.0)
    for kind, item, matrix in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = matrix.box(*_bounds(item))
            covered = max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom))
            result.image_area += covered / area
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            result.paths += 1
            if result.paths > MAX_PATHS:
                result.horizontal, result.vertical, result.unruled = [], [], True
                return
            for box in _lines(item, matrix):
                _add(_turned(box, turn), result)
    result.horizontal, result.vertical = joined(result.horizontal), joined(result.vertical)
    if len(result.horizontal) * len(result.vertical) > MAX_CROSSINGS:
        result.horizontal, result.vertical, result.unruled = [], [], True


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[int, Any, _Matrix]]:
    """Images and paths of the page, those inside of form objects too, with the matrix from them to the page."""
    count = pdfium.FPDFPage_CountObjects(page.raw)
    pending = [(pdfium.FPDFPage_GetObject(page.raw, index), _IDENTITY, 0) for index in reversed(range(count))]
    while pending:
        item, matrix, depth = pending.pop()
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield kind, item, matrix
        elif depth < MAX_NESTING:
            inner = matrix.after(_matrix(item))
            members = pdfium.FPDFFormObj_CountObjects(item)
            pending += [
                (pdfium.FPDFFormObj_GetObject(item, index), inner, depth + 1) for index in reversed(range(members))
            ]


def _matrix(item: Any) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return _Matrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _bounds(item: Any) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _lines(item: Any, matrix: _Matrix) -> Iterator[Box]:
    """The straight lines that a path draws, as boxes: its strokes along the axes, and its filled bars."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    if not fill.value and not stroke.value:
        return
    whole = matrix.box(*_bounds(item))
    if min(whole[2] - whole[0], whole[3] - whole[1]) <= THIN:
        yield whole
        return
    to_page = matrix.after(_matrix(item))
    for outline in _outlines(item, to_page):
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        if min(max(xs) - min(xs), max(ys) - min(ys)) <= THIN:
            yield min(xs), min(ys), max(xs), max(ys)
        elif stroke.value:
            for (x0, y0), (x1, y1) in pairwise(outline):
                yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _outlines(item: Any, matrix: _Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corners of each outline of a path, the first again at the end where it closes."""
    outline: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(item)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            if len(outline) > 1:
                yield outline
            outline = []
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        outline.append(matrix.point(x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            outline.append(outline[0])
    if len(outline) > 1:
        yield outline


def _add(box: Box, result: Page) -> None:
    x0, y0, x1, y1 = box
    if y1 - y0 <= THIN and x1 - x0 > y1 - y0:
        result.horizontal.append(Stroke((y0 + y1) / 2, x0, x1))
    elif x1 - x0 <= THIN and y1 - y0 > x1 - x0:
        result.vertical.append(Stroke((x0 + x1) / 2, y0, y1))
