"""Flowing text of a results sheet → rows of cells under headings, where there is one way to put them there.

A viewer copies a table as one cell a line, or as one row a line with blanks between the cells; blank cells are lost, or
stay as blank lines. Headings are known by their words, so that each heading and its text become a row of two cells, and
each header and its rows a table. A row that can be cut in no way or in several stays as it was printed, loose of all
columns, for the reader to report: under 分值 and 得分 a figure more or less is another result.
"""

import re
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise

from builder.forms.cells import LEVELS
from builder.forms.flow import LOOSE
from builder.forms.headings import is_furniture, is_section
from builder.forms.result_cut import SHORTEST_WRAPPED, STOP, UNFILED, WRAP_SLACK, Columns, Placed, cut, width
from builder.forms.result_words import ASIDE, MONEY, POINTS, PROSE, TAIL, Meaning, ResultWords
from builder.model import Cell, Row
from builder.text import bracket_unit, fold, is_number

LONGEST_HEADING_IN_LINES = 4
# 第 12 页 共 15 页, – 21 –
_PAGE = re.compile("[-–—]+[0-9]{1,4}[-–—]+|第[0-9]{1,4}页[,，]?(?:共[0-9]{1,4}页)?")
# The next section of a report: 四、存在的问题.
_SECTION = re.compile("[一二三四五六七八九十]{1,3}、")
# A line that is broken by the width of a column is long; a short one is whole.
SHORTEST_BROKEN = 18
# Headings that may stand beside others, all their texts below them.
SIDE_BY_SIDE = frozenset({"goal", "goal_overall", "goal_result", "aside"})
OUTCOME = frozenset({"target", "actual", "forecast", "likelihood", *POINTS})
GOALS = (["goal", "goal_result"], ["goal_overall", "goal_result"])
# What ends a table of indicators. Other headings may be the name of an indicator: 预算执行率, 绩效目标.
AFTER = frozenset({"total_score", "contact", "contact_name", "contact_phone", "reporting_unit", *TAIL})
FIRST = 1
"""The place of a table's first column; in the margin before it stand headings and the names of rows."""


