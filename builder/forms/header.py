"""The header of an indicator table → the field of each column; what the words leave open, the rows settle."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from builder.forms.cells import LEVELS, REQUIRED, fits, types
from builder.forms.headings import head_indicators, indicator_fields, is_section
from builder.forms.table import Column, Heading, Table, above_names, stacked
from builder.model import Row
from builder.settings import Settings
from builder.settings.vocabulary import Label
from builder.text import bracket_unit, fold

# Columns that hold anything: ``note`` is kept beside its indicator, ``aside`` beside the form.
LOOSE = frozenset({"note", "aside"})
MOST_DISPUTED = 5
YEAR = re.compile(r"(?:19|20)\d{2}年?度?")


@dataclass(frozen=True, slots=True)
class Sides:
    """What stands left and right where a form prints its year beside a longer time: the columns, and the other's name.

    One column for both says that the whole table is of the longer time.
    """

    year: int
    other: int
    name: str


def headings(rows: Sequence[Row], at: int, settings: Settings) -> tuple[Heading, ...]:
    """The headings of the indicator table that begins at row ``at``, of one row or two; empty if none begins there."""
    row, lower = rows[at], rows[at + 1] if at + 1 < len(rows) else None
    known = indicator_fields(row, settings)
    if "target" in known and (found := _spread(row, lower, settings)):
        return found
    if len(row.filled) < 2 or not head_indicators(known):
        return ()
    below = stacked(row, lower) if lower is not None else ()
    divided = any(len(heading.cells) > 1 and meaning(heading, settings) is not None for heading in below)
    # 2022年 | 2023年 under 近两年指标值 is no indicator, whether we know what they head or not.
    in_years = lower is not None and all(YEAR.fullmatch(fold(cell.text)) for cell in lower.filled)
    return below if divided or (below and in_years) else _with_name(row, known, settings)


def _with_name(row: Row, known: Sequence[str], settings: Settings) -> tuple[Heading, ...]:
    """The headings of one row. 绩效指标 right of a level heads the names where nothing else does; in the margin it is a
    section: 一级指标 | 二级指标 | 绩效指标 | 指标值."""
    found = [Heading((cell,)) for cell in row.filled]
    for place, (left, cell) in enumerate(pairwise(row.filled), 1):
        label = settings.indicator.find(left.text)
        if "name" not in known and label is not None and label.field in LEVELS and is_section(cell.text, settings):
            found[place] = Heading((cell,), "name")
    return tuple(found)


def _spread(row: Row, lower: Row | None, settings: Settings) -> tuple[Heading, ...]:
    """The headings of a row of which one spans the levels, as the first row of the body shows; empty if none does.

    指标类型 |          | 指标名称 | 指标值            绩效指标 |          |          | 指标值
    产出指标 | 数量指标 | 建成间数 | 3间               产出指标 | 数量指标 | 建成间数 | 3间
    """
    labels = [settings.indicator.find(cell.text) for cell in row.filled]
    fields = [label.field if label is not None else None for label in labels]
    if lower is None or not lower.filled or not {*LEVELS}.isdisjoint(fields):
        return ()
    found: list[Heading] = []
    spread = ("level1", "level2") if "name" in fields else ("level1", "level2", "name")
    ends = [*(cell.column for cell in row.filled[1:]), lower.filled[-1].column + 1]
    for cell, end in zip(row.filled, ends, strict=True):
        under = [below for below in lower.filled if cell.column <= below.column < end]
        if len(under) == len(spread) and all(
            fits(name, below.text, tokens=settings.tokens) for name, below in zip(spread, under, strict=True)
        ):
            found += [Heading((cell._replace(column=at.column),), name) for at, name in zip(under, spread, strict=True)]
        else:
            found.append(Heading((cell,)))
    return tuple(found) if len(found) > len(row.filled) else ()


def meaning(heading: Heading, settings: Settings) -> Label | None:
    """What a heading means by what stands below it or by its own words, else by those over it and its own: 指标值 over
    2025年 is 指标值2025年. What divides an explanation is one too."""
    if heading.field is not None:
        return Label(heading.field, "text", False)
    own = settings.indicator.find(heading.own.text)
    if own is not None or len(heading.cells) == 1:
        return own
    over = settings.indicator.find(heading.cells[0].text)
    kept = over if over is not None and over.field == "note" else None
    return settings.indicator.find(heading.text) or kept


def table(found: Sequence[Heading], body: Sequence[Row], sides: Sides | None, title: str, settings: Settings) -> Table:
    """The table under these headings; a column that cannot be settled has no field."""
    labels = [meaning(heading, settings) for heading in found]
    shown = [
        (heading, label)
        for heading, label in zip(found, labels, strict=True)
        if label is not None or not is_section(heading.own.text, settings)
    ]
    found, labels = [heading for heading, _ in shown], [label for _, label in shown]
    fields = _without_doubles(found, labels, title)
    fields = _without_other_side(_without_weak(found, labels, fields, title), sides)
    fields = _without_disputes(found, labels, fields, body, settings)
    if sides is not None and sides.year == sides.other:
        fields = [name and "aside" for name in fields]
    columns = tuple(
        Column(
            heading.own.column,
            name,
            f"{sides.name}：{heading.text.strip()}" if name == "aside" and sides else heading.text,
            bracket_unit(heading.text),
        )
        for heading, name in zip(found, fields, strict=True)
    )
    return _table(columns, settings)


def _table(columns: tuple[Column, ...], settings: Settings) -> Table:
    key = "name" if any(column.field == "name" for column in columns) else None
    return Table(columns, types(settings.tokens), key, frozenset(REQUIRED), LOOSE)


def _without_doubles(found: Sequence[Heading], labels: Sequence[Label | None], title: str) -> list[str | None]:
    """The fields by the words: where two are of one field, a spelling that only counts alone yields and becomes a note.

    三级指标 | 指标内容 | 指标值          指标内容 explains 三级指标; without it, it would be the name
    三级指标 | 2025年  | 2026年           under a title of 2026 the column of 2026 is the target
    """
    fields = [label.field if label else None for label in labels]
    for place in above_names([label.field if label and not label.weak else None for label in labels]):
        fields[place] = "note"
    for name in {field for field in fields if field and fields.count(field) > 1}:
        places = [place for place, field in enumerate(fields) if field == name]
        strong = [place for place in places if (label := labels[place]) and not label.weak]
        if not strong:
            strong = [place for place in places if _year_of(found[place].text) and _year_of(found[place].text) in title]
        if len(strong) == 1:
            for place in places:
                if place != strong[0]:
                    fields[place] = "note"
    return fields


def _without_weak(
    found: Sequence[Heading], labels: Sequence[Label | None], fields: list[str | None], title: str
) -> list[str | None]:
    """The fields; a spelling that only counts alone yields to a heading that nobody knows, which may be the better one.
    A target of the title's year is the year's whatever stands beside it."""
    if None not in labels:
        return fields
    return [
        "note"
        if label is not None
        and label.weak
        and (name == "name" or (name == "target" and (year := _year_of(heading.text)) and year not in title))
        else name
        for heading, label, name in zip(found, labels, fields, strict=True)
    ]


def _year_of(text: str) -> str:
    return next(
        (text[at : at + 4] for at in range(len(text)) if text[at : at + 2] == "20" and text[at : at + 4].isdecimal()),
        "",
    )


def _without_other_side(fields: list[str | None], sides: Sides | None) -> list[str | None]:
    """Two blocks of the same columns side by side: those of the longer time are set aside, the first level is shared.

    中期目标 ‖ 年度目标
    一级指标 二级指标 三级指标 指标值 ‖ 二级指标 三级指标 指标值
                             → level1 aside aside aside ‖ level2 name target
    """
    if sides is None or fields.count("name") != 2 or fields.count("target") != 2:
        return fields
    second = next(at for at, name in enumerate(fields) if name and name != "note" and name in fields[:at])
    left, right = fields[:second], fields[second:]
    if not {"name", "target"} <= set(left) & set(right):
        return fields
    shared = [name for name in left if name in ("level1", "ordinal") and name not in right]
    other = left if sides.other < sides.year else right
    aside = [name if name in shared or name is None else "aside" for name in other]
    return [*aside, *right] if other is left else [*left, *aside]


def _without_disputes(
    found: Sequence[Heading],
    labels: Sequence[Label | None],
    fields: Sequence[str | None],
    body: Sequence[Row],
    settings: Settings,
) -> list[str | None]:
    """Headings printed twice or cut short, settled by the rows if exactly one way makes them all fit.

    指标名称 | 指标值 | 指标值 | 权重    over    满意度 | ≥ | 95 | 10
                                        → name, comparison, target, weight: the first 指标值 stands for 指标性质
    """
    known = [name for name in fields if name]
    single = [name for name in known if name not in LOOSE]
    if len(known) == len(fields) and len(single) == len(set(single)):
        return list(fields)
    missing = [name for name in REQUIRED if name not in known]
    options: list[list[str | None]] = []
    for heading, label, name in zip(found, labels, fields, strict=True):
        if name and name not in LOOSE and known.count(name) > 1:
            options.append([name, *missing])
        elif label is not None:
            options.append([name])
        else:
            options.append([*sorted(settings.indicator.cut_short(heading.own.text) - set(known)), None])
    if sum(len(names) > 1 for names in options) > MOST_DISPUTED:
        return list(fields)
    ways: list[tuple[str | None, ...]] = []
    for way in product(*options):
        single = [name for name in way if name and name not in LOOSE]
        if len(single) == len(set(single)) and "name" in single:
            ways.append(way)
    settled = max((sum(name is not None for name in way) for way in ways), default=0)
    best = [way for way in ways if sum(name is not None for name in way) == settled]
    if len(best) > 1:
        best = [way for way in best if body and _all_fit(found, way, body, settings)]
    return list(best[0]) if len(best) == 1 else list(fields)


def _all_fit(found: Sequence[Heading], way: Sequence[str | None], body: Sequence[Row], settings: Settings) -> bool:
    columns = (Column(heading.own.column, name) for heading, name in zip(found, way, strict=True))
    tried = _table(tuple(columns), settings)
    return all(tried.place(row.filled) for row in body)


def is_disputed(table: Table) -> bool:
    """Whether two columns of the table claim one field: then no row of it can be read."""
    single = [column.field for column in table.columns if column.field and column.field not in LOOSE]
    return len(single) > len(set(single))


def may_name(table: Table, rows: Sequence[Row]) -> bool:
    """Whether a heading that nobody knows may be the one of the names: it stands right of theirs, and a row that has none
    has a cell under it, as 四级指标 has below a merged 三级指标."""
    names = [column.index for column in table.columns if column.field == "name"]
    targets = [column.index for column in table.columns if column.field in ("comparison", "target")]
    if not names or not targets:
        return False
    strange = {column.index for column in table.columns if not column.field and names[-1] < column.index < min(targets)}
    places = [{cell.column for cell in row.filled} for row in rows] if strange else []
    return any(strange & filled and names[-1] not in filled for filled in places)


def levels_of(table: Table) -> frozenset[str]:
    """The levels that the table has a column for."""
    return frozenset(column.field for column in table.columns if column.field in LEVELS)
