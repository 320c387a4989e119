"""Flowing text of a results sheet → rows of cells under headings, where there is one way to put them there.

A viewer copies a table as one cell a line, or as one row a line with blanks between the cells; blank cells are lost, or
stay as blank lines. Headings are known by their words, so that each heading and its text become a row of two cells, and
each header and its rows a table. A row that can be cut in no way or in several stays as it was printed, loose of all
columns, for the reader to report: under 分值 and 得分 a figure more or less is another result.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache

from builder.forms.cells import LEVELS, fits
from builder.forms.flow import LOOSE
from builder.forms.headings import is_furniture, is_section
from builder.forms.result_words import ASIDE, MONEY, POINTS, PROSE, TAIL, TICKED, Meaning, ResultWords
from builder.model import Cell, Row
from builder.settings.vocabulary import Remembered
from builder.text import bracket_unit, fold, is_number, label_key, quantity

Placed = Mapping[int, Cell]
"""The cells of a row by the number of their column."""
LONGEST_HEADING_IN_LINES = 4
# 第 12 页 共 15 页, – 21 –
_PAGE = re.compile("[-–—]+[0-9]{1,4}[-–—]+|第[0-9]{1,4}页[,，]?(?:共[0-9]{1,4}页)?")
# A line broken in a narrow column has this many characters at least, and ends less than so many before its edge.
SHORTEST_WRAPPED = 6
MOST_LINES = 5
ENOUGH_SENTENCES = 2
_PAUSE = re.compile("[。；！，,]")
_STOP = re.compile("[。；！]")
WRAP_SLACK = 2
LONGEST_UNIT = 3
# What a second level may be called where an evaluation names its own: 事项管理, and never a sentence or a figure.
_MAY_GROUP = re.compile(r"[^\W\d_]{2,10}")
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
# Columns that the tables of the dataset have no place for: which of them a cell is in makes no other reading.
UNFILED = frozenset({"aside", "is_core", "ordinal", "percent", "of_level"})
# What a row without a blank cell has, where the table has columns for it.
MAY_BE_BLANK = frozenset({"target", "actual", "forecast", "percent", *POINTS})


class Joiner:
    """Joins the lines of one sheet. ``words`` knows what headings mean."""

    def __init__(self, rows: Sequence[Row], words: ResultWords) -> None:
        self.words = words
        self.settings = words.settings
        filled = [row for row in rows if row.filled]
        self.pages = [row for row in filled if _PAGE.fullmatch(fold("".join(cell.text for cell in row.filled)))]
        printed = [row for row in filled if row not in self.pages]
        self.lines = [*self._spelled(printed)]
        self.narrow = len(self.lines) < len(printed)
        """Whether headings are broken over lines, as then all else is that is longer than its column is wide."""
        self.in_sentences = False
        """Whether texts are broken over lines, and those of the table under way end with a full stop."""
        self.open_levels = False
        """Whether the table is one of an evaluation, whose second levels are named as it likes."""
        tokens = self.settings.tokens
        self.quantities = Remembered(lambda text: quantity(text, tokens.comparison, tokens.suffix))
        self.fitting: dict[tuple[str, str, str], bool] = {}
        self.fields: Sequence[str] = ()
        """The columns of the table above, as 总分 stands under them."""

    def rows(self) -> Iterator[Row]:
        at = 0
        while at < len(self.lines):
            if (table := self._table(at)) is not None:
                field, cells, names, after = table
                yield from self._heads(cells, names)
                self.fields = () if field == self.words.money_field else names
                body = self._money if field == self.words.money_field else self._scored
                end = self._end(after, field == self.words.money_field)
                by_line = all(len(self.lines[line].filled) == 1 for line in range(at, after))
                yield from body(after, end, names, by_line)
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
            size = next(
                (size for size in range(LONGEST_HEADING_IN_LINES, 1, -1) if self._spell(rows[at : at + size])), 1
            )
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
        return self.words.is_word(cell.text) or any(self._is_level(name, cell) for name in LEVELS)

    # What a line is

    def _text(self, line: int) -> str:
        return " ".join(cell.text for cell in self.lines[line].filled)

    def _cell(self, line: int) -> Cell:
        return self.lines[line].filled[0]._replace(text=self._text(line))

    def _field(self, line: int) -> str | None:
        return self.words.field_of(self._cell(line))

    def _is_heading(self, line: int) -> bool:
        first = self.lines[line].filled[0]
        known = self.words.field_of(first) is not None or is_section(first.text, self.settings)
        return known or self._field(line) is not None or bool(self.words.inline_of(self._cell(line)))

    def _header(self, at: int, field: Meaning) -> tuple[list[Cell], int]:
        """The headings of columns that begin at a line, on it or a line each, and the line after them."""
        words = [cell for cell in self.lines[at].filled if not is_section(cell.text, self.settings)]
        if len(words) > 1:
            return (words, at + 1) if all(field(cell.text) for cell in words) else ([], at + 1)
        cells: list[Cell] = []
        while at < len(self.lines):
            size = self._heading_size(at, field)
            if size == 0 and self._is_of_group(at, cells, field):
                size = 1
            if size == 0:
                break
            text = "".join(self._text(at + more) for more in range(size))
            cells.append(self.lines[at].filled[0]._replace(text=text))
            at += size
        return cells, at

    def _heading_size(self, at: int, field: Meaning) -> int:
        """How many lines from one on spell a heading; 执行率 and 得分 are two headings, though 执行率得分 is one too."""
        for size in range(min(LONGEST_HEADING_IN_LINES, len(self.lines) - at), 0, -1):
            pieces = [self._text(at + more) for more in range(size)]
            if field("".join(pieces)) is not None and not (size > 1 and all(map(field, pieces))):
                return size
        return 0

    def _is_of_group(self, at: int, cells: Sequence[Cell], field: Meaning) -> bool:
        """Whether a known word is one of several reasons, as 其他 between 硬件条件保障 and 原因说明 is."""
        following = self._text(at + 1) if at + 1 < len(self.lines) else ""
        sides = [field(cells[-1].text), field(following)] if cells and self.words.is_word(self._text(at)) else [None]
        return all(side is not None and side[0] == "reason" for side in sides)

    def _table(self, at: int) -> tuple[Meaning, list[Cell], list[str], int] | None:
        """The header that begins at a line: what its words mean, its cells and fields, and the line after it."""
        for field in (self.words.money_field, self.words.scored_field):
            cells, after = self._header(at, field)
            known = [cell for cell in cells if field(cell.text) is not None]
            names = [column.field for column in self.words.columns_of(known, field)]
            if names and len(names) == len(known):
                return field, cells, names if field == self.words.money_field else self._types(known, names), after
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
        while at < len(self.lines) and not self._ends(at, of_money):
            at += 1
        return at

    def _ends(self, at: int, of_money: bool) -> bool:
        if of_money and (self.words.source_of(self.lines[at].filled[0].text) is not None or self._parts_money(at)):
            return False
        named = self.words.field_of(self.lines[at].filled[0])
        if _SECTION.match(self._text(at)):
            return True
        if self.fields and not (named in AFTER or self.words.inline_of(self._cell(at))):
            return self.words.is_titled(self.lines[at])
        if self._is_heading(at) or self.words.is_titled(self.lines[at]):
            return True
        return self._table(at) is not None

    def _parts_money(self, at: int) -> bool:
        """Whether a line is what money is parted by, or a part that has no place of its own: 按支出性质分, 基本支出."""
        if at + 1 >= len(self.lines) or self._field(at) not in ASIDE or len(self.lines[at].filled) > 1:
            return False
        return is_number(self._text(at + 1)) or self._parts_money(at + 1)

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
            return [Row((self._loose(at) if goes_on else self._cell(at),))], at + 1
        headings = [self._cell(one) for one in range(at, run)]
        fields = [self._field(one) for one in range(at, run)]
        end = self._end(run)
        if fields[-1] == "total_score":
            return [*map(_alone, headings[:-1]), self._total(headings[-1], run, end)], end
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
            return [*map(_alone, headings), *(Row((self._loose(one),)) for one in range(run, end))], end
        whole = end if (self.narrow or fields[-1] in PROSE) and self._is_one(run, end) else min(run + 1, end)
        if run < whole < end and self._may_go_on(run) and not (fields[-1] in PROSE and self._is_broken(run)):
            # The first line of several, and the others may be more of it.
            return [*map(_alone, headings), *(Row((self._loose(one),)) for one in range(run, end))], end
        while fields[-1] in PROSE and run < whole < end and self._is_broken(whole - 1):
            whole += 1
        value = [self._cell(one) for one in range(run, whole)]
        text = "".join(cell.text for cell in value)
        rows = [*map(_alone, headings[:-1]), _beside([headings[-1], *(cell._replace(text=text) for cell in value[:1])])]
        return [*rows, *(Row((self._loose(one),)) for one in range(whole, end))], end

    def _texts(self, start: int, end: int) -> list[Cell]:
        """The texts of cells that stood side by side: a line each where there are two; of more, each goes on while its
        lines are as long as the longest."""
        lines = [self._cell(line) for line in range(start, end)]
        widest = max((_width(cell.text) for cell in lines), default=0)
        if len(lines) < 3 or widest < (SHORTEST_WRAPPED if self.narrow else SHORTEST_BROKEN):
            return lines
        texts: list[Cell] = []
        is_open = False
        for cell in lines:
            if is_open:
                texts[-1] = texts[-1]._replace(text=texts[-1].text + cell.text)
            else:
                texts.append(cell)
            is_open = _width(cell.text) > widest - WRAP_SLACK
        return texts

    def _is_broken(self, line: int) -> bool:
        return len(self._text(line)) >= SHORTEST_BROKEN

    def _may_go_on(self, line: int) -> bool:
        """Whether the next line may be more of the text of this one: it is no heading, and no wider."""
        after = line + 1
        if after >= len(self.lines) or bracket_unit(self._text(after)) is not None:
            return False
        if self._ends(after, False) or is_furniture(self.lines[after], self.settings):
            return False
        return self.lines[after].line == self.lines[line].line + 1 and _width(self._text(after)) <= _width(
            self._text(line)
        )

    def _is_one(self, start: int, end: int) -> bool:
        """Whether lines are one text in a column: all but the last as long as it is wide, and the last no longer."""
        *full, last = (_width(self._text(line)) for line in range(start, end)) if end > start else (0.0,)
        return not full or (
            bracket_unit(self._text(end - 1)) is None
            and (self.narrow or not any(_STOP.search(self._text(line)[-1:]) for line in range(start, end - 1)))
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

    def _total(self, head: Cell, start: int, end: int) -> Row:
        return self._under(head, [self._cell(one) for one in range(start, end)])

    def _under(self, head: Cell, figures: Sequence[Cell]) -> Row:
        """总分 with its figures under 分值 and 得分: one for each, or the row is loose."""
        places = [FIRST + place for place, name in enumerate(self.fields) if name in POINTS]
        if len(figures) > len(places):
            places = [FIRST + place for place, name in enumerate(self.fields) if name in (*POINTS, "of_level")]
        if self.fields and len(places) != len(figures):
            places = [LOOSE + number for number in range(len(figures))]
        if not self.fields:
            return _beside([head, *figures])
        cells = [cell._replace(column=place) for cell, place in zip(figures, places, strict=True)]
        return Row((head._replace(column=0), *cells), table=1)

    def _loose(self, line: int) -> Cell:
        return self._cell(line)._replace(column=LOOSE)

    # Tables

    def _units(self, start: int, end: int, by_line: bool) -> list[Cell]:
        if by_line:
            return [self._cell(line) for line in range(start, end)]
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
        first = self.settings.results.evaluation_levels.get("level1", ())
        units = self._units(start, end, by_line)
        self.fitting = {}
        stops = sum(_STOP.search(cell.text[-1:]) is not None for cell in units)
        self.in_sentences = self.narrow and stops >= ENOUGH_SENTENCES
        self.open_levels = any(label_key(cell.text) in first and not self._is_promised(cell) for cell in units)
        if by_line:
            found = self._by_blank_lines(start, end, names) or self._cut(units, names)
        else:
            found = [one for line in self.lines[start:end] for one in self._cut(line.filled, names, of_one_row=True)]
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
            width = len(names) if is_row else 0
            places = ((FIRST if place < width else LOOSE) + place for place in sorted(row))
            if row:
                yield Row(
                    tuple(row[at]._replace(column=to) for at, to in zip(sorted(row), places, strict=True)), table=1
                )

    def _by_blank_lines(self, start: int, end: int, names: Sequence[str]) -> list[Placed] | None:
        """The rows of a table whose blank cells are blank lines: as many lines a row as there are columns, and one more
        where the margin has a line of its own."""
        if start == end:
            return None
        begin = self.lines[start - 1].line + 1
        last = self.lines[end].line if end < len(self.lines) else self.lines[end - 1].line + 1
        for margin in (0, 1):
            width = len(names) + margin
            if (last - begin) % width or last - begin == end - start:
                continue
            rows: list[dict[int, Cell]] = [{} for _ in range((last - begin) // width)]
            for line in range(start, end):
                row, place = divmod(self.lines[line].line - begin, width)
                rows[row][place - margin] = self._cell(line)
            filled = [{names[place]: cell for place, cell in row.items() if place >= 0} for row in rows if row]
            if all(-1 not in row for row in rows) and all(map(self._is_row, filled)):
                return [row for row in rows if row]
        return None

    def _is_row(self, row: Mapping[str, Cell]) -> bool:
        """Whether cells that stand in their columns are an indicator, or levels alone."""
        in_place = all(name in LEVELS or name == "aside" or self._fits(name, cell, None) for name, cell in row.items())
        return in_place and ("name" in row or row.keys() <= {*LEVELS, "aside"})

    def _cut(self, units: Sequence[Cell], names: Sequence[str], of_one_row: bool = False) -> Sequence[Placed | Cell]:
        """The rows of a run of cells: those that are the same in every way to cut it into rows that fit and make sense;
        and the cells between them, which belong to one row in one way and to another in another.

        Columns of remarks are mostly blank: if there is one way without them, it is that. Targets, outcomes and points are
        mostly not blank: only if there is no way with all of them in every row may some be.
        """
        widths = (0.0, *self._widths(units))
        found: list[Placed | Cell] | None = None
        for remarks in (False, True):
            agreed = self._agreed(units, names, frozenset(), remarks, widths)
            found = agreed or found
            if agreed and not any(isinstance(row, Cell) for row in agreed):
                break
        if found is None and not self.narrow:
            found = self._agreed(units, names, MAY_BE_BLANK, True, widths)
        return units if found is None or (of_one_row and len(found) != 1) else found

    def _widths(self, units: Sequence[Cell]) -> list[float]:
        """How wide the column of names may be, if names are broken over lines: as wide as a text before another text."""
        texts = [self._fits("reason", cell, None) for cell in units]
        return sorted(
            {
                _width(cell.text)
                for cell, after, is_text, goes_on in zip(units, units[1:], texts, texts[1:], strict=False)
                if is_text
                and goes_on
                and not _STOP.search(cell.text)
                and after.line == cell.line + 1
                and _width(cell.text) >= SHORTEST_WRAPPED
            }
        )

    def _agreed(
        self,
        units: Sequence[Cell],
        names: Sequence[str],
        may_miss: frozenset[str],
        remarks: bool,
        widths: Sequence[float],
    ) -> list[Placed | Cell] | None:
        """The rows that are certain however wide the column of names is, and the cells between them; ``None`` where there
        is no way to cut the run."""
        each = (self._in_every_way(units, names, may_miss, remarks, width) for width in widths)
        found = [rows for rows in each if rows is not None]
        if not found:
            return None
        certain = {at: row for at, row in found[0].items() if all(rows.get(at) == row for rows in found)}
        result: list[Placed | Cell] = []
        at = 0
        while at < len(units):
            end, row = certain.get(at, (at + 1, None))
            result.append(units[at] if row is None else row)
            at = end
        return result

    def _in_every_way(
        self, units: Sequence[Cell], names: Sequence[str], may_miss: frozenset[str], remarks: bool, width: float
    ) -> dict[int, tuple[int, Placed]] | None:
        """The certain rows by their first cell, with the place after the last; ``None`` where there is no way.

        A row that begins and ends at the same cells in every way holds what is in one column in each of them; its other
        cells have places beyond the columns.
        """
        rows: list[Sequence[tuple[int, Placed]]] = []
        begins, farthest = {0}, 0
        for at in range(len(units)):
            rows.append(self._rows_at(units, at, names, may_miss, remarks, width) if at in begins else ())
            begins.update(end for end, _ in rows[at])
            farthest = max(farthest, *(end for end, _ in rows[at]), 0)
            if farthest <= at:
                return None
        # How many ways there are from each cell to the end, and from the beginning to each.
        onward = [0] * len(units) + [1]
        for at in range(len(units) - 1, -1, -1):
            onward[at] = sum(onward[end] for end, _ in rows[at])
        if onward[0] == 0:
            return None
        ways = [1] + [0] * len(units)
        for at, found in enumerate(rows):
            for end, _ in found:
                ways[end] += ways[at]
        result: dict[int, tuple[int, Placed]] = {}
        at = 0
        while at < len(units):
            ends = [end for end, _ in rows[at]]
            whole = next((end for end in ends if ways[at] * ends.count(end) * onward[end] == onward[0]), None)
            if whole is not None:
                in_all = _in_all([row for end, row in rows[at] if end == whole], units[at:whole], len(names))
                result[at] = whole, in_all
            at = whole or at + 1
        return result

    def _rows_at(
        self,
        units: Sequence[Cell],
        at: int,
        names: Sequence[str],
        may_miss: frozenset[str],
        remarks: bool,
        width: float,
    ) -> Sequence[tuple[int, Placed]]:
        """The rows that can begin at a cell, each with the place after it. Two that file the same are one.

        With a ``width``, no name is wider, and names and reasons may be broken over lines.
        """
        required = {"name", "target", "actual", "percent"}
        followed = {"score": {*POINTS}, "likelihood": {"forecast", "likelihood"}, "box": {"forecast"}}
        for closed, sure in followed.items():
            required |= sure & {*names} if closed in names else set()
        required -= {name for name in required if name in may_miss}

        def extend(place: int, column: int, row: Placed) -> Iterator[tuple[int, Placed]]:
            if column == len(names):
                if self._makes_sense(
                    {names[one]: cell for one, cell in row.items() if one < len(names)}, names, may_miss
                ):
                    yield place, row
                return
            name = names[column]
            if (
                name == "name"
                and row
                and place < len(units)
                and any(self._is_level(one, units[place]) for one in LEVELS)
                and all(names[one] not in LEVELS or self._is_level(names[one], cell) for one, cell in row.items())
            ):
                # A level that has no indicator, as 经济效益指标 in a form that is printed whole.
                yield place, row
            following = units[place + 1] if place + 1 < len(units) and "level2" in names else None
            taken = place < len(units) and self._fits(name, units[place], following) and (remarks or name != "aside")
            taken = taken and not (name == "name" and 0 < width < _width(units[place].text))
            is_tick = "is_core" not in names and place < len(units) and fold(units[place].text) in TICKED
            if name in ("reason", "box") and is_tick:
                # Under which of several headings a tick stood is lost, and so is what the text beside it tells.
                end = place + 1
                while name == "reason" and end < len(units) and self._fits(name, units[end], None):
                    end += 1
                for until in range(place + 1, end + 1):
                    marks = {len(names) + len(row) + one: units[one] for one in range(place, until)}
                    yield from extend(until, column + 1, {**row, **marks})
                taken = False
            if taken:
                yield from extend(place + 1, column + 1, {**row, column: units[place]})
            if width and name in ("name", "reason"):
                for end, cell in self._broken(name, units, place, width):
                    yield from extend(end, column + 1, {**row, column: cell})
            is_named = name == "of_level" and column - 1 in row
            if (
                not is_named
                and name not in required
                and not (taken and name in LEVELS and self._is_level(name, units[place]))
            ):
                yield from extend(place, column + 1, row)

        distinct: dict[object, tuple[int, Placed]] = {}
        for end, row in extend(at, 0, {}):
            filed = [(place, cell) for place, cell in row.items() if place >= len(names) or names[place] not in UNFILED]
            distinct.setdefault((end, *filed), (end, row))
        return [*distinct.values()]

    def _broken(self, name: str, units: Sequence[Cell], at: int, width: float) -> Iterator[tuple[int, Cell]]:
        """The names or reasons of several lines that begin at a cell, each with the place after it."""
        for end in range(at + 2, min(at + MOST_LINES, len(units)) + 1):
            lines = units[at:end]
            *full, last = (_width(cell.text) for cell in lines)
            text = "".join(cell.text for cell in lines)
            widest = width if name == "name" else max(full)
            if (
                lines[-1].line - lines[0].line != end - at - 1
                or min(full) <= max(widest - WRAP_SLACK, SHORTEST_WRAPPED - 1)
                or max(*full, last) > widest
                or any(self._is_any_level(cell) or is_number(cell.text) for cell in lines)
                or fold(lines[-1].text) in self.settings.units
            ):
                continue
            # Prose with a full stop ends with one. A name has none; nor a comma, where not all is broken over lines.
            stops = (_PAUSE if name == "name" and not self.narrow else _STOP).search(text)
            if stops is None or (name == "reason" and _STOP.search(text[-1:])):
                yield end, lines[0]._replace(text=text)

    def _is_any_level(self, cell: Cell) -> bool:
        return any(self._is_level(name, cell) for name in LEVELS)

    def _fits(self, name: str, cell: Cell, following: Cell | None) -> bool:
        """Whether a cell can stand in a column; asked of the same cells for each width."""
        key = name, cell.text, following.text if name == "level1" and following is not None else ""
        if key not in self.fitting:
            self.fitting[key] = self._can_stand(name, cell, following)
        return self.fitting[key]

    def _can_stand(self, name: str, cell: Cell, following: Cell | None) -> bool:
        tokens, text, key = self.settings.tokens, cell.text, label_key(cell.text)
        if name == "level1" and self._is_level("level2", cell) and following is not None:
            # 成本指标 is a first level where a second one follows, else a second.
            return self._is_level(name, cell) and self._is_level("level2", following)
        if name in LEVELS:
            return self._is_level(name, cell) or (
                self.open_levels and name == "level2" and _MAY_GROUP.fullmatch(key) is not None
            )
        if name in (*MONEY, *POINTS):
            return self.words.can_be(name, cell)
        if name in ("percent", "of_level", "ordinal"):
            return is_number(key.removesuffix("%").removesuffix("分"))
        if name in ("", "box") or (key in TICKED and name != "is_core"):
            return False
        if name == "likelihood":
            return fold(text) in self.settings.results.likelihoods
        if name in ("reason", "aside"):
            known = is_number(key.removesuffix("%")) or fold(text) in self.settings.results.outcomes
            is_other = known or (name == "reason" and self._amount(text))
            is_other = is_other or any(
                key in known for known in (tokens.yes_no, tokens.comparison, self.settings.units)
            )
            is_other = is_other or key in self.settings.results.likelihoods
            return not is_other and not any(self._is_level(level, cell) for level in LEVELS)
        if name == "name":
            is_other = self._amount(text) or key in self.settings.units or text.endswith("。")
            return fits(name, text, tokens=tokens) and not is_other
        if name == "unit":
            return fits(name, text, tokens=tokens) and not any(character.isdecimal() for character in text)
        if name == "forecast" and fold(text) in self.settings.results.likelihoods:
            return False
        if name in ("target", "target_adjusted", "actual", "forecast"):
            is_sign = key in tokens.comparison and not key[:1].isalpha()
            is_level = key.endswith("指标") and any(key in known for known in (tokens.level1, tokens.level2))
            return not is_sign and not is_level
        return fits(name, text, tokens=tokens)

    def _is_level(self, name: str, cell: Cell) -> bool:
        key = label_key(cell.text)
        return key in getattr(self.settings.tokens, name) or key in self.settings.results.evaluation_levels.get(
            name, ()
        )

    def _is_promised(self, cell: Cell) -> bool:
        """Whether a first level is one of targets too: 产出, but not 决策."""
        return label_key(cell.text) in self.settings.tokens.level1

    def _amount(self, text: str) -> bool:
        """Whether a text is no more than an amount: 3户, but not 3户自愿放弃."""
        found = self.quantities[text]
        return is_number(text) or (found.value is not None and self._is_unit(found.unit or ""))

    def _has_sign(self, text: str) -> bool:
        """Whether a text is an amount with a sign, as targets are: ≥95%."""
        return self.quantities[text].comparison is not None

    def _is_unit(self, text: str) -> bool:
        return len(text) <= LONGEST_UNIT or "/" in text or fold(text).lstrip("十百千万亿个") in self.settings.units

    def _makes_sense(self, row: Mapping[str, Cell], names: Sequence[str], may_miss: frozenset[str]) -> bool:
        """Whether a row can be one: where a cell before it was left blank, name, target and outcome are others' cells."""
        name, target, actual = (row[key].text if key in row else "" for key in ("name", "target", "actual"))
        counted = self._amount(target)
        is_said = self._amount(actual) or fold(actual) in self.settings.results.outcomes
        again = (fold(name), fold(row["reason"].text) if "reason" in row else None)
        if "percent" in row and not may_miss and not self._is_share(row):
            return False
        if not {"target", "actual", *POINTS} & row.keys():
            return False
        if "unit" in names and any(fold(text) in self.settings.units for text in (target, actual)):
            return False
        if ("target" in row and fold(target) in again) or (not counted and self._has_sign(actual)):
            return False
        if self.in_sentences and row.keys() >= {"reason", *POINTS} and row["points"].text == row["score"].text:
            # All else is broken over lines here, and reasons are sentences: this is the first line of the next name.
            return _PAUSE.search(row["reason"].text) is not None
        if {*POINTS} <= row.keys() and "reason" not in row and row["points"].text != row["score"].text:
            return (
                bool(may_miss) or (counted and self._amount(actual)) or fold(actual) in self.settings.results.outcomes
            )
        if {"target", "actual"} <= row.keys() and "reason" in names and not {"score", "likelihood"} & {*names}:
            # No figures follow: a text after a figure may be why there is no outcome, or the next name.
            return self._amount(actual) <= counted and (
                is_said or not counted or ("actual" in may_miss and self._has_sign(target))
            )
        if "target" in row and not counted and self._amount(actual) and "reason" in names:
            # The text before may be the name, and the one before that why points were taken from the row above.
            return "target" in may_miss
        return True

    def _is_share(self, row: Mapping[str, Cell]) -> bool:
        """Whether the share of a row is of its points or of its target: a blank cell before it would shift it."""
        share, *figures = (
            self.quantities[row[name].text if name in row else ""]
            for name in ("percent", "score", "points", "actual", "target")
        )
        score, points, actual, target = (one.value for one in figures)
        parts = [(part, whole) for part, whole in ((score, points), (actual, target)) if part is not None and whole]
        return share.value is not None and any(abs(100 * part / whole - share.value) <= 1 for part, whole in parts)


