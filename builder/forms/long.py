"""A long table, one row an indicator and many projects under one header → the rows of a form for each project.

The annex of 部门预算公开 in 四川, 云南 and elsewhere; each project becomes

    单位名称 | 项目名称 | 预算数 | 年度目标 | 一级指标 | … | 指标值         单位名称 | 乡政府
    乡政府   | 甲       | 20     | 修三处   | 产出指标 | … | 3             项目名称 | 甲  …
             |          |        |          | 效益指标 | … | 90     →      一级指标 | … | 指标值
             | 乙       | 5      | …                                       产出指标 | … | 3
                                                                           效益指标 | … | 90

Levels may stand side by side, as in the annex of 河南; then each is a table of its own in the form:

    项目单位（项目名称） | 项目金额 | 绩效目标 |        |          |               项目名称 | 甲
                         | 资金总额 | 产出指标 |        | 效益指标 |               一级指标 | 三级指标 | 指标值
                         |          | 三级指标 | 指标值 | 三级指标 | 指标值   →   产出指标 | 修路     | 3公里
    乡政府               | 20       |          |        |          |               一级指标 | 三级指标 | 指标值
    甲                   | 20       | 修路     | 3公里  | 通车率   | 90%           效益指标 | 通车率   | 90%

The cells are those of the table, so that one reader serves both and the ledger knows each of them.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Protocol

from builder.forms import header
from builder.forms.form import SUMS, Segment
from builder.forms.headings import inline, is_furniture, is_heading, is_index, is_sum, is_title
from builder.forms.ledger import Ledger
from builder.forms.table import Heading, divided, stacked
from builder.model import Cell, Filed, Row, Stated
from builder.settings import Settings
from builder.settings.vocabulary import Label
from builder.text import bracket_unit, fold, if_decimal, is_number, label_key

# Whose projects follow: a cell of these holds for the projects below it that print none.
OWNERS = frozenset({"department", "implementing_unit", "reporting_unit"})
LEVEL = "一级指标"
AMOUNTS = SUMS | {"adjusted"}
PROMISED = frozenset({"level1", "level2", "name", "target"})
_AND = re.compile("[、/和及]")
# 项目单位(项目名称), and 单位(专项)名称 for 单位名称 and 专项名称.
_OTHER = re.compile(r"(?P<unit>[^()]+)\((?P<project>[^()]+)\)(?P<of>[^()]*)")
# What a heading may be of which a second part in brackets is of the project.
OF_UNIT = OWNERS | {"attribute"}


@dataclass(slots=True)
class Header:
    """The columns of a long table: those of the projects with their headings, and those of the indicators.

    ``both`` is the column of 单位名称、项目名称, in which a unit stands in a row of its own over its projects, and the
    heading of the unit. ``groups`` are the levels side by side, each with its columns; then ``indicators`` is empty.
    """

    rows: tuple[Row, ...]
    project: dict[int, tuple[Cell, Label | None]]
    indicators: tuple[Heading, ...]
    groups: tuple[tuple[Cell, tuple[Heading, ...]], ...] = ()
    both: tuple[int, Cell] | None = None

    @property
    def promised(self) -> tuple[Heading, ...]:
        return self.indicators + tuple(heading for _, group in self.groups for heading in group)

    def field(self, column: int) -> str:
        _, label = self.project.get(column, (None, None))
        return label.field if label is not None else ""


@dataclass(slots=True)
class Project:
    """The cells of one project: those of its own columns, and its indicator rows."""

    line: int
    cells: dict[int, list[Cell]]
    unit: Cell | None
    rows: list[Row] = field(default_factory=list)


class LongWords(Protocol):
    """What the words over a long table mean: one of promises, or one of what came of them."""

    @property
    def settings(self) -> Settings: ...

    def column(self, heading: Heading) -> str:
        """The field of a column of indicators; empty for any other."""

    def of_project(self, text: str) -> Label | None:
        """What a heading gives a project."""

    def is_table(self, projects: Set[str], columns: Sequence[str]) -> bool:
        """Whether columns of these fields, of projects and of indicators, make a long table."""

    def form(self, head: Header, cells: Sequence[tuple[Cell, Cell | None]], ledger: Ledger) -> Iterator[Row]:
        """The rows that a project's headings and their values make, and the header of its indicators."""


