"""What the words of a results sheet mean: its headings outside of tables, the columns of its tables, and their cells."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from builder.forms import kinds
from builder.forms.cells import LEVELS, fits
from builder.forms.headings import inline, is_section, is_title
from builder.forms.table import Heading, above_names, stacked
from builder.model import Cell, Row
from builder.settings import Settings
from builder.text import fold, is_number, label_key

MONEY = ("initial", "adjusted", "executed", "expected")
POINTS = ("points", "score")
# Columns that may stand side by side under one heading, or say one thing of several: 经费保障, 人员保障 … are reasons.
SHARED = frozenset({"aside", "reason", "likelihood"})
# Fields of a target form that a results sheet prints too, and that its tables hold.
KEPT = frozenset(
    {"name", "project_code", "department", "reporting_unit", "implementing_unit", "unit", "goal", "goal_overall"}
)
# Those that its tables have no column for: a known heading whose value the source's page shows.
ASIDE = frozenset(
    {"aside", "attribute", "remark", "period", "project_type", "serial_no", "contact", "contact_name", "contact_phone"}
    | {"central_department", "overview", "basis"}
)
# What stands below the table of indicators.
TAIL = frozenset({"grade", "conclusion", "problems", "measures", "remark"})
# Texts that a sheet may print in several parts, as 年度目标1, 年度目标2.
PROSE = frozenset({"goal", "goal_result", "conclusion", "problems", "measures"})
# What the words of data/labels.yml ``result`` mean over a column of indicators, where that is another thing.
SCORED = {
    name: name for name in ("target", "target_adjusted", "actual", "forecast", "likelihood", *POINTS, "reason", "aside")
}
SCORED |= {"goal_result": "actual", "executed": "actual", "expected": "forecast", "percent": "aside"}
# What other words mean over a column of money.
OF_MONEY = {"reason": "aside", "percent": "aside", "aside": "aside", "forecast": "expected", "execution_score": "score"}
COLUMN = {"weight": "points", "ordinal": "aside", "note": "aside", "is_core": "aside"}
OUTCOMES = frozenset({"actual", "forecast", "target_adjusted", *SHARED})
# Words that are headings of columns only, and what others mean outside of a table.
INSIDE = frozenset({"points", "actual", "forecast", "likelihood", "target", "target_adjusted", "reason", "whole"})
OUTSIDE = {"score": "total_score", "percent": "aside"}


# 自评年度：2024年    单位：万元
_UNIT_AT_END = re.compile(r"\s+(\S{0,4}单位)[:：]\s*([亿万]?元)$")
TICKED, UNTICKED = frozenset("√✓✔☑■是"), frozenset("□☐▢")


class Col(NamedTuple):
    """A column: its field (empty for an unknown heading), its heading, and the heading over that."""

    field: str
    heading: str
    over: str = ""


Columns = Mapping[int, Col]
"""The columns by the place where each begins, in order; one goes on to where the next begins."""
Meaning = Callable[[str], tuple[str, bool] | None]
"""The field that a heading means in a table, and whether only if no better one stands beside it."""
Placed = Mapping[str, Sequence[tuple[Cell, Col]]]


class ResultWords:
    """What headings and cells of results mean, by the vocabulary alone."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def is_titled(self, row: Row) -> bool:
        return is_title(row, self.settings) or kinds.titled(row, self.settings) is not None

    # Tables

    def money_field(self, text: str) -> tuple[str, bool] | None:
        label = self.settings.result.find(text)
        if label is not None and label.field in (*MONEY, *POINTS, "rate", *OF_MONEY):
            return OF_MONEY.get(label.field, label.field), label.weak
        column = self.settings.indicator.find(text)
        known = None if column is None else {"weight": "points", "note": "aside"}.get(column.field)
        return None if known is None else (known, False)

    def scored_field(self, text: str) -> tuple[str, bool] | None:
        label = self.settings.result.find(text)
        if label is not None and label.field in SCORED:
            return SCORED[label.field], label.weak
        if fold(text) in self.settings.results.likelihoods:
            return "likelihood", False
        column = self.settings.indicator.find(text)
        return None if column is None else (COLUMN.get(column.field, column.field), column.weak)

    def header(self, rows: Sequence[Row], at: int, field: Meaning) -> tuple[Heading, ...]:
        """The headings of the table that begins at row ``at``, of one row or two: of money, two of its figures; of
        indicators, a name and what came of it. Empty if none begins there."""
        row = rows[at]
        if any(is_number(cell.text) for cell in row.filled):
            return ()
        below = stacked(row, rows[at + 1]) if at + 1 < len(rows) and len(row.filled) > 2 else ()
        divided = any(len(one.cells) > 1 and _field_of(one, field) is not None for one in below)
        found = below if divided else tuple(Heading((cell,)) for cell in row.filled)
        return found if self.is_table(self.columns(found, field)) else ()

    def is_table(self, columns: Columns) -> bool:
        names = {column.field for column in columns.values()}
        of_indicators = "name" in names and not names.isdisjoint({"actual", "score", "likelihood"})
        return len(names.intersection(MONEY)) >= 2 or of_indicators

    def columns_of(self, cells: Sequence[Cell], field: Meaning) -> list[Col]:
        """The columns that headings make in their order; none where they make no table."""
        found = [Heading((cell._replace(column=place),)) for place, cell in enumerate(cells)]
        columns = self.columns(found, field)
        return [*columns.values()] if self.is_table(columns) else []

    def columns(self, found: Sequence[Heading], field: Meaning) -> dict[int, Col]:
        """The known columns; none where two claim one field.

        一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值      the points of a level are the sum of those below it
        一级指标 | 二级指标 | 分值 | 得分                       without a third level, the second names the indicators
        """
        known = [(one, *meant) for one in found if (meant := _field_of(one, field)) is not None]
        while field == self.money_field and known and known[0][1] == "aside":
            # 年度预算数 over the names of the rows is no column.
            del known[0]
        names = [name for _, name, _ in known]
        levels = [name for name in names if name in LEVELS]
        if "score" in names and not {"name", "actual"} & {*names} and levels:
            lowest = names.index(max(levels))
            after = found[found.index(known[lowest][0]) + 1 :]
            if after and all(one is not after[0] for one, _, _ in known):
                # A heading that nobody knows stands where the third level does.
                return {}
            names[lowest] = "name"
        for place in above_names(names):
            names[place] = "aside"
        for place, name in enumerate(names):
            if (
                name == "reason"
                and known[place][2]
                and any(other == name and not weak for other, (_, _, weak) in zip(names, known, strict=True))
            ):
                names[place] = "aside"
            doubled = [other for other in range(len(names)) if names[other] == name and name not in SHARED]
            if len(doubled) > 1:
                of_level = [at for at in doubled if at and names[at - 1] in LEVELS] if name == "points" else []
                weak = [at for at in doubled if known[at][2]]
                for at in of_level or weak:
                    names[at] = "aside"
                if names.count(name) > 1 and names[place] == name:
                    return {}
        return {
            one.own.column: Col(name, one.own.text, one.cells[0].text if len(one.cells) > 1 else "")
            for (one, _, _), name in zip(known, names, strict=True)
        }

    def is_blank(self, name: str, cell: Cell) -> bool:
        """Whether a cell says that it is left blank: ``—`` under 得分 is no score, and no zero."""
        key = fold(cell.text)
        if name in SHARED and key in UNTICKED:
            return True
        return name in (*MONEY, *POINTS, "rate", "reason", "unit", "target_adjusted") and (
            key in self.settings.tokens.no_unit
        )

    def can_be(self, name: str, cell: Cell) -> bool:
        key = fold(cell.text)
        if name in (*MONEY, *POINTS):
            key = key.removesuffix("分") if name in POINTS else key
            return is_number(key.removesuffix("亿元").removesuffix("万元").removesuffix("元"))
        if name == "rate":
            return is_number(key.removesuffix("%"))
        return name in OUTCOMES or fits(name, cell.text, True, tokens=self.settings.tokens)

    # Headings outside of tables

    def field_of(self, cell: Cell) -> str | None:
        """The field that a heading outside of the tables is of."""
        label = self.settings.result.find(cell.text)
        if label is not None and label.field not in INSIDE and not label.field.startswith("funding."):
            return OUTSIDE.get(label.field, label.field)
        label = self.settings.form.find(cell.text)
        return label.field if label is not None and label.field in KEPT | ASIDE else None

    def is_word(self, text: str) -> bool:
        """Whether a text is a heading of any kind: then it is never what one says."""
        settings = self.settings
        known = settings.result.find(text) or settings.indicator.find(text) or settings.form.find(text)
        return known is not None or is_section(text, settings)

    def levels_of(self, text: str) -> Sequence[str]:
        """The levels that a text is a word for, in a target form or in an evaluation: 成本指标 is one of both."""
        key, own = label_key(text), self.settings.results.evaluation_levels
        return [name for name in LEVELS if key in getattr(self.settings.tokens, name) or key in own.get(name, ())]

    def source_of(self, text: str) -> str | None:
        for labels in (self.settings.result, self.settings.form):
            if (label := labels.find(text)) is not None:
                if label.field in ("whole", "budget", "total", "total_score"):
                    return "whole"
                if label.field.startswith("funding."):
                    return label.field.removeprefix("funding.")
        return None

    def inline_of(self, cell: Cell) -> list[tuple[str, str, str]]:
        """Headings with their values in one cell: field, heading, value."""
        pairs = [(pair.label.field, pair.heading, pair.value) for pair in inline(cell, self.settings)]
        if pairs and all(name in KEPT | ASIDE for name, _, _ in pairs):
            return pairs
        heading, *rest = re.split("[:：]", cell.text, maxsplit=1)
        field = self.field_of(cell._replace(text=heading)) if rest else None
        if field is None:
            return []
        unit = _UNIT_AT_END.search(rest[0])
        value = rest[0][: unit.start()] if unit else rest[0]
        return [(field, heading, value.strip()), *([("unit", unit[1], unit[2])] if unit else [])]


def _field_of(heading: Heading, field: Meaning) -> tuple[str, bool] | None:
    """What a heading means: as one of several reasons, by the heading over them; else by its own words, or by both."""
    if len(heading.cells) > 1:
        over = field(heading.cells[0].text)
        if over is not None and over[0] in SHARED:
            return over
        return field(heading.own.text) or field(heading.text)
    return field(heading.own.text)
