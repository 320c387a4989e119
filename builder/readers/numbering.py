"""The numbers that Word prints before numbered paragraphs, which stand nowhere in their text.

Serial numbers of catalogues are often typed so. Definitions are in the parts ``numbering`` and ``styles``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from builder.readers.guard import attribute, child, integer, local

DIGITS = "〇一二三四五六七八九"
# Word's own limits: levels of a list, its highest number, the longest pattern, the longest letter number (26 × 30).
LEVELS, HIGHEST, LONGEST, LETTERED = 9, 32_767, 255, 780
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
COUNTING = frozenset({
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "ideographDigital", "japaneseDigitalTenThousand", "koreanDigital2",
})  # fmt: skip
ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: ``pattern`` such as ``%1、`` or ``%1.%2``, and how its own number is written. In a ``legal``
    one all numbers are digits."""

    start: int
    form: str
    pattern: str
    legal: bool


@dataclass(frozen=True, slots=True)
class _List:
    """A list as paragraphs refer to it; ``restarts`` gives levels that begin anew at the list's first use."""

    definition: str
    restarts: Mapping[int, int]


@dataclass(slots=True)
class Numbering:
    """Counts along as paragraphs are read in their order."""

    levels: Mapping[str, Mapping[int, Level]] = field(default_factory=dict)
    lists: Mapping[str, _List] = field(default_factory=dict)
    styles: dict[str, tuple[str | None, int | None, str | None]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, numbering: etree._Element | None, styles: etree._Element | None) -> "Numbering":
        """From the two parts; a document without numbering numbers nothing."""
        if numbering is None:
            return cls()
        levels, lists = {}, {}
        for item in numbering:
            if local(item.tag) == "abstractNum":
                defined = map(_level, _children(item, "lvl"))
                levels[attribute(item, "abstractNumId") or ""] = {
                    depth: level for depth, level in defined if depth < LEVELS
                }
            elif local(item.tag) == "num":
                restarts = {
                    integer(attribute(override, "ilvl"), 0): _start(override, "startOverride")
                    for override in _children(item, "lvlOverride")
                    if child(override, "startOverride") is not None
                }
                lists[attribute(item, "numId") or ""] = _List(_value(item, "abstractNumId") or "", restarts)
        named = {}
        for item in styles if styles is not None else ():
            if local(item.tag) == "style":
                named[attribute(item, "styleId") or ""] = (*_reference(item), _value(item, "basedOn"))
        return cls(levels, lists, named)

    def label(self, paragraph: etree._Element) -> str:
        """What is printed before this paragraph, such as ``一、`` or ``3``; empty for bullets and plain paragraphs."""
        if not self.lists:
            return ""
        number, depth = self._list(paragraph)
        if number is None or number not in self.lists:
            return ""
        numbered = self.lists[number]
        levels = self.levels.get(numbered.definition, {})
        if depth not in levels:
            return ""
        counts = self.counts.setdefault(numbered.definition, {})
        if number not in self.begun:
            self.begun.add(number)
            for level, start in numbered.restarts.items():
                counts[level] = start - 1
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if levels[depth].form == "bullet":
            return ""
        text = levels[depth].pattern
        for level, definition in levels.items():
            form = "decimal" if levels[depth].legal else definition.form
            text = text.replace(f"%{level + 1}", written(counts.get(level, definition.start), form))
        return text

    def _list(self, paragraph: etree._Element) -> tuple[str | None, int]:
        number, depth = _reference(paragraph)
        properties = child(paragraph, "pPr")
        style = _value(properties, "pStyle") if properties is not None else None
        if number is None and style is not None:
            number, depth = self._of_style(style)
        return number, depth or 0

    def _of_style(self, style: str) -> tuple[str | None, int | None]:
        """What a style says, or the first that it is based on and that says anything. All styles on the way are given
        the answer, so that a long way is gone once."""
        way: dict[str, None] = {}
        number: str | None = None
        depth: int | None = None
        based_on: str | None = style
        while number is None and based_on in self.styles and based_on not in way:
            way[based_on] = None
            number, depth, based_on = self.styles[based_on]
        self.styles |= {name: (number, depth, None) for name in way}
        return number, depth


def written(number: int, form: str) -> str:
    """``3`` as ``3``, ``三``, ``③``, ``丙``, ``c``, ``iii`` …; a form that is not known here is written in digits."""
    if form in COUNTING:
        return _chinese(number)
    match form:
        case "none":
            return ""
        case "decimalZero":
            return f"{number:02d}"
        case "decimalFullWidth" | "decimalFullWidth2":
            return str(number).translate({48 + digit: 0xFF10 + digit for digit in range(10)})
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if 1 <= number <= 20:
            return chr(0x2460 + number - 1)
        case "ideographTraditional" if 1 <= number <= 10:
            return STEMS[number - 1]
        case "ideographZodiac" if 1 <= number <= 12:
            return BRANCHES[number - 1]
        case "lowerLetter" | "upperLetter" if 1 <= number <= LETTERED:
            letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letter.upper() if form == "upperLetter" else letter
        case "lowerRoman" | "upperRoman" if 1 <= number < 4000:
            return _roman(number).upper() if form == "upperRoman" else _roman(number)
    return str(number)


def _chinese(number: int) -> str:
    if not 0 < number < 10_000:
        return str(number)
    text, pending = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if pending else "") + DIGITS[digit] + name
        pending = bool(text) and not digit
    return text.removeprefix("一") if 10 <= number < 20 else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _level(item: etree._Element) -> tuple[int, Level]:
    form, pattern = _value(item, "numFmt") or "decimal", _value(item, "lvlText") or ""
    return integer(attribute(item, "ilvl"), 0), Level(
        _start(item, "start"), form, pattern[:LONGEST], child(item, "isLgl") is not None
    )


def _start(item: etree._Element, name: str) -> int:
    return min(integer(_value(item, name), 0), HIGHEST)


def _reference(item: etree._Element) -> tuple[str | None, int | None]:
    """The list and level that the properties of a paragraph or style name."""
    properties = child(item, "pPr")
    reference = child(properties, "numPr") if properties is not None else None
    if reference is None:
        return None, None
    return _value(reference, "numId"), integer(_value(reference, "ilvl"), 0)


def _children(item: etree._Element, name: str) -> list[etree._Element]:
    return [member for member in item if local(member.tag) == name]


def _value(item: etree._Element, name: str) -> str | None:
    found = child(item, name)
    return attribute(found, "val") if found is not None else None