@dataclass(frozen=True, slots=True)
class Promises:
    """The words over a long table of targets."""

    settings: Settings

    def column(self, heading: Heading) -> str:
        label = header.meaning(heading, self.settings)
        return label.field if label else ""

    def of_project(self, text: str) -> Label | None:
        return self.settings.form.find(text)

    def is_table(self, projects: Set[str], columns: Sequence[str]) -> bool:
        promised = {"name", "target"}.intersection(columns)
        needed = 3 if columns.count("name") > 1 else 4
        return bool(promised) and len({*columns} - {""}) + len(promised) >= needed

    def form(self, head: Header, cells: Sequence[tuple[Cell, Cell | None]], ledger: Ledger) -> Iterator[Row]:
        yield from (Row((heading, value)) for heading, value in cells if value is not None)
        yield from (Row((heading,)) for heading, value in cells if value is None)
        if head.indicators:
            yield from _headed(head.indicators, self.settings, ledger)


def find(rows: Sequence[Row], at: int, words: LongWords) -> Header | None:
    """The header of a long table at row ``at``: columns of indicators and, left of them, one of project names."""
    row = rows[at]
    if len(row.filled) < 3:
        return None
    # Every cell of a header is a heading: the first and the last tell most rows from one.
    if words.of_project(row.filled[0].text) is None and not words.column(Heading(row.filled[-1:])):
        return None
    if not any(_of_project(cell, words)[0] == "name" for cell in row.filled):
        return None
    below = stacked(row, rows[at + 1]) if at + 1 < len(rows) else ()
    twice = divided(below, rows[at + 2]) if below and at + 2 < len(rows) else ()
    for height, found in ((3, twice), (2, below), (1, tuple(Heading((cell,)) for cell in row.filled))):
        if (head := _header(rows[at : at + height], found, words)) is not None:
            return head
    return None


def _header(rows: Sequence[Row], found: Sequence[Heading], words: LongWords) -> Header | None:
    """The header that some headings make, if they are those of a long table."""
    fields = [words.column(heading) for heading in found]
    first = next((place for place, name in enumerate(fields) if name in PROMISED), len(fields))
    project: dict[int, tuple[Cell, Label | None]] = {}
    indicators: list[Heading] = []
    both = None
    for place, heading in enumerate(found):
        if place < first or (not fields[place] and words.of_project(heading.own.text) is not None):
            name, own, unit = _of_project(heading.own, words)
            over = next((one for cell in heading.cells[:-1] if (one := bracket_unit(cell.text))), None)
            if over is not None and bracket_unit(own.text) is None:
                own = own._replace(text=f"{own.text}（{over}）")
            project[heading.own.column] = own, words.of_project(own.text)
            if name == "name" and unit is not None:
                both = heading.own.column, unit
        else:
            indicators.append(heading)
    of_projects = {label.field for _, label in project.values() if label}
    if "name" not in of_projects or not words.is_table(of_projects, fields[first:]):
        return None
    groups = _groups(indicators, words.settings)
    return Header(tuple(rows), project, () if groups else tuple(indicators), groups, both)


def _groups(indicators: Sequence[Heading], settings: Settings) -> tuple[tuple[Cell, tuple[Heading, ...]], ...]:
    """Levels side by side with the columns under each; none where a column stands under no level, or all under one."""
    groups: dict[Cell, list[Heading]] = {}
    for heading in indicators:
        level = next((cell for cell in heading.cells[:-1] if fold(cell.text) in settings.tokens.level1), None)
        if level is None:
            return ()
        groups.setdefault(level, []).append(Heading((heading.own,)))
    return tuple((level, tuple(columns)) for level, columns in groups.items()) if len(groups) > 1 else ()


