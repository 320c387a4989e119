"""What a row or a cell is, by the vocabulary of data/labels.yml: a title, a heading, a header row, furniture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from builder.model import Cell, Row
from builder.settings import Settings
from builder.settings.vocabulary import Label
from builder.text import fold, is_number, label_key

LONGEST_HEADING = 24
_WIDE = re.compile(r"[：:]\s*[\u4e00-\u9fff]\n\w|[年月]\n[月日]")
_COLON = re.compile("[：:]")
# Where the seal goes: 填报单位：（盖章）某局.
_SEAL = re.compile("^[(（](?:盖|公|签)章[)）]\\s*")
_UNIT_AT_END = re.compile(r"(?P<front>.{1,24}?)\s+(?P<heading>\S{0,4}单位)[：:]\s*(?P<value>[亿万]?元)")


def is_title(row: Row, settings: Settings) -> bool:
    """Whether the row is the title of a form: its first cell, folded, ends in one of the known titles."""
    return 0 < len(row.filled) <= 2 and settings.ends_as_title[row.filled[0].text]


def is_header(row: Row, settings: Settings) -> bool:
    """Whether the row is the header of an indicator table: the columns of a name and a target, or three known columns,
    one of them of these two."""
    return len(row.filled) > 1 and head_indicators(indicator_fields(row, settings))


def indicator_fields(row: Row, settings: Settings) -> list[str]:
    """The fields that the cells of a row would head as columns of indicators."""
    find = settings.indicator.find
    return [label.field for cell in row.filled if (label := find(cell.text)) is not None]


def head_indicators(fields: Sequence[str]) -> bool:
    """Whether columns of these fields are those of indicators."""
    if not fields:
        return False
    promised = ("name" in fields) + ("target" in fields)
    return promised == 2 or (promised == 1 and len(fields) >= 3)


def is_section(text: str, settings: Settings) -> bool:
    """Whether the text is a heading that only groups others."""
    return settings.is_section[text]


def is_sum(text: str, settings: Settings) -> bool:
    """Whether the text says that a printed sum stands beside it: 合计, 总分值."""
    return fold(text) in settings.catalogue_totals


def is_heading(text: str, settings: Settings) -> bool:
    """Whether the text is a heading in any context."""
    known = settings.form.find(text) or settings.indicator.find(text) or settings.catalogue.find(text)
    return known is not None or is_section(text, settings)


def is_furniture(row: Row, settings: Settings) -> bool:
    """Whether the row is declared not to be content: a page number, a year under a title, a web page's footer."""
    if len(row.filled) != 1 or not settings.is_furniture[row.filled[0].text]:
        return False
    return row.table is None or not is_number(row.filled[0].text)


def is_index(row: Row, settings: Settings) -> bool:
    """Whether a row of several cells is declared not to be content, by a pattern with ``|`` between them: 索引号|0031."""
    pattern = index_begun(row, settings)
    return pattern is not None and pattern.fullmatch("|".join(fold(cell.text) for cell in row.filled)) is not None


def index_begun(row: Row, settings: Settings) -> re.Pattern[str] | None:
    """The pattern of an index that the first of several cells begins, if any: 索引号, 名称."""
    if len(row.filled) < 2:
        return None
    first = fold(row.filled[0].text[:LONGEST_HEADING]) + "|"
    return next((pattern for pattern in _of_several_cells(settings.furniture) if pattern.match(first)), None)


@cache
def _of_several_cells(patterns: tuple[re.Pattern[str], ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(pattern for pattern in patterns if r"\|" in pattern.pattern)


def is_set_wide(before: str, text: str) -> bool:
    """Whether a single character only goes on with what stands before it: 填报人：陈 | 晨, 填报日期：2024年 | 月 | 日."""
    return len(text) == 1 and text.isalpha() and _WIDE.search(f"{before[-9:]}\n{text}") is not None


@dataclass(frozen=True, slots=True)
class Inline:
    """A heading and its value printed in one cell."""

    label: Label
    heading: str
    value: str


def inline(cell: Cell, settings: Settings) -> list[Inline]:
    """Headings with their values in one cell: ``联系人：张三  联系电话：40232529`` → two pairs. Empty if none."""
    if _COLON.search(cell.text, 0, 2 * LONGEST_HEADING) is None:
        return []
    text = cell.text.strip().lstrip("*★")
    text = text.strip("()（）") if text[:1] in "(（" else text
    # The first heading begins the cell; in prose, which is most of what holds a colon, there is none to look for.
    if _COLON.search(text, 0, LONGEST_HEADING + 1) is None:
        return []
    found: list[tuple[int, int, Label]] = []
    begin = 0
    for colon in (mark.start() for mark in _COLON.finditer(text)):
        for start in range(max(begin, colon - LONGEST_HEADING), colon) if found else range(1):
            if start in (0, begin) or text[start - 1].isspace() or text[start - 1] in "；;，,、":
                label = settings.form.exact.get(label_key(text[start:colon]))
                if label is not None:
                    found.append((start, colon, label))
                    begin = colon + 1
                    break
        if not found:
            return _unit_at_end(cell.text.strip(), settings)
    ends = [start for start, _, _ in found[1:]] + [len(text)]
    return [
        Inline(label, text[start:colon], _SEAL.sub("", text[colon + 1 : end].strip("：: \u3000\n")))
        for (start, colon, label), end in zip(found, ends, strict=True)
    ]


def _unit_at_end(text: str, settings: Settings) -> list[Inline]:
    """The unit of money that stands behind what is no content: ``公开05表    金额单位：万元``."""
    found = _UNIT_AT_END.fullmatch(text)
    if found is None or not settings.is_furniture[found["front"]]:
        return []
    label = settings.form.exact.get(label_key(found["heading"]))
    return [Inline(label, found["heading"], found["value"])] if label is not None else []