def _in_all(rows: Sequence[Placed], cells: Sequence[Cell], width: int) -> Placed:
    """The cells that stand in one place in all of the rows; those that do not have places from ``width`` on."""
    first, *others = rows
    kept = {at: cell for at, cell in first.items() if at < width and all(row.get(at) == cell for row in others)}
    begin = {(cell.line, cell.column): at for at, cell in enumerate(cells)}
    taken: set[int] = set()
    for cell in kept.values():
        at = begin[cell.line, cell.column]
        # A cell of several lines has the text of all of them.
        while cell.text and at < len(cells):
            taken.add(at)
            cell, at = cell._replace(text=cell.text.removeprefix(cells[at].text)), at + 1
    return kept | {width + at: cell for at, cell in enumerate(cells) if at not in taken}


def _whole(row: Row) -> Cell:
    return row.filled[0]._replace(text=" ".join(cell.text for cell in row.filled))


@lru_cache(maxsize=4096)
def _width(text: str) -> float:
    """How wide a text prints, in Chinese characters: letters and figures of the Latin script take half of one."""
    return sum(0.5 if character.isascii() else 1 for character in text)


def _alone(cell: Cell) -> Row:
    return Row((cell._replace(column=0),))


def _beside(cells: Sequence[Cell]) -> Row:
    return Row(tuple(cell._replace(column=place) for place, cell in enumerate(cells)))


def join(rows: Sequence[Row], words: ResultWords) -> list[Row]:
    """The lines of a sheet without columns as rows of cells."""
    return [*Joiner(rows, words).rows()]