def _of_project(cell: Cell, words: LongWords) -> tuple[str, Cell, Cell | None]:
    """The field that a heading gives a project, and that heading; and the heading for a unit, where it is for both.

    单位名称、项目名称 and 项目单位（项目名称） give a unit in its row and a project in its own.
    """
    label = words.of_project(cell.text)
    found = _OTHER.fullmatch(fold(cell.text).rstrip(":")) if "(" in cell.text or "（" in cell.text else None
    if found is not None:
        unit, project = found["unit"] + found["of"], found["project"] + found["of"]
        labels = words.of_project(unit), words.of_project(project)
        if labels[0] is not None and labels[1] is not None and labels[0].field in OF_UNIT:
            return labels[1].field, cell._replace(text=project), cell._replace(text=unit)
    if label is None:
        return "", cell, None
    parts = _AND.split(label_key(cell.text)) if label.field == "name" else []
    return label.field, cell, cell._replace(text=parts[0]) if len(parts) == 2 else None


Head = tuple[int, Header]
"""The first header of a long table among some rows, and where it stands."""


def joined(segments: Sequence[Segment], words: LongWords) -> list[tuple[Segment, Head | None]]:
    """The segments with their long tables; one that only goes on with the table of the one before, its title and header
    printed again, is part of that."""
    result: list[tuple[Segment, Head | None]] = []
    for segment in segments:
        found = ((at, find(segment.rows, at, words)) for at in range(len(segment.rows)))
        head = next(((at, one) for at, one in found if one is not None), None)
        if head is not None and result and _goes_on(segment, head, *result[-1]):
            result[-1][0].rows.extend(segment.rows)
        else:
            result.append((segment, head))
    return result


def _goes_on(segment: Segment, again: Head, before: Segment, head: Head | None) -> bool:
    if head is None or [row.text for row in head[1].rows] != [row.text for row in again[1].rows]:
        return False
    over = {row.text for row in before.rows[: head[0]]}
    return all(row.text in over for row in segment.rows[: again[0]])


def split(segment: Segment, head: Head, words: LongWords, ledger: Ledger) -> tuple[list[Segment], list[Stated]]:
    """A segment for each project of the long table that a segment holds, and the total that the table states.

    A header without a project gives none, and its cells stay open.
    """
    start = at = head[0]
    settings = words.settings
    readers: list[_Reader] = []
    while at < len(segment.rows):
        found = find(segment.rows, at, words)
        if found is None:
            readers[-1].read(segment.rows[at])
        elif readers and [row.text for row in readers[-1].head.rows] == [row.text for row in found.rows]:
            ledger.set_aside(cell for row in found.rows for cell in row.filled)
        else:
            over = {row.text for row in segment.rows[:start]}
            readers.append(_Reader(found, over, _promising(segment.rows[at:], found), words, ledger))
        at += len(found.rows) if found else 1
    preface = segment.rows[:start]
    shared = [row for row in preface if is_title(row, settings) or any(inline(cell, settings) for cell in row.filled)]
    segments: list[Segment] = []
    for reader in readers:
        for project in filter(reader.says_something, reader.without_sums()):
            rows = [*(shared if segments else preface), *reader.form(project)]
            segments.append(Segment(segment.title, segment.form_type, rows, project.line, kind=segment.kind))
    if segments:
        segments[-1].rows.extend(row for reader in readers for row in reader.tail)
    totals = [total for reader in readers for total in reader.totals]
    whole = [filed for is_whole, filed in totals if is_whole] or [filed for _, filed in totals]
    return segments, _stated(whole, shared, settings) if len(whole) == 1 else []


def _promising(rows: Sequence[Row], head: Header) -> Set[int | None]:
    """The tables that have a cell under the headings of the indicators. One that has none, on a page after the header's,
    does not go on with its columns: a sheet too wide for the paper is cut into pages of other columns."""
    columns = {heading.own.column for heading in head.promised} or {*head.project}
    return {row.table for row in rows if any(cell.column in columns for cell in row.filled)}


def _stated(totals: Sequence[Filed], shared: Sequence[Row], settings: Settings) -> list[Stated]:
    """The printed sum, in the unit of its heading or the one printed over the table."""
    over = [pair.value for row in shared for cell in row.filled for pair in inline(cell, settings)]
    units = filter(None, (bracket_unit(f"({text})") for text in over))
    return [Stated("total", filed._replace(unit=filed.unit or next(units, None))) for filed in totals]


