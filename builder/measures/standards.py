"""The standards that a form's own text prints: so much money a head, a month, a mu; each with the words around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from builder.dataset.rows import Indicator, Project
from builder.model import Line

# 946元/人/月, 每人每月100元, 10780 元/套. 万元/年 is a total and no standard.
_EACH = "人|月|天|户|亩|套|座|辆|次|学期|生|床|公里|平方米|吨|件|例|份|头|只|标箱"
_STANDARD = re.compile(
    rf"\d[\d,.]*\s*元\s*(?:/|／|每)\s*(?:{_EACH})(?:[·/／]?\s*(?:次|年|月|天))?"
    rf"|每(?:{_EACH})(?:每(?:{_EACH}|年))?[^，。；、\s\d]{{0,4}}\d[\d,.]*\s*元"
)
# A quotation begins after one of these, so that what the money is for is quoted too.
_CLAUSE = re.compile(r"[，、。；：:;,\t]")
LONGEST = 36
MOST = 4


@dataclass(frozen=True, slots=True)
class Standard:
    """``text`` is quoted as printed, on ``line``."""

    text: str
    line: int


def of(project: Project, indicators: Sequence[Indicator], lines: Sequence[Line]) -> tuple[Standard, ...]:
    """The standards printed within a form, in its order, each once: first those in its prose, then in its indicators.

    A quotation is a run within one printed line; nothing is put together from two.
    """
    found: dict[str, int] = {}
    of_indicators = {row.line for row in indicators}
    for line in lines:
        clause = 0
        for match in _STANDARD.finditer(line.text) if line.number not in of_indicators and len(found) < MOST else ():
            clause = max((mark.end() for mark in _CLAUSE.finditer(line.text, clause, match.start())), default=clause)
            begin = clause if match.end() - clause <= LONGEST else match.start()
            found.setdefault(" ".join(line.text[begin : match.end()].split()), line.number)
    for row in indicators:
        unit = row.unit or ""
        if unit.startswith("元/") and row.target_value:
            found.setdefault(f"{row.name} {row.comparison_as_filed or ''} {row.target_as_filed} {unit}", row.line)
    return tuple(Standard(text, line) for text, line in list(found.items())[:MOST])
