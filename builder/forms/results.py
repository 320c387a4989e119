"""The rows of one results sheet → its headings with their values, its money, and its scored indicators.

    资金（万元）   | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分      a header of money, and its rows
    年度资金总额   | 100        | 120        | 108        | 10   | 90%    | 9
    年度总体目标   | 预期目标   |            | 实际完成情况                            headings, their texts beside or below
    三级指标       | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因                   a header of indicators, and its rows
    总分           |            |            | 100  | 96

A cell is read only under its own heading: a row that does not stand under its headings is ambiguous, as figures of one
shape (分值, 得分) cannot be told by what they look like.
"""

from collections.abc import Callable, Mapping, Sequence

from builder.forms import kinds
from builder.forms.cells import LEVELS, fits
from builder.forms.form import Segment, repeats
from builder.forms.headings import inline, is_furniture, is_section, is_title
from builder.forms.ledger import Ledger
from builder.model import Cell, Filed, FiledResult, Row
from builder.settings import Settings
from builder.settings.vocabulary import Label
from builder.text import bracket_unit, fold, is_number

# The kinds of data/labels.yml ``other_kinds`` whose sheets are read.
KINDS = frozenset({"self_evaluation"})
MONEY = ("initial", "adjusted", "executed")
FIGURES = frozenset({*MONEY, "points", "score"})
# Fields of a target form that a results sheet prints too, and that its tables hold.
KEPT = frozenset({"name", "project_code", "department", "reporting_unit", "implementing_unit", "unit", "goal"})
# Those that its tables have no column for: a known heading whose value the source's page shows.
ASIDE = frozenset(
    {"aside", "attribute", "remark", "period", "project_type", "serial_no", "contact", "contact_name", "contact_phone"}
    | {"central_department", "overview", "basis", "goal_overall"}
)
# What stands below the table of indicators.
TAIL = frozenset({"grade", "conclusion", "problems", "measures"})
Columns = Mapping[int, tuple[str, str]]
"""Each column's field and heading, by the place where it begins, in order; it goes on to where the next begins."""
Meaning = Callable[[str], str | None]