class _Reader:
    """Tells the projects under one header apart, row by row."""

    def __init__(
        self, head: Header, over: Set[str], promising: Set[int | None], words: LongWords, ledger: Ledger
    ) -> None:
        self.head = head
        self.words = words
        self.promising = promising
        self.over = over
        """What stands over the table, as each page may print it again."""
        self.settings = words.settings
        self.ledger = ledger
        self.projects: list[Project] = []
        self.totals: list[tuple[bool, Filed]] = []
        """Printed sums, and whether they are those of the whole table."""
        self.tail: list[Row] = []
        self.owners: dict[int, Cell] = {}
        self.unit: Cell | None = None
        self.page = head.rows[0].page
        self.ended = False
        """Whether other columns follow: then no row stands under the headings any more."""
        own = [cell for cell, _ in head.project.values()] + [heading.own for heading in head.promised]
        places = {(cell.line, cell.column) for cell in own}
        for cell in (cell for row in head.rows[:-1] for cell in row.filled):
            if (cell.line, cell.column) not in places:
                ledger.take(cell)
        for cell, label in head.project.values():
            if label is None:
                ledger.report("label-unknown", cell.line, label=cell.text, actual=cell.text)
                ledger.give_up([cell])

    def read(self, row: Row) -> None:
        own = [cell for cell in row.filled if cell.column in self.head.project]
        promised = [cell for cell in row.filled if cell.column not in self.head.project]
        turned, self.page = row.page != self.page, row.page
        self.ended = self.ended or (bool(own) and all(is_heading(cell.text, self.settings) for cell in row.filled))
        furniture = is_furniture(row, self.settings) or is_index(row, self.settings)
        if row.text in self.over or furniture or _numbers(row):
            return self.ledger.set_aside(row.filled)
        if (row.table is None and self.head.rows[0].table is not None) or (
            len(row.filled) == 1 and inline(row.filled[0], self.settings)
        ):
            self.tail.append(row)
        elif not promised and self._is_total(own):
            self._total(own)
        elif self.projects and own and self._sums_weights(row):
            promised = [*row.filled]
        elif self.ended:
            return self._cannot_place(row)
        elif not promised and self.head.both and [cell.column for cell in own] == [self.head.both[0]]:
            self.unit, self.owners = own[0], {}
        elif self._begins(own):
            if row.table not in self.promising or not self._is_project(own):
                return self._cannot_place(row)
            self._new(own, row)
        elif self.projects:
            self._again(own, turned)
        if promised and self.projects:
            self.projects[-1].rows.append(replace(row, cells=tuple(promised)))

    def _is_project(self, own: Sequence[Cell]) -> bool:
        return not any(self.head.field(cell.column) == "name" and is_number(cell.text) for cell in own)

    def _cannot_place(self, row: Row) -> None:
        self.ledger.report("row-ambiguous", row.line, text=row.text, actual=row.text)
        self.ledger.give_up(row.filled)

    def _is_total(self, own: Sequence[Cell]) -> bool:
        """Whether a row is a printed sum: 合计, or a unit with its money and no project."""
        fields = {self.head.field(cell.column) for cell in own}
        of_unit = "name" not in fields and bool(fields & SUMS) and bool(fields & OWNERS)
        return of_unit or any(is_sum(cell.text, self.settings) for cell in own)

    def _sums_weights(self, row: Row) -> bool:
        """Whether a row is no more than the sum of a project's weights: 总分值 | 100."""
        first, *others = row.filled
        return len(others) == 1 and is_sum(first.text, self.settings) and is_number(others[0].text)

    def _total(self, own: Sequence[Cell]) -> None:
        whole = any(is_sum(cell.text, self.settings) for cell in own)
        for cell in own:
            if self.head.field(cell.column) in SUMS:
                heading = self.head.project[cell.column][0].text
                self.totals.append((whole, Filed(cell.text, cell.line, heading, bracket_unit(heading))))
        self.ledger.set_aside(own)

    def _begins(self, own: Sequence[Cell]) -> bool:
        """Whether a project begins: its name is another, or the same with another unit, amount or text."""
        named = any(self.head.field(cell.column) == "name" for cell in own)
        if not named or not self.projects:
            return named
        known = self.projects[-1].cells
        return any(cell.column in known and not _is_again(cell, known[cell.column]) for cell in own)

    def _new(self, own: Sequence[Cell], row: Row) -> None:
        self.owners |= {cell.column: cell for cell in own if self.head.field(cell.column) in OWNERS}
        cells = {cell.column: [cell] for cell in [*self.owners.values(), *own]}
        self.projects.append(Project(row.line, cells, self.unit))

    def without_sums(self) -> list[Project]:
        """The projects, without the rows of units among them: rows without a promise whose money is that of the
        projects after them."""
        kept: list[Project] = []
        unit: Cell | None = None
        for place, project in enumerate(self.projects):
            if self._sums_up(place):
                unit = project.cells[self.head.both[0]][0] if self.head.both else None
                self.ledger.set_aside(cell for cells in project.cells.values() for cell in cells if cell is not unit)
            else:
                project.unit = project.unit or unit
                kept.append(project)
        return kept

    def _sums_up(self, place: int) -> bool:
        whole = self._amount(self.projects[place])
        if self.projects[place].rows or not whole:
            return False
        added = Decimal(0)
        for project in self.projects[place + 1 :]:
            amount = self._amount(project)
            if amount is None or added >= whole:
                break
            added += amount if project.rows else 0
        return added == whole

    def _amount(self, project: Project) -> Decimal | None:
        """The money of a project, in the unit of its column."""
        sums = (cells[0].text for column, cells in project.cells.items() if self.head.field(column) in AMOUNTS)
        return next((amount for text in sums if (amount := if_decimal(text)) is not None), None)

    def says_something(self, project: Project) -> bool:
        """Whether a project has more than its name: one that has not is a heading of some kind, and not read."""
        fields = {self.head.field(column) for column in project.cells}
        return bool(project.rows or fields - OWNERS - {"name", "serial_no"})

    def _again(self, own: Sequence[Cell], turned: bool) -> None:
        """A further row of a project: what is repeated down is read, a text that a page has cut goes on."""
        known = self.projects[-1].cells
        for cell in own:
            if cell.column not in known:
                known[cell.column] = [cell]
            elif _is_again(cell, known[cell.column]):
                self.ledger.take(cell)
            elif turned and not is_number(cell.text):
                known[cell.column].append(cell)

    def form(self, project: Project) -> Iterator[Row]:
        """The project's rows as a form prints them: its headings each with its value, then its indicators."""
        if project.unit is not None and self.head.both is not None:
            yield Row((self.head.both[1], project.unit))
        values: list[tuple[Cell, Cell | None]] = []
        for column, (heading, label) in self.head.project.items():
            cells = project.cells.get(column, [])
            if label is None:
                self.ledger.give_up(cells)
            elif cells:
                whole = cells[0]._replace(text="".join(cell.text for cell in cells))
                for cell in cells:
                    self.ledger.take(cell)
                values.append((heading, whole))
            else:
                values.append((heading, None))
        yield from self.words.form(self.head, values, self.ledger)
        yield from project.rows if not self.head.groups else ()
        for level, columns in self.head.groups:
            yield Row((level._replace(text=LEVEL, column=-1), *(heading.own for heading in columns)))
            places = {heading.own.column for heading in columns}
            for row in project.rows:
                if cells := [cell for cell in row.filled if cell.column in places]:
                    yield Row((level._replace(line=row.line, column=-1), *cells))


def _is_again(cell: Cell, before: Sequence[Cell]) -> bool:
    return fold(cell.text) == fold("".join(part.text for part in before))


def _numbers(row: Row) -> bool:
    """Whether the row under a header only numbers the columns: 1, 2, 3 …"""
    texts = [fold(cell.text) for cell in row.filled]
    return len(texts) > 2 and texts == [str(number) for number in range(1, len(texts) + 1)]


def _headed(found: Sequence[Heading], settings: Settings, ledger: Ledger) -> list[Row]:
    """The header of the indicators, without headings over them that say nothing of their own (绩效指标)."""
    upper: list[Cell] = []
    lower: list[Cell] = []
    for heading in found:
        if len(heading.cells) > 1 and settings.indicator.find(heading.own.text) is None:
            upper += [heading.cells[0]] if heading.cells[0] not in upper else []
            lower.append(heading.own)
        else:
            ledger.set_aside(heading.cells[:-1])
            upper.append(heading.own)
    return [Row(tuple(cells)) for cells in (upper, lower) if cells]
