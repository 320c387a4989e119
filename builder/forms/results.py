"""The rows of one results sheet → its headings with their values, its money, and its scored indicators.

    资金（万元）   | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分      a header of money, and its rows
    年度资金总额   | 100        | 120        | 108        | 10   | 90%    | 9
    年度总体目标   | 预期目标   |            | 实际完成情况                            headings, their texts beside or below
    三级指标       | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因                   a header of indicators, and its rows
    总分           |            |            | 100  | 96

A cell is read only under its own heading: a row that does not stand under its headings is ambiguous, as figures of one
shape (分值, 得分) cannot be told by what they look like.
"""

import re
from collections.abc import Mapping, Sequence

from builder.forms.cells import LEVELS
from builder.forms.flow import LOOSE
from builder.forms.form import Segment, repeats
from builder.forms.headings import is_furniture, is_section
from builder.forms.ledger import Ledger
from builder.forms.result_words import (
    ASIDE,
    MONEY,
    OF_MONEY,
    POINTS,
    PROSE,
    SHARED,
    TAIL,
    TICKED,
    Col,
    Columns,
    Meaning,
    Placed,
    ResultWords,
)  # fmt: skip
from builder.forms.table import LONGEST_HEADING, Heading
from builder.model import Cell, Filed, FiledResult, Row
from builder.settings import Settings
from builder.text import bracket_unit, fold, is_number

ACTUAL = ("actual", False)
_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])月")
# 完成情况如下表：
_ANNOUNCES = re.compile("[:：]$")
_IN_BRACKETS = re.compile(r"\((\d{1,3})分")
_NAME_WITH_POINTS = re.compile(r"(.+?)\s*[(（](\d{1,3}(?:\.\d+)?)分[)）]", re.DOTALL)
# Lines of a template that nobody filled in: 指标1：, ……
_EMPTY_NAME = re.compile(r"(指标\d*:?)?[.…·]*")


