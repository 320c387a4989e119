"""What a project promises, in one line, and how that line was chosen: one printed indicator, else the goal's first clause.

The rule and its words are ``data/promises.yml``. Nothing is added up and nothing is converted: the number and its unit
are those of one printed line, to which the promise leads.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar

from builder import words
from builder.dataset.kinds import has
from builder.dataset.rows import Indicator, Project, Tables, UnitRow, group
from builder.measures import terms
from builder.settings.answers import PromiseRules
from builder.text import fold

Found = TypeVar("Found")
Chosen = Literal["override", "core", "weight", "goal"]
MULTIPLES = {Decimal(10_000): "万", Decimal(100_000_000): "亿"}
# Characters that a name must keep when its ending goes.
SHORTEST_NAME = 4

_SENTENCE = re.compile(r"[。；;！!\n]")
# 1. 一是 （一） before the first clause of a goal.
_ENUMERATION = re.compile(r"^\s*(?:[（(]?[0-9一二三四五六七八九十]+[)）.、．]|[0-9]+\.|一是)\s*")


@dataclass(frozen=True, slots=True)
class Promise:
    """``text`` is the line; ``indicator`` is the one it tells, None where it is the goal's clause."""

    text: str
    chosen: Chosen
    indicator: Indicator | None


def find(tables: Tables, rules: PromiseRules) -> dict[str, Promise]:
    """The promise of each project that makes one that can be told."""
    return _of_each(tables, rules, of)


def carrying(tables: Tables, rules: PromiseRules) -> dict[str, Indicator]:
    """Of each project the one count that carries its money, where there is such a count."""
    return _of_each(tables, rules, carrier)


def _of_each(
    tables: Tables,
    rules: PromiseRules,
    look: Callable[[Project, Sequence[Indicator], Mapping[str, UnitRow], PromiseRules], Found | None],
) -> dict[str, Found]:
    indicators = group(tables.indicators, lambda row: row.project_id)
    units = {row.unit: row for row in tables.units}
    found = ((row.project_id, look(row, indicators.get(row.project_id, ()), units, rules)) for row in tables.projects)
    return {key: one for key, one in found if one is not None}


def carrier(
    project: Project, indicators: Sequence[Indicator], units: Mapping[str, UnitRow], rules: PromiseRules
) -> Indicator | None:
    """The count by which a project's money may be divided; None where what comes out would say nothing.

    It is the form's only count, no indicator weighs more, its unit says what is counted, its name and the project's
    share an object (居民医保 in 街镇居民医保工作经费 and 城乡居民医保参保人数), and the goal names no second purpose: 应急管理发展
    promises 20 people trained besides much else, so 12 万元 a head would be nonsense.
    """
    carries = rules.carries
    own = terms.own(indicators)
    counts = [row for row in own if is_countable(row, units, rules)]
    if len(counts) != 1 or has(project.goal or "", carries.enumerations):
        return None
    (row,) = counts
    heaviest = all((other.weight or Decimal(0)) <= (row.weight or Decimal(0)) for other in own)
    says_what = units[row.unit or ""].canonical not in carries.vague and (row.target_value or 0) >= carries.fewest
    objects = re.split("|".join(map(re.escape, carries.generic)), fold(project.name))
    name = fold(row.name)
    shared = any(
        part[at : at + carries.shared] in name for part in objects for at in range(len(part) - carries.shared + 1)
    )
    return row if heaviest and says_what and shared else None


def of(
    project: Project, indicators: Sequence[Indicator], units: Mapping[str, UnitRow], rules: PromiseRules
) -> Promise | None:
    """One project's promise; None where it prints neither a countable indicator nor a goal.

    核心 危房改造数量 = 116 户 → ``危房改造 116 户``; 培训人数 ≥ 400 人 → ``培训不少于 400 人``.
    """
    preferred = {override.indicator for override in rules.overrides}
    if (row := next((row for row in indicators if row.indicator_id in preferred), None)) is not None:
        return Promise(told(row, units, rules), "override", row)
    counting = [row for row in terms.own(indicators) if is_countable(row, units, rules)]
    core = [row for row in counting if row.is_core]
    if counting:
        row = min(core or counting, key=lambda row: _rank(row, units, rules))
        return Promise(told(row, units, rules), "core" if core else "weight", row)
    clause = first_clause(project.goal or "", rules.longest_goal)
    return Promise(clause, "goal", None) if clause else None


def is_countable(row: Indicator, units: Mapping[str, UnitRow], rules: PromiseRules) -> bool:
    """Whether the target is a number above zero to be reached, of something that can be counted."""
    name, unit = fold(row.name), units.get(row.unit or "")
    return (
        row.comparison in terms.AT_LEAST
        and bool(row.target_value)
        and unit is not None
        and unit.dimension in rules.units
        # 检测率 20 家 says two things at once.
        and not name.endswith("率")
        and not has(name, rules.not_)
    )


def _rank(row: Indicator, units: Mapping[str, UnitRow], rules: PromiseRules) -> tuple[Decimal, bool, int, int]:
    dimensions: Sequence[str | None] = rules.units
    unit = units[row.unit or ""]
    of_people = unit.canonical in rules.people
    return (-(row.weight or Decimal(0)), not of_people, dimensions.index(unit.dimension), row.position)


def told(row: Indicator, units: Mapping[str, UnitRow], rules: PromiseRules) -> str:
    """An indicator in one line, its number as printed and its unit in the usual spelling (``万人（次）`` → 万人次)."""
    unit = units.get(row.unit or "")
    spelled = row.unit if unit is None else MULTIPLES.get(unit.factor, "") + unit.canonical
    if unit is not None and unit.dimension is None:
        spelled = row.unit
    amount = words.promise(row.comparison, row.target_as_filed, row.target_value, spelled)
    # 建设中心3个, 3 个: the name says it already.
    if row.target_value is not None and fold(row.name).endswith(fold(f"{words.number(row.target_value)}{row.unit}")):
        return row.name
    name = _without_ending(row.name, rules.endings)
    return f"{name}{_after(name, amount.removeprefix('等于 '))}"


def _without_ending(name: str, endings: Iterable[str]) -> str:
    """The longest ending goes where enough is left to read: 危房改造数量 → 危房改造, but 培训人数 stays."""
    for ending in sorted(endings, key=len, reverse=True):
        if name.endswith(ending) and len(name) >= len(ending) + SHORTEST_NAME:
            return name.removesuffix(ending).rstrip("的")
    return name


def _after(name: str, amount: str) -> str:
    return amount if name[-1:] in "）)" and not amount[0].isdigit() else f" {amount}" if amount[0].isdigit() else amount


def first_clause(goal: str, longest: int) -> str:
    """The first sentence of a goal without its number, cut at a comma where it is longer than ``longest``."""
    sentence = next((part.strip() for part in _SENTENCE.split(_ENUMERATION.sub("", goal)) if part.strip()), "")
    if len(sentence) <= longest:
        return sentence
    comma = max(sentence.rfind(mark, 0, longest) for mark in "，、,")
    return f"{sentence[: comma if comma > longest // 3 else longest]}……"
