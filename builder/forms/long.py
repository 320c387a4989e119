"""A long table, one row an indicator and many projects under one header → the rows of a form for each project.

The annex of 部门预算公开 in 四川, 云南 and elsewhere; each project becomes

    单位名称 | 项目名称 | 预算数 | 年度目标 | 一级指标 | … | 指标值         单位名称 | 乡政府
    乡政府   | 甲       | 20     | 修三处   | 产出指标 | … | 3             项目名称 | 甲  …
             |          |        |          | 效益指标 | … | 90     →      一级指标 | … | 指标值
             | 乙       | 5      | …                                       产出指标 | … | 3
                                                                           效益指标 | … | 90

The cells are those of the table, so that one reader serves both and the ledger knows each of them.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from builder.forms import header
from builder.forms.form import SUMS, Segment
from builder.forms.headings import inline, is_furniture, is_heading, is_index, is_title
from builder.forms.ledger import Ledger
from builder.forms.table import Heading, stacked
from builder.model import Cell, Filed, Row, Stated
from builder.settings import Settings
from builder.settings.vocabulary import Label
from builder.text import bracket_unit, fold, is_number, label_key

# Whose projects follow: a cell of these holds for the projects below it that print none.
OWNERS = frozenset({"department", "implementing_unit", "reporting_unit"})
PROMISED = frozenset({"level1", "level2", "name", "target"})
_AND = re.compile("[、/和及]")


@dataclass(slots=True)
class Header:
    """The columns of a long table: those of the projects with their headings, and those of the indicators.

    ``both`` is the column of 单位名称、项目名称, in which a unit stands in a row of its own over its projects.
    """

    rows: tuple[Row, ...]
    project: dict[int, tuple[Cell, Label | None]]
    indicators: tuple[Heading, ...]

    @property
    def both(self) -> int | None:
        joined = (at for at, (cell, _) in self.project.items() if self.field(at) == "name" and _parts(cell.text) == 2)
        return next(joined, None)

    def field(self, column: int) -> str:
        _, label = self.project.get(column, (None, None))
        return label.field if label is not None else ""


def _parts(heading: str) -> int:
    return len(_AND.split(label_key(heading)))


@dataclass(slots=True)
class Project:
    """The cells of one project: those of its own columns, and its indicator rows."""

    line: int
    cells: dict[int, list[Cell]]
    unit: Cell | None
    rows: list[Row] = field(default_factory=list)


def find(rows: Sequence[Row], at: int, settings: Settings) -> Header | None:
    """The header of a long table at row ``at``: columns of indicators and, left of them, one of project names."""
    row = rows[at]
    if len(row.filled) < 3:
        return None
    # Every cell of a header is a heading: the first and the last tell most rows from one.
    if settings.form.find(row.filled[0].text) is None and settings.indicator.find(row.filled[-1].text) is None:
        return None
    if not any(_is_name(cell, settings) for cell in row.filled):
        return None
    below = stacked(row, rows[at + 1]) if at + 1 < len(rows) else ()
    for found in (below, tuple(Heading((cell,)) for cell in row.filled)):
        labels = [header.meaning(heading, settings) for heading in found]
        fields = [label.field if label else "" for label in labels]
        first = next((place for place, name in enumerate(fields) if name in PROMISED), None)
        promised = {"name", "target"}.intersection(fields)
        if first is None or not promised or len({*fields} - {""}) + len(promised) < 4:
            continue
        project: dict[int, tuple[Cell, Label | None]] = {}
        indicators: list[Heading] = []
        for place, heading in enumerate(found):
            form = settings.form.find(heading.own.text)
            if place < first or (labels[place] is None and form is not None):
                project[heading.own.column] = heading.own, form
            else:
                indicators.append(heading)
        if any(label and label.field == "name" for _, label in project.values()):
            return Header(tuple(rows[at : at + (2 if found is below else 1)]), project, tuple(indicators))
    return None


def _is_name(cell: Cell, settings: Settings) -> bool:
    label = settings.form.find(cell.text)
    return label is not None and label.field == "name"


Head = tuple[int, Header]
"""The first header of a long table among some rows, and where it stands."""


def joined(segments: Sequence[Segment], settings: Settings) -> list[tuple[Segment, Head | None]]:
    """The segments with their long tables; one that only goes on with the table of the one before, its title and header
    printed again, is part of that."""
    result: list[tuple[Segment, Head | None]] = []
    for segment in segments:
        found = ((at, find(segment.rows, at, settings)) for at in range(len(segment.rows)))
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


def split(segment: Segment, head: Head, settings: Settings, ledger: Ledger) -> tuple[list[Segment], list[Stated]]:
    """A segment for each project of the long table that a segment holds, and the total that the table states.

    A header without a project gives none, and its cells stay open.
    """
    start = at = head[0]
    readers: list[_Reader] = []
    while at < len(segment.rows):
        found = find(segment.rows, at, settings)
        if found is None:
            readers[-1].read(segment.rows[at])
        elif readers and [row.text for row in readers[-1].head.rows] == [row.text for row in found.rows]:
            ledger.set_aside(cell for row in found.rows for cell in row.filled)
        else:
            over = {row.text for row in segment.rows[:start]}
            readers.append(_Reader(found, over, _promising(segment.rows[at:], found), settings, ledger))
        at += len(found.rows) if found else 1
    preface = segment.rows[:start]
    shared = [row for row in preface if is_title(row, settings) or any(inline(cell, settings) for cell in row.filled)]
    segments: list[Segment] = []
    for reader in readers:
        for project in filter(reader.says_something, reader.projects):
            rows = [*(shared if segments else preface), *reader.form(project)]
            segments.append(Segment(segment.title, segment.form_type, rows, project.line))
    if segments:
        segments[-1].rows.extend(row for reader in readers for row in reader.tail)
    totals = [total for reader in readers for total in reader.totals]
    whole = [filed for is_whole, filed in totals if is_whole] or [filed for _, filed in totals]
    return segments, _stated(whole, shared, settings) if len(whole) == 1 else []


def _promising(rows: Sequence[Row], head: Header) -> Set[int | None]:
    """The tables that have a cell under the headings of the indicators. One that has none, on a page after the header's,
    does not go on with its columns: a sheet too wide for the paper is cut into pages of other columns."""
    columns = {heading.own.column for heading in head.indicators}
    return {row.table for row in rows if any(cell.column in columns for cell in row.filled)}


def _stated(totals: Sequence[Filed], shared: Sequence[Row], settings: Settings) -> list[Stated]:
    """The printed sum, in the unit of its heading or the one printed over the table."""
    over = [pair.value for row in shared for cell in row.filled for pair in inline(cell, settings)]
    units = filter(None, (bracket_unit(f"({text})") for text in over))
    return [Stated("total", filed._replace(unit=filed.unit or next(units, None))) for filed in totals]


class _Reader:
    """Tells the projects under one header apart, row by row."""

    def __init__(
        self, head: Header, over: Set[str], promising: Set[int | None], settings: Settings, ledger: Ledger
    ) -> None:
        self.head = head
        self.promising = promising
        self.over = over
        """What stands over the table, as each page may print it again."""
        self.settings = settings
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
        elif self.ended:
            return self._cannot_place(row)
        elif not promised and [cell.column for cell in own] == [self.head.both]:
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
        return of_unit or any(fold(cell.text) in self.settings.catalogue_totals for cell in own)

    def _total(self, own: Sequence[Cell]) -> None:
        whole = any(fold(cell.text) in self.settings.catalogue_totals for cell in own)
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
            heading, _ = self.head.project[self.head.both]
            yield Row((heading._replace(text=_AND.split(heading.text)[0]), project.unit))
        empty: list[Row] = []
        for column, (heading, label) in self.head.project.items():
            cells = project.cells.get(column, [])
            if label is None:
                self.ledger.give_up(cells)
            elif cells:
                whole = cells[0]._replace(text="".join(cell.text for cell in cells))
                for cell in cells:
                    self.ledger.take(cell)
                yield Row((heading, whole))
            else:
                empty.append(Row((heading,)))
        yield from empty
        yield from _headed(self.head.indicators, self.settings, self.ledger)
        yield from project.rows


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