class ResultReader:
    """Reads the rows of one sheet; its state is what has been found so far."""

    def __init__(self, number: int, segment: Segment, settings: Settings, ledger: Ledger) -> None:
        self.number, self.kind, self.segment = number, segment.kind, segment
        self.settings, self.ledger = settings, ledger
        self.words = ResultWords(settings)
        self.has_tables = any(row.table is not None for row in segment.rows)
        self.fields: dict[str, Filed] = {}
        self.funding: list[tuple[str, Mapping[str, Filed]]] = []
        self.whole: dict[str, Filed] = {}
        """What is said of the whole budget outside of a table."""
        self.indicators: list[Mapping[str, Filed]] = []
        self.levels: dict[str, Filed] = {}
        self.places: set[str] = set()
        self.unit: str | None = None
        self.waiting: list[tuple[Cell, str]] = []
        self.overall: tuple[str, Cell] | None = None
        """The goal of a longer time, which stands for that of the year where a sheet prints no other."""
        self.money: Columns = {}
        self.money_name: Cell | None = None
        self.margin_points: Filed | None = None
        self.scored: Columns = {}
        self.table: int | None = None
        """The table of the document in which the last header stands; ``None`` for text, whose lines are in none."""

    def read(self, rows: Sequence[Row]) -> FiledResult:
        """The sheet, its ``rows`` as the segment's, or joined from lines without columns."""
        headed, within = list[Row](), False
        for at, row in enumerate(rows):
            if within:
                within = False
                continue
            found: Sequence[Heading] = ()
            if row.table is None and row.filled[0].column >= LOOSE and bracket_unit(row.text) is None:
                # Of text without columns, a line that may be of one text or of another.
                continue
            if any(repeats(row, earlier) for earlier in headed) or self.words.is_titled(row):
                self.ledger.set_aside(row.filled)
            elif found := self.words.header(rows, at, self.words.money_field):
                self.money, self.scored = self._begin(found, self.words.money_field, row.table), {}
            elif found := self.words.header(rows, at, self.words.scored_field):
                self.scored, self.money = self._begin(found, self.words.scored_field, row.table), {}
            elif is_furniture(row, self.settings):
                self._month(Heading(row.filled))
                self.ledger.set_aside(row.filled)
            elif self._is_below(row):
                self.money, self.scored = {}, {}
                self._head(row, None)
            elif not (self.money and self._money_row(row)) and not (self.scored and self._scored_row(row)):
                self._head(row, rows[at + 1] if at + 1 < len(rows) else None)
            within = any(len(one.cells) > 1 for one in found)
            headed += rows[at : at + 1 + within] if found else ()
        if self.overall is not None and "goal" in self.fields:
            self.ledger.set_aside([self.overall[1]])
        elif self.overall is not None:
            self._assign("goal", *self.overall)
        if self.whole and not any(source == "whole" for source, _ in self.funding):
            first = next(iter(self.whole.values()))
            self.funding.insert(0, ("whole", {"label": first._replace(text=first.label), **self.whole}))
        if self.table is not None and not self.segment.flowing:
            # The prose of a report around its tables.
            self.ledger.set_aside(row.filled[0] for row in rows if row.table is None and len(row.filled) == 1)
        title = self.segment.title
        return FiledResult(
            self.number,
            self.kind,
            title.filled[0].text if title else "",
            self.fields,
            tuple(self.funding),
            tuple(self.indicators),
            self.segment.start or self.segment.rows[0].line,
            max(row.filled[-1].line for row in self.segment.rows if row.filled),
            title.line if title else self.segment.rows[0].line,
            frozenset(self.places),
        )

    # Tables

    def _begin(self, found: Sequence[Heading], field: Meaning, table: int | None) -> Columns:
        """Account for a header's cells; an unknown heading is reported, and what stands under it stays unread."""
        known = self.words.columns(found, field)
        of_money = field == self.words.money_field
        first, self.waiting, self.table = min(known), [], table
        self.money_name = found[0].own
        for one in found:
            for over in one.cells[:-1]:
                self.ledger.take(over)
            cell = one.own
            if of_money:
                self.unit = bracket_unit(one.text) or self.unit
            if cell.column in known:
                field_of_column = known[cell.column].field
                self.places.add(f"{'money' if of_money else 'indicator'}.{field_of_column}")
                if of_money and field_of_column == "score":
                    self._points(cell)
                self._month(one)
                self.ledger.take(cell)
            elif is_section(cell.text, self.settings) or cell.column < first:
                self._section(cell, of_money)
            else:
                self.ledger.report("label-unknown", cell.line, label=cell.text, actual=cell.text)
                self.ledger.give_up([cell])
                known[cell.column] = Col("", cell.text)
        return dict(sorted(known.items()))

    def _is_below(self, row: Row) -> bool:
        """Whether a row stands under the table, in no table itself, or has headings with their values in its cells."""
        is_text = row.table is None and self.table is not None
        return is_text or all(self.words.inline_of(cell) for cell in row.filled)

    def _month(self, heading: Heading) -> None:
        """The month at whose end figures of monitoring stand: 1-7月执行数, 半年度执行情况."""
        key = fold(heading.text)
        found = "6" if "半年" in key else next(reversed(_MONTH.findall(key)), None)
        if self.kind == "monitoring" and found is not None:
            self.fields.setdefault("until_month", Filed(found, heading.own.line, heading.text))

    def _section(self, cell: Cell, of_money: bool = False) -> None:
        """A heading that only groups others, or gives the unit of money; one that is none, and no heading either, stays
        unread."""
        known = (
            (of_money and bracket_unit(cell.text) is not None)
            or self.words.field_of(cell) is not None
            or self.words.source_of(cell.text) is not None
        )
        if known or is_section(cell.text, self.settings):
            self.unit = bracket_unit(cell.text) or self.unit
            self._points(cell)
            self.ledger.set_aside([cell])

    def _points(self, cell: Cell) -> None:
        """The points that a heading gives in brackets: 预算执行情况（10分）, 得分（20分*执行率）."""
        if points := _IN_BRACKETS.search(fold(cell.text)):
            self.margin_points = Filed(points[1], cell.line, cell.text)

    def _placed(self, row: Row, cells: Sequence[Cell], columns: Columns) -> Placed | None:
        """The cells by field; ``None`` where two stand under one heading, or one does not fit its own."""
        placed: dict[str, list[tuple[Cell, Col]]] = {}
        aside: list[Cell] = []
        for cell in cells:
            place = max((start for start in columns if start <= cell.column < LOOSE), default=None)
            if place is None:
                return None
            column = columns[place]
            if column.field == "aside" or self.words.is_blank(column.field, cell):
                aside.append(cell)
            elif column.field:
                if (column.field in placed and column.field not in SHARED) or not self.words.can_be(column.field, cell):
                    return None
                placed.setdefault(column.field, []).append((cell, column))
        if "points" in placed and "score" not in placed and self._is_cut_short(row, columns):
            return None
        self.ledger.set_aside(aside)
        return placed

    def _is_cut_short(self, row: Row, columns: Columns) -> bool:
        """Whether a line of text ends before 得分: then a cell may be missing, and what is under 分值 be the score."""
        score = next((start for start, column in columns.items() if column.field == "score"), None)
        return score is not None and row.cells[-1].column < score

    def _ambiguous(self, row: Row) -> bool:
        self.ledger.report("row-ambiguous", row.line, text=row.text, actual=row.text)
        self.ledger.give_up(row.filled)
        self.places.add("unread")
        # A level may stand among what was not read.
        self.levels.clear()
        return True

    def _filed(self, placed: Placed) -> dict[str, Filed]:
        for parts in placed.values():
            for cell, _ in parts:
                self.ledger.take(cell)
        return {
            name: self._said(parts)
            if name in SHARED
            else _at(*parts[0], bracket_unit(parts[0][1].heading) or self.unit)
            for name, parts in placed.items()
        }

    def _said(self, parts: Sequence[tuple[Cell, Col]]) -> Filed:
        """Columns of one thing as one text: 经费保障 √, 原因说明 资金未到 → 经费保障；资金未到."""
        said = []
        for cell, column in parts:
            alone = not column.over or self.settings.result.find(column.heading) is not None
            alone = alone or fold(cell.text) in self.settings.results.likelihoods
            ticked = fold(cell.text) in TICKED
            said.append(column.heading if ticked else cell.text if alone else f"{column.heading}：{cell.text}")
        cell, column = parts[0]
        return Filed("；".join(said), cell.line, column.over or column.heading)

    def _money_row(self, row: Row) -> bool:
        """Read a row of money: its source, and its figures. Whether it is one."""
        first = min(self.money)
        left = [cell for cell in row.filled if cell.column < first]
        figures = [cell for cell in row.filled if cell.column >= first]
        if not left and self.money_name is not None:
            # One row of figures right under the header needs no name of its own.
            if (placed := self._placed(row, figures, self.money)) is None:
                return self._ambiguous(row)
            self._fund("whole", self.money_name, placed)
            return True
        named = [cell for cell in left if not is_section(cell.text, self.settings)]
        # 按支出性质分 | 基本支出 | 1200: what the rows are parted by stands before their names.
        named = [cell for cell in named if cell is named[-1] or self.words.field_of(cell) != "aside"]
        if len(named) != 1 and len(left) != 1:
            return False
        cell = (named or left)[0]
        source = self.words.source_of(cell.text)
        known = self.words.field_of(cell)
        if source is None and (known not in (None, *ASIDE) or not figures):
            return False
        placed = self._placed(row, figures, self.money)
        if placed is None:
            return source is not None and self._ambiguous(row)
        self.ledger.set_aside(item for item in left if item is not cell)
        if source is not None:
            self._fund(source, cell, placed)
        elif known is not None:
            self.ledger.set_aside(row.filled)
        elif placed:
            self.ledger.report("label-unknown", cell.line, label=cell.text, actual=cell.text)
            self.ledger.give_up(row.filled)
        return source is not None or known is not None or bool(placed)

    def _fund(self, source: str, name: Cell, placed: Placed) -> None:
        self.ledger.take(name)
        self.money_name = None
        filed = self._filed(placed)
        if source == "whole":
            if "points" not in filed and self.margin_points is not None:
                filed["points"] = self.margin_points
        else:
            # Rates and points of a part are the whole's over again.
            filed = {key: value for key, value in filed.items() if key in MONEY}
        self.funding.append((source, {"label": Filed(name.text, name.line, name.text), **filed}))

    def _scored_row(self, row: Row) -> bool:
        """Read a row of an indicator, of levels alone, or the sum of the points. Whether it is one."""
        first = min(self.scored)
        margin = [cell for cell in row.filled if cell.column < first]
        cells = [cell for cell in row.filled if cell.column >= first]
        loose = [cell for cell in cells if cell.column >= LOOSE]
        if loose and len(loose) < len(cells):
            # Of text without columns, a row of which some cells could stand in several.
            self.ledger.report("row-ambiguous", row.line, text=row.text, actual=" | ".join(cell.text for cell in loose))
            self.ledger.give_up(loose)
            self.places.add("unread")
            cells = cells[: -len(loose)]
        field = self.words.field_of(row.filled[0])
        if field == "total_score":
            return not any(self.words.field_of(cell) for cell in row.filled[1:]) and self._total(row)
        if any(not is_section(cell.text, self.settings) and self.words.field_of(cell) != "aside" for cell in margin):
            return False
        if field in TAIL or (field and not cells[2:]):
            return False
        if field == "aside" and all(is_number(cell.text) for cell in row.filled[1:]):
            self.ledger.set_aside(row.filled)
            return True
        placed = self._placed(row, cells, self.scored)
        if placed is None:
            return self._ambiguous(row)
        if placed.keys() <= {*LEVELS, "name"} and all(
            _EMPTY_NAME.fullmatch(fold(cell.text)) for cell, _ in placed.get("name", ())
        ):
            self._hold(self._filed({name: parts for name, parts in placed.items() if name in LEVELS}))
            self.ledger.set_aside(row.filled)
            return True
        if "name" not in placed:
            return self._ambiguous(row)
        for cell in margin:
            self._section(cell)
        values = self._filed(placed)
        if not any(column.field == "points" for column in self.scored.values()) and (
            pointed := _NAME_WITH_POINTS.fullmatch(values["name"].text)
        ):
            # 市民满意度（10分）, where no column gives the points.
            values["points"] = values["name"]._replace(text=pointed[2])
            values["name"] = values["name"]._replace(text=pointed[1])
        self._hold({name: values[name] for name in LEVELS if name in values})
        self.indicators.append(self.levels | values)
        return True

    def _hold(self, named: Mapping[str, Filed]) -> None:
        """The levels from here on; a new first level forgets the second of the one before."""
        if "level1" in named:
            self.levels.clear()
        self.levels |= named

    def _total(self, row: Row) -> bool:
        """Read the sum under the table: ``总分 | 100 | 96``, each under its heading."""
        head, *figures = row.filled
        label = self.settings.result.find(head.text)
        is_score = label is not None and label.field == "score"
        if len(figures) == 1 and (is_score or not any(column.field == "points" for column in self.scored.values())):
            # One figure, wherever it stands: 自评得分 | 96.19.
            place = next((start for start, column in self.scored.items() if column.field == "score"), None)
            if place is not None:
                self.ledger.take(figures[0])
                figures = [figures[0]._replace(column=place)]
        placed = self._placed(row, figures, self.scored)
        if placed is None or not placed.keys() <= {*POINTS}:
            return self._ambiguous(row)
        self.ledger.take(head)
        for name, filed in self._filed(placed).items():
            self.fields.setdefault("total_score" if name == "score" else "total_points", filed)
        return True

    # Headings and their values

    def _head(self, row: Row, below: Row | None) -> None:
        """Headings with their values beside them, or below them in the next row."""
        above, self.waiting = self.waiting, []
        heading: tuple[Cell, str] | None = None
        fields = [self.words.field_of(cell) for cell in row.filled]
        if self._is_of_unknown_table(row, fields) or (
            fields[0] == "total_score" and len(fields) > 2 and None is fields[1] is fields[2]
        ):
            self._ambiguous(row)
            return
        if len(fields) == 2 and fields == [None, None] and "goal" in self.fields and "goal_result" not in self.fields:
            # 完成情况 beside a text, below the goal.
            fields[0] = "goal_result" if self.words.scored_field(row.filled[0].text) == ACTUAL else None
        for place, cell in enumerate(row.filled[1:], 1):
            # 年初目标 | 完成情况, over their texts: what came of the goal, as it would be of an indicator in a table.
            if "goal" in fields[:place] and fields[place] is None and self.words.scored_field(cell.text) == ACTUAL:
                fields[place] = "goal_result"
        for cell, field in zip(row.filled, fields, strict=True):
            pairs = self.words.inline_of(cell) if heading is None else []
            if field is not None:
                if heading is not None:
                    self.waiting.append(heading)
                heading = cell, field
                self.unit = bracket_unit(cell.text) or self.unit if len(row.filled) == 1 else self.unit
                self.ledger.take(cell)
            elif pairs:
                for name, text, value in pairs:
                    if value:
                        self._assign(name, text, cell._replace(text=value))
                self.ledger.take(cell)
            elif heading is not None and self._is_heading_of(cell, row, fields, below):
                self.ledger.report("label-unknown", cell.line, label=cell.text, actual=cell.text)
                self.ledger.give_up([cell])
                self.waiting.append(heading)
                heading = None
            elif heading is not None and heading[1] in PROSE and self.words.is_word(cell.text):
                self.waiting.append(heading)
                heading = None
            elif heading is not None:
                if heading[1] not in PROSE or not _ANNOUNCES.search(cell.text):
                    self._assign(heading[1], heading[0].text, cell)
                # 分配科学性 | 情况说明 | 存在问题: all of the row is of what the tables do not hold.
                heading = heading if heading[1] == "aside" else None
            elif is_section(cell.text, self.settings) or self.words.source_of(cell.text) == "whole":
                self._section(cell)
            elif (over := self._over(cell, row, above)) and not _ANNOUNCES.search(cell.text):
                self._assign(over[0][1], over[0][0].text, cell)
        if heading is not None:
            self.waiting.append(heading)

    def _over(self, cell: Cell, row: Row, above: Sequence[tuple[Cell, str]]) -> Sequence[tuple[Cell, str]]:
        """The heading right above a cell. Over a row of more cells than headings, 合计 is the head of a column of it."""
        found = [item for item in above if item[0].column == cell.column]
        is_column = any(name not in PROSE for _, name in found) and len(row.filled) > len(above) + 1
        # 二、评价结论 over the lines of a report, of which a cell is the first.
        is_line = row.table is None and not self.segment.flowing and self.has_tables
        return [] if is_column or is_line else found

    def _is_of_unknown_table(self, row: Row, fields: Sequence[str | None]) -> bool:
        """Whether a row is the header of a table that was not found, or one of its rows of figures: in them words are no
        headings of what stands beside them.

            一级指标 | 某某栏   | 分值 | 得分
            决策     | 绩效目标 | 5    | 4
        """
        words = self.words
        meant = [words.scored_field(cell.text) or words.money_field(cell.text) for cell in row.filled]
        columns = [one for one in meant if one is not None and one[0] not in SHARED]
        figures = [cell for cell in row.filled if words.can_be("rate", cell)]
        headed = len(fields) - fields.count(None)
        is_row = len(figures) > 1 and headed == 1 and len(fields) > 3
        return is_row or (len(columns) > 2 and len(columns) + 2 >= len(fields))

    def _is_heading_of(self, cell: Cell, row: Row, fields: Sequence[str | None], below: Row | None) -> bool:
        """Whether a cell beside a heading is itself one that nobody knows: like another in its row that has nothing beside
        it, it has a text below it.

            绩效目标 | 承诺的目标 |      | 实际完成情况
                     | 值守      |      | 已值守
        """
        if below is None or len(cell.text) > LONGEST_HEADING or self.words.is_word(below.filled[0].text):
            return False
        under = {one.column for one in below.filled}
        side_by_side = zip(row.filled, fields, (*fields[1:], "end"), strict=True)
        waits = any(name in PROSE and after is not None and one.column in under for one, name, after in side_by_side)
        headed = [one.column for one, name in zip(row.filled, fields, strict=True) if name in {*PROSE, "goal_overall"}]
        waits = waits or any(0 < column < cell.column and column in under for column in headed)
        return waits and cell.column in under

    def _is_weak(self, heading: str) -> bool:
        label = self.settings.form.find(heading)
        return label is not None and label.weak

    def _assign(self, field: str, heading: str, cell: Cell) -> None:
        """File a cell under its heading. A second one of the same heading is reported, but for texts in parts; what is no
        figure beside 总分 stays unread."""
        filed = Filed(cell.text, cell.line, heading, bracket_unit(heading) or self.unit)
        if field in ASIDE:
            self.ledger.set_aside([cell])
        elif field == "goal_overall":
            self.overall = self.overall or (heading, cell)
        elif field in (*MONEY, "rate", "execution_score"):
            field = OF_MONEY.get(field, field)
            if field not in self.whole and self.words.can_be(field, cell):
                self.whole[field] = filed
                self.ledger.take(cell)
        elif field in PROSE and field in self.fields:
            earlier = self.fields[field]
            self.fields[field] = earlier._replace(text=f"{earlier.text}\n{cell.text}")
            self.ledger.take(cell)
        elif field == "total_score" and not self.words.can_be("score", cell):
            return
        elif field in self.fields and fold(self.fields[field].text) == fold(cell.text):
            self.ledger.take(cell)
        elif field in self.fields and self._is_weak(self.fields[field].label) and not self._is_weak(heading):
            # 单位名称 over the sheet is who fills it in where 主管部门 stands in it.
            self.fields.setdefault("reporting_unit", self.fields[field])
            self.fields[field] = filed
            self.ledger.take(cell)
        elif field in self.fields:
            self.ledger.report("label-repeated", cell.line, label=heading, actual=cell.text)
            self.ledger.give_up([cell])
        else:
            self.fields[field] = filed
            self.ledger.take(cell)


def _at(cell: Cell, column: Col, unit: str | None) -> Filed:
    return Filed(cell.text, cell.line, column.over + column.heading, unit)