class ResultReader:
    """Reads the rows of one sheet; its state is what has been found so far."""

    def __init__(self, number: int, kind: str, segment: Segment, settings: Settings, ledger: Ledger) -> None:
        self.number, self.kind, self.segment = number, kind, segment
        self.settings, self.ledger = settings, ledger
        self.fields: dict[str, Filed] = {}
        self.funding: list[tuple[str, Mapping[str, Filed]]] = []
        self.indicators: list[Mapping[str, Filed]] = []
        self.levels: dict[str, Filed] = {}
        self.places: set[str] = set()
        self.unit: str | None = None
        self.waiting: list[tuple[Cell, str]] = []
        self.money: Columns = {}
        self.money_name: Cell | None = None
        self.scored: Columns = {}

    def read(self) -> FiledResult:
        rows, headed = self.segment.rows, list[Row]()
        for row in rows:
            again = any(repeats(row, earlier) for earlier in headed)
            if again or is_title(row, self.settings) or kinds.titled(row, self.settings):
                self.ledger.set_aside(row.filled)
            elif money := self._header(row, self._money_field):
                self.money, self.scored = self._begin(row, money), {}
                headed.append(row)
            elif scored := self._header(row, self._scored_field):
                self.scored, self.money = self._begin(row, scored), {}
                headed.append(row)
            elif is_furniture(row, self.settings):
                self.ledger.set_aside(row.filled)
            elif not (self.money and self._money_row(row)) and not (self.scored and self._scored_row(row)):
                self._head(row)
        title = self.segment.title
        return FiledResult(
            self.number,
            self.kind,
            title.filled[0].text if title else "",
            self.fields,
            tuple(self.funding),
            tuple(self.indicators),
            self.segment.start or rows[0].line,
            max(row.filled[-1].line for row in rows if row.filled),
            title.line if title else rows[0].line,
            frozenset(self.places),
        )

    # Tables

    def _money_field(self, text: str) -> str | None:
        label = self.settings.result.find(text)
        if label is not None:
            return label.field if label.field in (*MONEY, "rate", "score", "reason") else None
        column = self.settings.indicator.find(text)
        return "points" if column is not None and column.field == "weight" else None

    def _scored_field(self, text: str) -> str | None:
        label = self.settings.result.find(text)
        if label is not None and label.field in ("actual", "goal_result", "score", "reason"):
            return "actual" if label.field == "goal_result" else label.field
        column = self.settings.indicator.find(text)
        if column is None:
            return None
        return {"weight": "points", "ordinal": "aside", "note": "aside", "is_core": "aside"}.get(
            column.field, column.field
        )

    def _header(self, row: Row, field: Meaning) -> Columns:
        """The columns of a header row: of money, two of its figures; of indicators, a name and what came of it."""
        found = {cell.column: (name, cell.text) for cell in row.filled if (name := field(cell.text)) is not None}
        names = [name for name, _ in found.values()]
        if any(names.count(name) > 1 for name in names if name != "aside"):
            return {}
        of_money = sum(name in MONEY for name in names) >= 2
        return found if of_money or {"name", "actual"} <= {*names} else {}

    def _begin(self, row: Row, columns: Columns) -> Columns:
        """Account for a header's cells; an unknown heading is reported, and what stands under it stays unread."""
        first, known = min(columns), dict(columns)
        self.money_name = row.filled[0] if row.filled[0].column < first else None
        self.waiting = []
        for cell in row.filled:
            if cell.column in columns:
                self.places.add(f"indicator.{columns[cell.column][0]}")
                self.unit = bracket_unit(cell.text) or self.unit
                self.ledger.take(cell)
            elif is_section(cell.text, self.settings) or cell.column < first:
                self._section(cell)
            else:
                self.ledger.report("label-unknown", cell.line, label=cell.text, actual=cell.text)
                self.ledger.give_up([cell])
                known[cell.column] = ("", cell.text)
        return dict(sorted(known.items()))

    def _section(self, cell: Cell) -> None:
        """A heading that only groups others; one that is none, and no heading either, stays unread."""
        if is_section(cell.text, self.settings) or self._field(cell) is not None:
            self.unit = bracket_unit(cell.text) or self.unit
            self.ledger.set_aside([cell])

    def _placed(self, cells: Sequence[Cell], columns: Columns) -> dict[str, Cell] | None:
        """The cells by field; ``None`` where two stand under one heading, or one does not fit its own."""
        placed: dict[str, Cell] = {}
        unknown: list[Cell] = []
        for cell in cells:
            place = max((start for start in columns if start <= cell.column), default=None)
            if place is None:
                return None
            name = columns[place][0]
            if name == "":
                unknown.append(cell)
            elif name in placed and name != "aside":
                return None
            elif self._is_blank(name, cell) or name == "aside":
                self.ledger.set_aside([cell])
            elif not self._fits(name, cell):
                return None
            else:
                placed[name] = cell
        return placed

    def _is_blank(self, name: str, cell: Cell) -> bool:
        """Whether a cell says that it is left blank: ``—`` under 得分 is no score, and no zero."""
        return name in (*FIGURES, "rate", "reason", "unit") and fold(cell.text) in self.settings.tokens.no_unit

    def _fits(self, name: str, cell: Cell) -> bool:
        if name in FIGURES:
            key = fold(cell.text).removesuffix("分") if name in ("points", "score") else fold(cell.text)
            return is_number(key.removesuffix("亿元").removesuffix("万元").removesuffix("元"))
        return name in ("actual", "rate", "reason") or fits(name, cell.text, True, tokens=self.settings.tokens)

    def _ambiguous(self, row: Row) -> None:
        self.ledger.report("row-ambiguous", row.line, text=row.text, actual=row.text)
        self.ledger.give_up(row.filled)

    def _filed(self, placed: Mapping[str, Cell], columns: Columns) -> dict[str, Filed]:
        headings = dict(columns.values())
        for cell in placed.values():
            self.ledger.take(cell)
        return {
            name: Filed(cell.text, cell.line, headings[name], bracket_unit(headings[name]) or self.unit)
            for name, cell in placed.items()
        }

    def _money_row(self, row: Row) -> bool:
        """Read a row of money: its source, and its figures. Whether it is one."""
        first = min(self.money)
        if row.filled[0].column >= first and self.money_name is not None:
            # One row of figures right under the header needs no name of its own.
            if (placed := self._placed(row.filled, self.money)) is None:
                self._ambiguous(row)
            else:
                label = Filed(self.money_name.text, self.money_name.line, self.money_name.text)
                self.funding.append(("whole", {"label": label, **self._filed(placed, self.money)}))
                self.money_name = None
            return True
        left = [cell for cell in row.filled if cell.column < first]
        sources = [(cell, source) for cell in left if (source := self._source(cell.text)) is not None]
        if len(sources) != 1 or any(not is_section(c.text, self.settings) for c in left if c is not sources[0][0]):
            return False
        cell, source = sources[0]
        figures = [item for item in row.filled if item.column >= first]
        placed = self._placed(figures, self.money)
        if placed is None:
            self._ambiguous(row)
            return True
        for item in left:
            if item is not cell:
                self._section(item)
        self.ledger.take(cell)
        self.money_name = None
        if source != "whole":
            # Rates and points of a part are the whole's over again, or dashes.
            self.ledger.set_aside(placed.pop(name) for name in ("rate", "points", "score") if name in placed)
        if not self.funding and "reason" in placed:
            self.fields.setdefault(
                "execution_reason", self._filed({"reason": placed.pop("reason")}, self.money)["reason"]
            )
        self.funding.append(
            (source, {"label": Filed(cell.text, cell.line, cell.text), **self._filed(placed, self.money)})
        )
        return True

    def _source(self, text: str) -> str | None:
        for labels in (self.settings.result, self.settings.form):
            if (label := labels.find(text)) is not None:
                if label.field in ("whole", "budget", "total", "total_score"):
                    return "whole"
                if label.field.startswith("funding."):
                    return label.field.removeprefix("funding.")
        return None

    def _scored_row(self, row: Row) -> bool:
        """Read a row of an indicator, of levels alone, or the sum of the points. Whether it is one."""
        first = min(self.scored)
        margin = [cell for cell in row.filled if cell.column < first]
        cells = [cell for cell in row.filled if cell.column >= first]
        head = row.filled[0]
        field = self._field(head)
        if field == "total_score":
            self._total(row)
            return True
        if (
            any(not is_section(cell.text, self.settings) for cell in margin)
            or field in TAIL
            or (field and not cells[2:])
        ):
            return False
        placed = self._placed(cells, self.scored)
        only_levels = placed is not None and placed.keys() <= {*LEVELS}
        if placed is None or ("name" not in placed and not only_levels):
            self._ambiguous(row)
            return True
        for cell in margin:
            self._section(cell)
        values = self._filed(placed, self.scored)
        if "level1" in values:
            self.levels.clear()
        self.levels |= {name: values[name] for name in LEVELS if name in values}
        if not only_levels:
            self.indicators.append(self.levels | values)
        return True

    def _total(self, row: Row) -> None:
        """Read the sum under the table: ``总分 | 100 | 96``, each under its heading."""
        head, *figures = row.filled
        placed = self._placed(figures, self.scored)
        if placed is None or not placed.keys() <= {"points", "score"}:
            self._ambiguous(row)
            return
        self.ledger.take(head)
        for name, filed in self._filed(placed, self.scored).items():
            self.fields.setdefault("total_score" if name == "score" else "total_points", filed)

    # Headings and their values

    def _field(self, cell: Cell) -> str | None:
        """The field that a heading outside of the tables is of."""
        label: Label | None = self.settings.result.find(cell.text)
        if label is None or label.field in (*MONEY, "rate", "score", "reason", "actual"):
            label = self.settings.form.find(cell.text)
        if label is None:
            return None
        known = label.field in KEPT | ASIDE
        return label.field if known or label is self.settings.result.find(cell.text) else None

    def _head(self, row: Row) -> None:
        """Headings with their values beside them, or below them in the next row."""
        above, self.waiting = self.waiting, []
        if len(row.filled) > 2 and self._field(row.filled[0]) == "total_score":
            self._ambiguous(row)
            return
        heading: tuple[Cell, str] | None = None
        for cell in row.filled:
            pairs = inline(cell, self.settings) if heading is None else []
            pairs = pairs if all(pair.label.field in KEPT | ASIDE for pair in pairs) else []
            field = self._field(cell)
            if field is not None:
                if heading is not None:
                    self.waiting.append(heading)
                heading = cell, field
                self.ledger.take(cell)
            elif pairs:
                for pair in pairs:
                    self._assign(pair.label.field, pair.heading, cell._replace(text=pair.value))
                self.ledger.take(cell)
            elif heading is not None:
                self._assign(heading[1], heading[0].text, cell)
                heading = None
            elif is_section(cell.text, self.settings):
                self._section(cell)
            elif over := [item for item in above if item[0].column == cell.column]:
                self._assign(over[0][1], over[0][0].text, cell)
        if heading is not None:
            self.waiting.append(heading)

    def _assign(self, field: str, heading: str, cell: Cell) -> None:
        """File a cell under its heading. A second one of the same heading stays unread."""
        if field in ASIDE:
            self.ledger.set_aside([cell])
        elif field not in self.fields:
            self.fields[field] = Filed(cell.text, cell.line, heading, bracket_unit(heading) or self.unit)
            self.ledger.take(cell)
