"""What indicators, units and documents are, by the words of ``data/kinds.yml``, ``wording.yml`` and ``lookups/units.yml``."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from builder.dataset.rows import Indicator, Project, Result, Score, UnitRow
from builder.model import Document
from builder.settings.kinds import IndicatorKinds, Kinds, Unit
from builder.settings.wording import WordLists
from builder.text import base, fold

MONEY = "元"
_IN_BRACKETS = re.compile(r"[（(]\s*([^（()）]{1,8}?)\s*[)）]$")


def kind(row: Indicator | Score, kinds: IndicatorKinds, words: WordLists) -> tuple[str, str]:
    """The kind of an indicator, and whether the form prints it (``printed``) or its name tells (``by_name``).

    A printed level 1 decides before a level 2, and both before the name: 产出指标, 数量指标, 群众满意度 is an output.
    """
    for level in (row.level1, row.level2):
        for code, found in kinds.printed.items():
            if level is not None and has(fold(level), found):
                return code, "printed"
    name = fold(row.name)
    if names_satisfaction(name, words):
        return "satisfaction", "by_name"
    if names_cost(name, row.unit, words):
        return "cost", "by_name"
    if name.endswith(kinds.output_endings):
        return "output", "by_name"
    return ("benefit" if has(name, kinds.benefit_words) else "other"), "by_name"


def names_satisfaction(name: str, words: WordLists) -> bool:
    """Whether a folded name is that of a satisfaction indicator: 群众满意度 and 满意率 are, 满意度调查报告数 counts
    reports and is none."""
    return has(name, words.satisfaction) and not name.endswith(words.satisfaction_not)


def names_cost(name: str, unit: str | None, words: WordLists) -> bool:
    """Whether a folded name speaks of cost, or of a standard, fee or limit that is in money."""
    return has(name, words.cost) or (MONEY in (unit or "") and has(name, words.cost_in_money))


def has(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


def unit_id(unit: str, known: Mapping[str, Unit]) -> str:
    """The spelling that stands for a unit as printed, without its 万 or 亿: ``万人/次`` → ``人次``."""
    single = base(Decimal(1), unit)[1] or unit
    found = known.get(fold(single))
    return found.canonical if found else single


def unit_at_end(name: str, known: Mapping[str, Unit]) -> str | None:
    """The unit that a name carries in brackets, if it is a known one: ``造林面积（万亩）`` → ``万亩``."""
    found = _IN_BRACKETS.search(name)
    if found is None:
        return None
    single = (base(Decimal(1), found[1])[1] or "").partition("/")[0]
    return found[1] if fold(single) in known else None


def units(printed: Iterable[str], known: Mapping[str, Unit]) -> tuple[UnitRow, ...]:
    """Each unit as printed: what it is, what it measures, and how many of that it stands for (``万亩`` → 10,000)."""
    rows = []
    for unit in sorted(set(printed)):
        canonical = unit_id(unit, known)
        found = known.get(fold(canonical))
        dimension = found.dimension if found else "ratio" if "/" in canonical else None
        factor, single = base(Decimal(1), unit)
        rows.append(UnitRow(unit, canonical, dimension, factor if single else Decimal(1)))
    return tuple(rows)


def scope(document: Document, projects: Sequence[Project | Result], kinds: Kinds) -> str:
    """Which projects a document holds, which decides what its sums mean."""
    if document.scope is not None:
        return document.scope
    departments = {project.department_id for project in projects} - {None}
    if len(departments) < 2:
        return "one_department" if departments else "unknown"
    return "key_projects" if has(fold(document.title), kinds.documents.key_projects) else "several_departments"


def obtained_as(document: Document) -> str:
    """Governments publish no text files: one that we hold was made of the original."""
    return document.obtained_as or ("text_of_original" if document.media_type == "text/plain" else "original")
