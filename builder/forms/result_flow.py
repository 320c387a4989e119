"""Flowing text of a results sheet → rows of cells under headings, where there is one way to put them there.

A viewer copies a table as one cell a line, or as one row a line with blanks between the cells; blank cells are lost, or
stay as blank lines. Headings are known by their words, so that each heading and its text become a row of two cells, and
each header and its rows a table. A row that can be cut in no way or in several stays as it was printed, loose of all
columns, for the reader to report: under 分值 and 得分 a figure more or less is another result.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence

from builder.forms.cells import LEVELS, fits
from builder.forms.flow import LOOSE
from builder.forms.headings import is_section
from builder.forms.result_words import MONEY, POINTS, PROSE, TAIL, Meaning, ResultWords
from builder.model import Cell, Row
from builder.settings import Settings
from builder.text import fold, is_number, label_key, quantity

Placed = Mapping[int, Cell]
"""The cells of a row by the number of their column."""
LONGEST_HEADING_IN_LINES = 3
LONGEST_UNIT = 3
# What a second level may be called where an evaluation names its own: 事项管理, and never a sentence or a figure.
_MAY_GROUP = re.compile(r"[^\W\d_]{2,10}")
# The next section of a report: 四、存在的问题.
_SECTION = re.compile("[一二三四五六七八九十]{1,3}、")
# A line that is broken by the width of a column is long; a short one is whole.
SHORTEST_BROKEN = 18
# Headings that may stand beside others, all their texts below them.
SIDE_BY_SIDE = frozenset({"goal", "goal_overall", "goal_result", "aside"})
# What ends a table of indicators. Other headings may be the name of an indicator: 预算执行率, 绩效目标.
AFTER = frozenset({"total_score", "contact", "contact_name", "contact_phone", "reporting_unit", *TAIL})
FIRST = 1
"""The place of a table's first column; in the margin before it stand headings and the names of rows."""