class Joiner:
    """Joins the lines of one sheet. ``words`` knows what headings mean."""

    def __init__(self, rows: Sequence[Row], words: ResultWords) -> None:
        self.words = words
        self.settings = words.settings
        filled = [row for row in rows if row.filled]
        self.pages = [row for row in filled if _PAGE.fullmatch(fold("".join(cell.text for cell in row.filled)))]
        printed = [row for row in filled if row not in self.pages]
        self.lines = [*self._spelled(printed)]
        self.wholes = [_whole(row) for row in self.lines]
        """Each line as one cell."""
        self.narrow = len(self.lines) < len(printed)
        """Whether headings are broken over lines, as then all else is that is longer than its column is wide."""
        self.fields: Sequence[str] = ()
        """The columns of the table above, as 总分 stands under them."""

    def rows(self) -> Iterator[Row]:
        at = 0
        while at < len(self.lines):
            if (table := self._table(at)) is not None:
                of_money, cells, names, after = table
                yield from self._heads(cells, names)
                self.fields = () if of_money else names
                end = self._end(after, of_money)
                by_line = all(len(self.lines[line].filled) == 1 for line in range(at, after))
                yield from (self._money if of_money else self._scored)(after, end, names, by_line)
                at = end
            else:
                found, at = self._headed(at)
                self.fields = self.fields if at < len(self.lines) and self._field(at) == "total_score" else ()
                yield from found
        yield from (Row((_whole(row)._replace(column=0),)) for row in self.pages)

    def _spelled(self, rows: Sequence[Row]) -> Iterator[Row]:
        """The lines, those that spell a heading or a level only together as one: 全年（调整） / 预算数, 执行率 / （%）."""
        at = 0
        while at < len(rows):
            sizes = range(LONGEST_HEADING_IN_LINES, 1, -1)
            size = next((size for size in sizes if self._spell(rows[at : at + size])), 1)
            texts = [_whole(row).text for row in rows[at : at + size]]
            yield rows[at] if size == 1 else Row((_whole(rows[at])._replace(text="".join(texts)),))
            at += size

    def _spell(self, rows: Sequence[Row]) -> bool:
        """Whether lines of a cell each, none left out between them, are a known word together and not by themselves."""
        if any(len(row.filled) > 1 for row in rows) or rows[-1].line - rows[0].line != len(rows) - 1 or len(rows) < 2:
            return False
        first, *rest = (row.filled[0] for row in rows)
        whole = first._replace(text="".join(row.filled[0].text for row in rows))
        if not self._is_word(whole):
            return False
        field = self.words.field_of
        ends = (whole._replace(text="".join(cell.text for cell in rest[at:])) for at in range(len(rest)))
        if any(self._is_word(cell) and field(cell) == field(whole) for cell in ends):
            # 项目 / 主管部门: the end of another text and a heading.
            return False
        is_longer = field(first) == field(whole) and not any(map(self._is_word, rest))
        return not self._is_word(first) or is_longer or fold(rest[0].text)[:1] == "("

    def _is_word(self, cell: Cell) -> bool:
        return self.words.is_word(cell.text) or bool(self.words.levels_of(cell.text))

    # What a line is

    def _field(self, line: int) -> str | None:
        return self.words.field_of(self.wholes[line])

    def _header(self, at: int, field: Meaning) -> tuple[list[Cell], int]:
        """The headings of columns that begin at a line, on it or a line each, and the line after them."""
        words = [cell for cell in self.lines[at].filled if not is_section(cell.text, self.settings)]
        if len(words) > 1:
            return (words, at + 1) if all(field(cell.text) for cell in words) else ([], at + 1)
        cells: list[Cell] = []
        while size := self._heading_size(at, field) or int(self._is_of_group(at, cells, field)):
            text = "".join(cell.text for cell in self.wholes[at : at + size])
            cells.append(self.lines[at].filled[0]._replace(text=text))
            at += size
        return cells, at

    def _heading_size(self, at: int, field: Meaning) -> int:
        """How many lines from one on spell a heading; 执行率 and 得分 are two headings, though 执行率得分 is one too."""
        for size in range(min(LONGEST_HEADING_IN_LINES, len(self.lines) - at), 0, -1):
            pieces = [cell.text for cell in self.wholes[at : at + size]]
            if field("".join(pieces)) is not None and not (size > 1 and all(map(field, pieces))):
                return size
        return 0

    def _is_of_group(self, at: int, cells: Sequence[Cell], field: Meaning) -> bool:
        """Whether a known word is one of several reasons, as 其他 between 硬件条件保障 and 原因说明 is."""
        if not cells or at + 1 >= len(self.lines) or not self.words.is_word(self.wholes[at].text):
            return False
        sides = field(cells[-1].text), field(self.wholes[at + 1].text)
        return all(side is not None and side[0] == "reason" for side in sides)

    def _table(self, at: int) -> tuple[bool, list[Cell], list[str], int] | None:
        """The header that begins at a line: whether it is one of money, its cells and fields, and the line after it."""
        for of_money, field in ((True, self.words.money_field), (False, self.words.scored_field)):
            cells, after = self._header(at, field)
            known = [cell for cell in cells if field(cell.text) is not None]
            names = [column.field for column in self.words.columns_of(known, field)]
            if names and len(names) == len(known):
                return of_money, cells, names if of_money else self._types(known, names), after
        return None

    def _types(self, cells: Sequence[Cell], names: Sequence[str]) -> list[str]:
        """The columns of indicators by what can stand in them, in the order in which the cells of a row follow.

        Of several columns of reasons the last takes them all. Where a header had two rows, the boxes under 偏差原因分析 and
        完成目标可能性 come after all its other headings, and are no columns of their own here.
        """
        typed: list[str] = []
        for place, (cell, name) in enumerate(zip(cells, names, strict=True)):
            label, column = self.settings.result.find(cell.text), self.settings.indicator.find(cell.text)
            if name == "aside" and label is not None and label.kind == "number":
                name = "percent"
            elif name == "aside" and column is not None and column.field in ("is_core", "ordinal"):
                name = column.field
            elif name == "aside" and place and names[place - 1] in LEVELS and column and column.field == "weight":
                name = "of_level"
            typed.append(name)
        if typed.count("likelihood") > 1:
            box = typed.index("likelihood")
            typed[box] = "box"
            typed = typed[: next(at for at, name in enumerate(typed) if at > box and name in ("reason", "likelihood"))]
        return ["" if name == "reason" and "reason" in typed[place + 1 :] else name for place, name in enumerate(typed)]

    def _heads(self, cells: Sequence[Cell], names: Sequence[str]) -> Iterator[Row]:
        """A header as a row, or as two where boxes stand under 偏差原因分析 and 完成目标可能性."""
        lower = cells[len(names) :]
        boxes = [one for one in lower if fold(one.text) in self.settings.results.likelihoods]
        under = {"box": boxes, "reason": [one for one in lower if one not in boxes]}
        place, rows = FIRST, (list[Cell](), list[Cell]())
        for name, cell in zip(names, cells, strict=False):
            rows[0].append(cell._replace(column=place))
            rows[1].extend(one._replace(column=place + at) for at, one in enumerate(under.get(name, ())))
            place += max(1, len(under.get(name, ())))
        yield from (Row(tuple(row), table=1) for row in rows if row)

    def _end(self, at: int, of_money: bool = False) -> int:
        """The line on which a table has ended: another heading, header or title."""
        return next((line for line in range(at, len(self.lines)) if self._ends(line, of_money)), len(self.lines))

    def _ends(self, at: int, of_money: bool) -> bool:
        first, whole = self.lines[at].filled[0], self.wholes[at]
        if of_money and (self.words.source_of(first.text) is not None or self._parts_money(at)):
            return False
        if _SECTION.match(whole.text) or self.words.is_titled(self.lines[at]):
            return True
        named, is_inline = self.words.field_of(first), bool(self.words.inline_of(whole))
        if self.fields and not (named in AFTER or is_inline):
            return False
        is_heading = named is not None or is_section(first.text, self.settings) or self._field(at) is not None
        return is_heading or is_inline or self._table(at) is not None

    def _parts_money(self, at: int) -> bool:
        """Whether a line is what money is parted by, or a part that has no place of its own: 按支出性质分, 基本支出."""
        if at + 1 >= len(self.lines) or self._field(at) not in ASIDE or len(self.lines[at].filled) > 1:
            return False
        return is_number(self.wholes[at + 1].text) or self._parts_money(at + 1)

    # Headings and their texts

    def _headed(self, at: int) -> tuple[list[Row], int]:
        """A heading, or several on following lines, with what stands under them; and the line after that."""
        line = self.lines[at]
        if len(line.filled) > 1 and self._field(at) is None:
            return [self._on_one_line(line)], at + 1
        run = at
        while (
            run < len(self.lines)
            and self._field(run) is not None
            and len(self.lines[run].filled) == 1
            and self._table(run) is None
        ):
            run += 1
        if run == at:
            goes_on = bool(self.words.inline_of(line.filled[0])) and self._may_go_on(at)
            return [*self._loose(at, at + 1)] if goes_on else [Row((self.wholes[at],))], at + 1
        headings = self.wholes[at:run]
        fields = [self._field(one) for one in range(at, run)]
        end = self._end(run)
        if fields[-1] == "total_score":
            return [*map(_alone, headings[:-1]), self._under(headings[-1], self.wholes[run:end])], end
        if sum(name in SIDE_BY_SIDE for name in fields) > 1:
            # Over columns that stood side by side: one text for each, or which is whose cannot be told.
            said = self._texts(run, end)
            count = len(said)
            beside = [name for name in fields[-count:] if name in SIDE_BY_SIDE] if count > 1 else []
            in_margin = [name for name in fields[: len(fields) - count] if name in SIDE_BY_SIDE]
            told = not in_margin or (len(in_margin) == 1 and in_margin[0] != "aside" and beside in GOALS)
            if len(beside) == count and told and len({*beside} - {"aside"}) == len(beside) - beside.count("aside"):
                pairs = zip(headings[-count:], said, strict=True)
                return [*map(_alone, headings[:-count]), *(_beside([name, text]) for name, text in pairs)], end
            return [*map(_alone, headings), *self._loose(run, end)], end
        whole = end if (self.narrow or fields[-1] in PROSE) and self._is_one(run, end) else min(run + 1, end)
        if run < whole < end and self._may_go_on(run) and not (fields[-1] in PROSE and self._is_broken(run)):
            # The first line of several, and the others may be more of it.
            return [*map(_alone, headings), *self._loose(run, end)], end
        while fields[-1] in PROSE and run < whole < end and self._is_broken(whole - 1):
            whole += 1
        value = self.wholes[run:whole]
        text = "".join(cell.text for cell in value)
        rows = [*map(_alone, headings[:-1]), _beside([headings[-1], *(cell._replace(text=text) for cell in value[:1])])]
        return [*rows, *self._loose(whole, end)], end

    def _texts(self, start: int, end: int) -> list[Cell]:
        """The texts of cells that stood side by side: a line each where there are two; of more, each goes on while its
        lines are as long as the longest."""
        lines = self.wholes[start:end]
        widest = max((width(cell.text) for cell in lines), default=0)
        if len(lines) < 3 or widest < (SHORTEST_WRAPPED if self.narrow else SHORTEST_BROKEN):
            return lines
        texts = lines[:1]
        for above, cell in pairwise(lines):
            if width(above.text) > widest - WRAP_SLACK:
                texts[-1] = texts[-1]._replace(text=texts[-1].text + cell.text)
            else:
                texts.append(cell)
        return texts

    def _is_broken(self, line: int) -> bool:
        return len(self.wholes[line].text) >= SHORTEST_BROKEN

    def _may_go_on(self, line: int) -> bool:
        """Whether the next line may be more of the text of this one: it is no heading, and no wider."""
        after = line + 1
        if after >= len(self.lines) or bracket_unit(self.wholes[after].text) is not None:
            return False
        if self._ends(after, False) or is_furniture(self.lines[after], self.settings):
            return False
        is_next = self.lines[after].line == self.lines[line].line + 1
        return is_next and width(self.wholes[after].text) <= width(self.wholes[line].text)

    def _is_one(self, start: int, end: int) -> bool:
        """Whether lines are one text in a column: all but the last as long as it is wide, and the last no longer."""
        *full, last = (width(cell.text) for cell in self.wholes[start:end]) if end > start else (0.0,)
        return not full or (
            bracket_unit(self.wholes[end - 1].text) is None
            and (self.narrow or not any(STOP.search(cell.text[-1:]) for cell in self.wholes[start : end - 1]))
            and min(full) >= SHORTEST_WRAPPED
            and max(full) - min(full) < WRAP_SLACK
            and last <= max(full)
            and end - start < 5
        )

    def _on_one_line(self, line: Row) -> Row:
        """A line of headings and values; where the first alone is a heading, the rest is its value."""
        first, *rest = line.filled
        if self.words.field_of(first) is None or any(self.words.field_of(cell) for cell in rest):
            return line
        if self.words.field_of(first) == "total_score" and self.fields:
            return self._under(first, rest)
        return _beside([first, rest[0]._replace(text=" ".join(cell.text for cell in rest))])

    def _under(self, head: Cell, figures: Sequence[Cell]) -> Row:
        """总分 with its figures under 分值 and 得分: one for each, or the row is loose."""
        if not self.fields:
            return _beside([head, *figures])
        places = [FIRST + place for place, name in enumerate(self.fields) if name in POINTS]
        if len(figures) > len(places):
            places = [FIRST + place for place, name in enumerate(self.fields) if name in (*POINTS, "of_level")]
        if len(places) != len(figures):
            places = [LOOSE + number for number in range(len(figures))]
        cells = [cell._replace(column=place) for cell, place in zip(figures, places, strict=True)]
        return Row((head._replace(column=0), *cells), table=1)

    def _loose(self, start: int, end: int) -> Iterator[Row]:
        return (Row((cell._replace(column=LOOSE),)) for cell in self.wholes[start:end])

    # Tables

    def _units(self, start: int, end: int, by_line: bool) -> list[Cell]:
        if by_line:
            return self.wholes[start:end]
        return [cell for line in self.lines[start:end] for cell in line.filled]

    def _money(self, start: int, end: int, names: Sequence[str], by_line: bool) -> Iterator[Row]:
        """Each source with the figures after it: one for each column, or in the one way in which they fit."""
        parts: list[list[Cell]] = [[]]
        for unit in self._units(start, end, by_line):
            if self.words.source_of(unit.text) is not None or self.words.field_of(unit) in ASIDE:
                parts.append([])
            parts[-1].append(unit)
        for number, part in enumerate(parts):
            head, figures = (part[:1], part[1:]) if number else ([], part)
            if not part:
                continue
            placed = self._figures(figures, names, bool(head) and self.words.source_of(head[0].text) != "whole")
            cells = [cell._replace(column=0) for cell in head]
            if placed is None:
                cells += [cell._replace(column=LOOSE + place) for place, cell in enumerate(figures)]
            else:
                cells += [cell._replace(column=FIRST + place) for place, cell in placed.items()]
            yield Row(tuple(cells), table=1)

    def _figures(self, figures: Sequence[Cell], names: Sequence[str], of_part: bool) -> Placed | None:
        """One figure for each column. A part has no points of its own, and its rate may be left blank."""
        columns = [*range(len(names))]
        if figures and all(self.words.is_blank("rate", cell) for cell in figures[: len(names)]):
            return dict(enumerate(figures)) if len(figures) <= len(names) else None
        kept: list[Container[str]] = [(*MONEY, "rate", *POINTS), *([(*MONEY, "rate"), MONEY] if of_part else [])]
        for fields in kept:
            if len(figures) != len(columns):
                columns = [place for place in columns if names[place] in fields]
        marks = [cell for cell in figures if self.words.is_blank("rate", cell)]
        money = [place for place, name in enumerate(names) if name in MONEY]
        if of_part and len(figures) - len(marks) == len(money) and len(figures) <= len(names):
            # 10 | 10 | 9 | — | —: a part has its amounts, and no points and no rate.
            amounts = [cell for cell in figures if cell not in marks]
            others = [place for place in range(len(names)) if place not in money]
            if all(self.words.can_be(names[place], cell) for place, cell in zip(money, amounts, strict=True)):
                return dict(sorted([*zip(money, amounts, strict=True), *zip(others, marks, strict=False)]))
        fit = len(figures) == len(columns) and all(
            self.words.can_be(names[place], cell) or self.words.is_blank(names[place], cell)
            for place, cell in zip(columns, figures, strict=True)
        )
        return dict(zip(columns, figures, strict=True)) if fit else None if figures else {}

    def _scored(self, start: int, end: int, names: Sequence[str], by_line: bool) -> Iterator[Row]:
        units = self._units(start, end, by_line)
        columns = Columns(names, units, self.words, self.narrow)
        found: list[Placed | Cell] = []
        if by_line:
            found += self._by_blank_lines(start, end, columns) or cut(units, columns)
        else:
            for line in self.lines[start:end]:
                rows = cut(line.filled, columns)
                found += rows if len(rows) == 1 else line.filled
        loose: list[Cell] = []
        for row in (*found, {}):
            if isinstance(row, Cell):
                loose.append(row)
                continue
            if loose:
                yield Row(tuple(cell._replace(column=LOOSE + place) for place, cell in enumerate(loose)), table=1)
                loose = []
            known = {names[place] for place in row if place < len(names)}
            # A name beside nothing that is certain is none, and figures without a name are nobody's.
            is_row = bool(known & OUTCOME) if "name" in known else known <= {*LEVELS, *UNFILED}
            certain = len(names) if is_row else 0
            if row:
                placed = (((FIRST if place < certain else LOOSE) + place, cell) for place, cell in sorted(row.items()))
                yield Row(tuple(cell._replace(column=place) for place, cell in placed), table=1)

    def _by_blank_lines(self, start: int, end: int, columns: Columns) -> list[Placed]:
        """The rows of a table whose blank cells are blank lines: as many lines a row as there are columns, and one more
        where the margin has a line of its own; none if it is not such a table."""
        if start == end:
            return []
        begin = self.lines[start - 1].line + 1
        last = self.lines[end].line if end < len(self.lines) else self.lines[end - 1].line + 1
        for margin in (0, 1):
            size = len(columns.names) + margin
            if (last - begin) % size or last - begin == end - start:
                continue
            rows: list[dict[int, Cell]] = [{} for _ in range((last - begin) // size)]
            for line in range(start, end):
                row, place = divmod(self.lines[line].line - begin, size)
                rows[row][place - margin] = self.wholes[line]
            filled = [row for row in rows if row]
            if all(-1 not in row for row in filled) and all(map(columns.is_row, filled)):
                return [*filled]
        return []


def _whole(row: Row) -> Cell:
    return row.filled[0]._replace(text=" ".join(cell.text for cell in row.filled))


def _alone(cell: Cell) -> Row:
    return Row((cell._replace(column=0),))


def _beside(cells: Sequence[Cell]) -> Row:
    return Row(tuple(cell._replace(column=place) for place, cell in enumerate(cells)))


def join(rows: Sequence[Row], words: ResultWords) -> list[Row]:
    """The lines of a sheet without columns as rows of cells."""
    return [*Joiner(rows, words).rows()]