class Joiner:
    """Joins the lines of one sheet. ``words`` knows what headings mean."""

    def __init__(self, rows: Sequence[Row], words: ResultWords) -> None:
        self.lines = [row for row in rows if row.filled]
        self.words = words
        self.settings = words.settings
        self.open_levels = False
        """Whether the table is one of an evaluation, whose second levels are named as it likes."""
        self.fields: Sequence[str] = ()
        """The columns of the table above, as 总分 stands under them."""

    def rows(self) -> Iterator[Row]:
        at = 0
        while at < len(self.lines):
            if (table := self._table(at)) is not None:
                field, cells, names, after = table
                yield Row(tuple(cell._replace(column=place) for place, cell in enumerate(cells, FIRST)), table=1)
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

    def _table(self, at: int) -> tuple[Meaning, list[Cell], list[str], int] | None:
        """The header that begins at a line: what its words mean, its cells and fields, and the line after it."""
        for field in (self.words.money_field, self.words.scored_field):
            cells, after = self._header(at, field)
            names = [column.field for column in self.words.columns_of(cells, field)]
            if names and len(names) == len(cells):
                return field, cells, names, after
        return None

    def _end(self, at: int, of_money: bool = False) -> int:
        """The line on which a table has ended: another heading, header or title."""
        while at < len(self.lines) and not self._ends(at, of_money):
            at += 1
        return at

    def _ends(self, at: int, of_money: bool) -> bool:
        if of_money and self.words.source_of(self.lines[at].filled[0].text) is not None:
            return False
        named = self.words.field_of(self.lines[at].filled[0])
        if _SECTION.match(self._text(at)):
            return True
        if self.fields and not (named in AFTER or self.words.inline_of(self._cell(at))):
            return self.words.is_titled(self.lines[at])
        if self._is_heading(at) or self.words.is_titled(self.lines[at]):
            return True
        return self._table(at) is not None

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
            return [Row((self._cell(at),))], at + 1
        headings = [self._cell(one) for one in range(at, run)]
        fields = [self._field(one) for one in range(at, run)]
        end = self._end(run)
        if fields[-1] == "total_score":
            return [*map(_alone, headings[:-1]), self._total(headings[-1], run, end)], end
        if sum(name in SIDE_BY_SIDE for name in fields) > 1:
            # Over columns that stood side by side: one text for each, or which is whose cannot be told.
            count = end - run
            beside = [name for name in fields[-count:] if name in SIDE_BY_SIDE] if count > 1 else []
            in_margin = fields[: len(fields) - count]
            if len(beside) == count and (not in_margin or (len(in_margin) == 1 and beside[0] == "goal")):
                texts = (self._cell(one) for one in range(run, end))
                pairs = zip(headings[-count:], texts, strict=True)
                return [*map(_alone, headings[:-count]), *(_beside([name, text]) for name, text in pairs)], end
            return [*map(_alone, headings), *(Row((self._loose(one),)) for one in range(run, end))], end
        whole = run
        if whole < end:
            whole += 1
            prose = fields[-1] in PROSE
            while prose and whole < end and len(self._text(whole - 1)) >= SHORTEST_BROKEN:
                whole += 1
        value = [self._cell(run)._replace(text="".join(self._text(one) for one in range(run, whole)))]
        rows = [*map(_alone, headings[:-1]), _beside([headings[-1], *(value if whole > run else [])])]
        return [*rows, *(Row((self._loose(one),)) for one in range(whole, end))], end

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
            if self.words.source_of(unit.text) is not None:
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
        kept: list[Container[str]] = [(*MONEY, "rate", *POINTS), *([(*MONEY, "rate"), MONEY] if of_part else [])]
        for fields in kept:
            if len(figures) != len(columns):
                columns = [place for place in columns if names[place] in fields]
        fit = len(figures) == len(columns) and all(
            self.words.can_be(names[place], cell) or self.words.is_blank(names[place], cell)
            for place, cell in zip(columns, figures, strict=True)
        )
        return dict(zip(columns, figures, strict=True)) if fit else None if figures else {}

    def _scored(self, start: int, end: int, names: Sequence[str], by_line: bool) -> Iterator[Row]:
        first = self.settings.results.evaluation_levels.get("level1", ())
        units = self._units(start, end, by_line)
        self.open_levels = any(label_key(cell.text) in first and not self._is_promised(cell) for cell in units)
        if by_line:
            found = self._by_blank_lines(start, end, names) or self._cut(units, names)
        else:
            found = [one for line in self.lines[start:end] for one in self._cut(line.filled, names, of_one_row=True)]
        for row in found:
            if isinstance(row, Cell):
                yield Row((row._replace(column=LOOSE + row.column),), table=1)
            else:
                yield Row(tuple(cell._replace(column=FIRST + place) for place, cell in sorted(row.items())), table=1)

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

        Columns of remarks are mostly blank: if there is one way without them, it is that.
        """
        without = self._in_every_way(units, names, False)
        if any(isinstance(row, Cell) for row in without):
            without = self._in_every_way(units, names, True)
        return units if of_one_row and len(without) != 1 else without

    def _in_every_way(self, units: Sequence[Cell], names: Sequence[str], remarks: bool) -> list[Placed | Cell]:
        rows = [[*self._row_at(units, at, names, remarks)] for at in range(len(units))]
        # How many ways there are from each cell to the end, and from the beginning to each.
        onward = [0] * len(units) + [1]
        for at in range(len(units) - 1, -1, -1):
            onward[at] = sum(onward[end] for end, _ in rows[at])
        ways = [1] + [0] * len(units)
        for at, found in enumerate(rows):
            for end, _ in found:
                ways[end] += ways[at]
        result: list[Placed | Cell] = []
        at = 0
        while at < len(units):
            certain = [(end, row) for end, row in rows[at] if ways[at] * onward[end] == onward[0] > 0]
            at, row = certain[0] if certain else (at + 1, units[at])
            result.append(row)
        return result

    def _row_at(
        self, units: Sequence[Cell], at: int, names: Sequence[str], remarks: bool
    ) -> Iterator[tuple[int, Placed]]:
        required = {"name", "target"}
        for closed, sure in (("score", {"actual", *POINTS}), ("likelihood", {"actual", "forecast", "likelihood"})):
            required |= sure & {*names} if closed in names else set()

        def extend(place: int, column: int, row: Placed) -> Iterator[tuple[int, Placed]]:
            if column == len(names):
                if self._makes_sense({names[one]: cell for one, cell in row.items()}):
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
            if taken:
                yield from extend(place + 1, column + 1, {**row, column: units[place]})
            if name not in required and not (taken and name in LEVELS and self._is_level(name, units[place])):
                yield from extend(place, column + 1, row)

        yield from extend(at, 0, {})

    def _fits(self, name: str, cell: Cell, following: Cell | None) -> bool:
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
        if name == "likelihood":
            return fold(text) in self.settings.results.likelihoods
        if name in ("reason", "aside"):
            known = is_number(key.removesuffix("%")) or fold(text) in self.settings.results.outcomes
            is_other = known or (name == "reason" and self._amount(text))
            return not is_other and not any(self._is_level(level, cell) for level in LEVELS)
        if name == "name":
            return fits(name, text, tokens=tokens) and not self._amount(text) and not text.endswith("。")
        if name == "unit":
            return fits(name, text, tokens=tokens) and not any(character.isdecimal() for character in text)
        if name == "forecast" and fold(text) in self.settings.results.likelihoods:
            return False
        if name in ("target", "actual", "forecast"):
            return key not in tokens.level2 or not key.endswith("指标")
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
        tokens = self.settings.tokens
        found = quantity(text, tokens.comparison, tokens.suffix)
        return is_number(text) or (found.value is not None and self._is_unit(found.unit or ""))

    def _is_unit(self, text: str) -> bool:
        return len(text) <= LONGEST_UNIT or "/" in text or fold(text).lstrip("十百千万亿个") in self.settings.units

    def _makes_sense(self, row: Mapping[str, Cell]) -> bool:
        """Whether a row can be one: where a cell before it was left blank, name, target and outcome are others' cells."""
        name, target, actual = (row[key].text if key in row else "" for key in ("name", "target", "actual"))
        counted = self._amount(target)
        again = (fold(name), fold(row["reason"].text) if "reason" in row else None)
        if ("target" in row and fold(target) in again) or (not counted and quantity_sign(actual, self.settings)):
            return False
        if {*POINTS} <= row.keys() and "reason" not in row and row["points"].text != row["score"].text:
            return (counted and self._amount(actual)) or fold(actual) in self.settings.results.outcomes
        return True


def quantity_sign(text: str, settings: Settings) -> bool:
    """Whether a text is an amount with a sign, as targets are: ≥95%."""
    return quantity(text, settings.tokens.comparison, settings.tokens.suffix).comparison not in (None, "eq")


def _alone(cell: Cell) -> Row:
    return Row((cell._replace(column=0),))


def _beside(cells: Sequence[Cell]) -> Row:
    return Row(tuple(cell._replace(column=place) for place, cell in enumerate(cells)))


def join(rows: Sequence[Row], words: ResultWords) -> list[Row]:
    """The lines of a sheet without columns as rows of cells."""
    return [*Joiner(rows, words).rows()]
