"""The rows of one form → its headings with their values, its indicators, and what has no column of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from builder.forms import header
from builder.forms.header import Sides
from builder.forms.headings import inline, is_furniture, is_header, is_index, is_section, is_set_wide, is_sum, is_title
from builder.forms.indicators import IndicatorTable
from builder.forms.ledger import Ledger
from builder.forms.table import Heading, by_field
from builder.forms.year_tasks import TaskTable
from builder.model import Cell, Filed, FiledForm, Row
from builder.settings import Settings
from builder.settings.vocabulary import Label
from builder.text import bracket_unit, fold, if_decimal, is_number, label_key

TEXT_KINDS = frozenset({"text", "name"})
LONGEST_UNKNOWN_HEADING = 16
COLONS = ("：", ":")
END_OF_PROSE = ("。", "；", ";", ".")
UNKNOWN = Label("", "unknown", False)
KEPT = Label("attribute", "name", False)
SUM = Label("budget", "money", False, True)
PEOPLE = frozenset({"person", "contact"})
PHONE = Label("contact_phone", "phone", False)
WEIGHT = Label("execution_weight", "number", False)
# Fields that the dataset keeps as printed: two headings of one (项目性质 and 项目类别) do not contradict each other.
PRINTED = frozenset({"project_type", "period", "central_department"})
OWNER = Label("department", "name", False, True)
PARTS_OF_FISCAL = frozenset({"upper_grant", "own", "to_lower"})
LONGER = "longer_indicators"
SUMS = frozenset({"budget", "total"})
TICK = re.compile("[□☐☑☒√✓✔■▢]")


@dataclass(slots=True)
class Segment:
    """The rows of one form; ``title`` is the row that names it, ``None`` where the title is missing.

    ``start`` is the line on which the form begins where that is not the line of its first row. ``flowing`` rows show no
    columns. ``kind`` is that of the document's sheets, as in the manifest.
    """

    title: Row | None
    form_type: str
    rows: list[Row]
    start: int | None = None
    flowing: bool = False
    kind: str = "targets"


def repeats(row: Row, earlier: Row) -> bool:
    """Whether a row is printed again on a later page, as the heading rows of a table are."""
    return row.page != earlier.page and row.text == earlier.text


class FormReader:
    """Reads the rows of one form; its state is what has been found so far."""

    def __init__(self, number: int, segment: Segment, settings: Settings, ledger: Ledger) -> None:
        self.number = number
        self.segment = segment
        self.settings = settings
        self.ledger = ledger
        self.title = segment.title.filled[0].text if segment.title else ""
        self.fields: dict[str, Filed] = {}
        self.labels: dict[str, Label] = {}
        self.parts: list[tuple[str, Filed, Cell | None]] = []
        """Money by source, each with the heading of the sum that it is a part of."""
        self.sources: list[tuple[int, Cell | None]] = []
        """The columns of their headings, with the same sums."""
        self.others: list[tuple[int | None, Filed]] = []
        self.places: set[str] = set()
        self.table = IndicatorTable(number, settings, ledger, [], self.others, self.places)
        self.tasks = TaskTable(settings, ledger)
        self.section_unit: str | None = None
        self.waiting: list[tuple[Cell, Label]] = []
        self.growing: str | None = None
        self.sums: list[Cell] = []
        self.whole: Filed | None = None
        """The sum of the project (项目资金总额), which may be that of the year."""
        self.longer: str | None = None
        self.uses: int | None = None
        self.margin = 0
        self.named: Cell | None = None
        """The row that names the table of indicators under it."""
        self.unsure = False
        """Whether the table may be of a longer time than the year's."""
        self.mingled = False
        self.goals: dict[str, Cell] = {}
        self.strange: frozenset[int] = frozenset()
        # The lines of headings that nobody knows: any of them may be the better spelling beside a weak one.
        self.unknown: set[int] = set()
        self.page: int | None = segment.rows[0].page
        self.turned_page = False

    def read(self) -> FiledForm:
        found: tuple[Heading, ...] = ()
        under: list[Row] = []
        headed: list[Row] = []
        rows = self.segment.rows
        within_header, in_table = 0, False
        for at, row in enumerate(rows):
            headed_row = not within_header and self._is_heading_row(row) and not self._is_promise(found, row)
            if within_header:
                within_header -= 1
            elif row.page != rows[0].page and any(repeats(row, earlier) for earlier in headed):
                self.ledger.set_aside(row.filled)
            elif is_title(row, self.settings):
                self._title(row)
            elif headings := header.headings(rows, at, self.settings):
                self._indicators(found, under)
                found, under = self._without_margin(headings, rows[at + 1 :]), []
                within_header = max(len(heading.cells) for heading in headings) - 1
                in_table = row.table is not None
                self.waiting, self.growing = [], None
            elif is_furniture(row, self.settings):
                self.ledger.set_aside(row.filled)
            elif self._names_table(row, rows, at):
                self.waiting, self.growing = [], None
            elif not found and (self.tasks.begins(row) or self.tasks.holds(row)):
                self.tasks.read(row)
                self.waiting, self.growing = [], None
            elif found and not headed_row and (row.table is not None or len(row.filled) > 2 or not in_table):
                under.append(row)
            elif not headed_row and is_index(row, self.settings):
                self.ledger.set_aside(row.filled)
            elif not headed_row and self._is_strange(row, rows[at + 1] if at + 1 < len(rows) else None):
                self.waiting, self.growing = [], None
            else:
                self.tasks.end()
                self._head(_whole(row, self.ledger), rows[at + 1] if at + 1 < len(rows) else None)
                if headed_row:
                    headed.append(row)
        self._indicators(found, under)
        self._yield_to_unknown()
        self._take_whole()
        self._take_tasks()
        lines = [row.filled[-1].line for row in rows if row.filled]
        return FiledForm(
            self.number,
            self.title,
            self.segment.form_type,
            self.fields,
            tuple(self._funding()),
            tuple(self.table.indicators),
            tuple(self.others),
            self.segment.start or rows[0].line,
            max(lines),
            self.segment.title.line if self.segment.title else rows[0].line,
            frozenset(self.places),
        )

    def _names_table(self, row: Row, rows: Sequence[Row], at: int) -> bool:
        """Whether a row is the name of the table of indicators whose header is the next row."""
        if len(row.filled) != 1 or at + 1 == len(rows) or not header.headings(rows, at + 1, self.settings):
            return False
        cell, text = row.filled[0], label_key(row.filled[0].text)
        if self._is_heading_row(row) or len(text) > LONGEST_UNKNOWN_HEADING or text.endswith(END_OF_PROSE):
            return False
        self.named = cell if cell.column <= rows[at + 1].filled[0].column else None
        return self.named is not None

    def _without_margin(self, found: tuple[Heading, ...], below: Sequence[Row]) -> tuple[Heading, ...]:
        """The headings of the columns. One left of them or over them may say that the table is of a longer time.

        A name that nobody knows may say so too: then the table is not read where the form has another.
        """
        above = [cell for cell, label in self.waiting if label.field == LONGER]
        margin = self.settings.form.find(found[0].own.text)
        name, self.named = self.named, None
        if margin is not None and margin.field in (LONGER, "goal") and header.meaning(found[0], self.settings) is None:
            self.ledger.take(found[0].own)
            above = [found[0].own] if margin.field == LONGER else []
            found = found[1:]
        elif self._is_margin(found[0], below):
            name, found = found[0].own, found[1:]
        self.unsure = False
        if name is not None and any(years.search(fold(name.text)) for years in self.settings.several_years):
            self.ledger.take(name)
            self.places.add(LONGER)
            above = [name]
        elif name is not None and is_section(name.text, self.settings):
            self.ledger.set_aside([name])
        elif name is not None:
            self.ledger.report("label-unknown", name.line, self.number, label=name.text, actual=name.text)
            self.ledger.give_up([name])
            self.unsure = bool(self.table.indicators) or any(
                is_header(row, self.settings) and (row.page == before.page or not self._heads_column(row.filled[0]))
                for before, row in pairwise(below)
            )
        self.longer = label_key(above[-1].text) if above else None
        return found

    def _heads_column(self, cell: Cell) -> bool:
        return self.settings.indicator.find(cell.text) is not None

    def _is_margin(self, first: Heading, below: Sequence[Row]) -> bool:
        """Whether nothing stands under a heading that nobody knows: it is the name of the table then."""
        if header.meaning(first, self.settings) is not None or is_section(first.own.text, self.settings):
            return False
        body = takewhile(lambda row: not is_header(row, self.settings), below)
        return all(cell.column != first.own.column for row in body for cell in row.filled)

    def _indicators(self, found: Sequence[Heading], rows: Sequence[Row]) -> None:
        if not found:
            return
        sides = self._sides() if self.longer is None else Sides(0, 0, self.longer)
        self.table.read(found, rows, sides, self.title, self.unsure)

    def _sides(self) -> Sides | None:
        """The columns of the year and of a longer time, where their goals are printed side by side."""
        year, other = self.goals.get("goal"), self.goals.get("goal_overall")
        if year is None or other is None or year.line != other.line:
            return None
        return Sides(year.column, other.column, label_key(other.text))

    def _yield_to_unknown(self) -> None:
        """Keep what stands under a weak heading under its own name, where a heading that nobody knows stands beside it:

        项目总金额 | 360 | 某某金额 | 120          the year's budget may be either
        长期目标   | …   | 某某目标 | …            the year's goal is not the one of a longer time
        """
        for name, label in [*self.labels.items()]:
            weak = label.weak or (label.misprint and name == "budget")
            if weak and name in self.fields and self.fields[name].line in self.unknown:
                self._keep_aside(name)
                if name == "goal":
                    # Then the one of a longer time is not the year's either.
                    self._keep_aside("goal_overall")
        overall = self.fields.get("goal_overall")
        if overall is not None and "goal" not in self.fields and overall.line in self.unknown:
            self._keep_aside("goal_overall")
        if self.whole is not None and self.whole.line in self.unknown and "budget" not in self.fields:
            self.others.append((None, self.whole))
            self.whole = None

    def _keep_aside(self, name: str) -> None:
        if name in self.fields:
            self.others.append((None, self.fields.pop(name)))
            del self.labels[name]
            self.places.discard(name)

    def _take_whole(self) -> None:
        """The sum of the project is the year's budget where the form prints no other and does not say that the project
        takes more than a year. A budget whose figure may stand under a heading that nobody knows was not found."""
        if "budget" not in self.fields and "funding.unread" in self.places:
            self.places.discard("budget")
        if self.whole is None:
            return
        if "budget" in self.fields or self._takes_years():
            self.others.append((None, self.whole))
            return
        self.places.add("budget")
        self.fields["budget"], self.labels["budget"] = self.whole, SUM

    def _takes_years(self) -> bool:
        period = self.fields.get("period")
        said = period is not None and any(years.search(fold(period.text)) for years in self.settings.several_years)
        return said or LONGER in self.places or self._sides() is not None

    def _take_tasks(self) -> None:
        """The sum of the tasks is the budget where the form prints no other."""
        self.others.extend((None, filed) for filed in self.tasks.cells)
        printed = "budget" in self.fields or bool(self.parts)
        for name, filed in self.tasks.sums:
            if printed or (name == "total" and "budget" in self.fields):
                self.others.append((None, filed))
            elif name == "total":
                self.fields["budget"] = filed
            else:
                self.parts.append((name, filed, None))

    def _funding(self) -> list[tuple[str, Filed]]:
        """The sources of the year's budget. Those of another sum (中期资金总额 beside 年度资金总额) are kept under its name,
        and those of which two stand on one line under one heading, as of two sums that were not found."""
        funding: dict[tuple[str, int], list[tuple[str, Filed]]] = {}
        for source, filed, whole in self._without_parts_of_parts():
            if whole is not None and self._is_another_sum(whole):
                self.others.append((None, filed._replace(label=f"{label_key(whole.text)}：{filed.label}")))
            else:
                funding.setdefault((filed.label.strip(), filed.line), []).append((source, filed))
        for (label, line), several in funding.items():
            if len(several) > 1:
                texts = [filed.text for _, filed in several]
                self.ledger.report(
                    "label-repeated", line, self.number, label=label, expected=texts[0], actual="、".join(texts[1:])
                )
                self.others.extend((None, filed) for _, filed in several)
        return [several[0] for several in funding.values() if len(several) == 1]

    def _without_parts_of_parts(self) -> list[tuple[str, Filed, Cell | None]]:
        """The money by source. Sources that follow 财政拨款 and add up to it are its parts, and kept as what they are, where
        the first says so (其中) or the budget shows that they are not to be added to it.

        财政拨款 318 | 其中：中央补助 250 | 县级预算 68 | 其他资金 12 | 合计 330
        """
        amounts = [amount for _, filed, _ in self.parts if (amount := if_decimal(filed.text)) is not None]
        if len(amounts) < len(self.parts):
            return self.parts
        budget = if_decimal(self.fields["budget"].text) if "budget" in self.fields else None
        excess = None if budget is None else sum(amounts) - budget
        for at, (source, _, _) in enumerate(self.parts):
            inner = [*takewhile(lambda part: part[0] in PARTS_OF_FISCAL, self.parts[at + 1 :])]
            end = at + 1 + len(inner)
            adds_up = source == "fiscal" and inner and sum(amounts[at + 1 : end]) == amounts[at]
            if adds_up and (excess == amounts[at] or inner[0][1].label.strip().startswith("其中")):
                self.others.extend((None, filed) for _, filed, _ in inner)
                return [*self.parts[: at + 1], *self.parts[end:]]
        return self.parts

    def _is_another_sum(self, heading: Cell) -> bool:
        label, budget = self.settings.form.find(heading.text), self.labels.get("budget")
        if label is None:
            return True
        if budget is not None and self.fields["budget"].label == heading.text:
            return False
        return label.field == "total" or (label.weak and budget is not None and not budget.weak)

    def _title(self, row: Row) -> None:
        for cell in row.filled:
            for pair in inline(cell, self.settings):
                self._assign(pair.label, cell, pair.heading, pair.value)
        self.ledger.set_aside(row.filled)

    def _is_heading_row(self, row: Row) -> bool:
        first = row.filled[0]
        if inline(first, self.settings):
            return True
        label = self.settings.form.find(first.text)
        if label is None or label.field == "execution_weight":
            return False
        return len(row.filled) < 3 or fold(first.text) not in self.settings.tokens.execution_rate

    def _is_promise(self, found: tuple[Heading, ...], row: Row) -> bool:
        """Whether a row is an indicator that is named as a heading is (项目实施周期 | = | 1 | 年 | 20): each cell under
        its column, and a sign or a weight beside its target."""
        if not found or len(row.filled) < 3 or any(self.settings.form.find(cell.text) for cell in row.filled[1:]):
            return False
        table = header.table(found, [row], None, self.title, self.settings)
        fields = by_field(table.in_place(row.filled) or {}).keys()
        return fields >= {"name", "target"} and bool(fields & {"comparison", "weight"})

    def _is_strange(self, row: Row, following: Row | None) -> bool:
        """Whether a row lies in a table of which no heading is known: over figures, in columns of its own.

        费用名目 | 数额 | 来由          its first heading is reported, the one that would make it known
        设备运维 | 42   | 按合同        no cell of its rows is a heading, nor read
        """
        columns = frozenset(cell.column for cell in row.filled)
        if any(self.settings.form.find(cell.text) or inline(cell, self.settings) for cell in row.filled):
            self.strange = frozenset()
        elif not columns <= self.strange:
            under = following.filled if following is not None and following.table == row.table else ()
            if (
                len(columns) < 3
                or len(under) < 2
                or self.waiting
                or self.segment.flowing
                or any(map(_is_figure, row.filled))
                or not any(map(_is_figure, under))
                or any(cell.column not in columns or self.settings.form.find(cell.text) for cell in under)
            ):
                self.strange = frozenset()
                return False
            self.strange = columns
            unknown = [cell for cell in row.filled if not self._is_known(cell)]
            self._unknown(unknown[0], row.filled) if unknown else None
        return bool(self.strange)

    def _is_known(self, cell: Cell) -> bool:
        return self.settings.task.find(cell.text) is not None or is_section(cell.text, self.settings)

    # headings and their values

    def _head(self, row: Row, following: Row | None) -> None:
        """The headings of a row with their values: beside them, or in the next row under them."""
        self.turned_page, self.page = row.page != self.page, row.page
        heading: tuple[Cell, Label] | None = None
        person = ""
        waiting_before, self.waiting = self.waiting, []
        cells = row.filled
        self._divide_money(cells)
        labels = self._labels(cells)
        only_headings = self._divides(row, following)
        if self._money(cells, labels, waiting_before):
            self.ledger.report("row-ambiguous", row.line, self.number, text=row.text, actual=row.text)
            self.ledger.give_up(cells)
            return
        for place, (cell, label) in enumerate(zip(cells, labels, strict=True)):
            takes_any = heading is not None and heading[1].kind in TEXT_KINDS
            if heading is not None and heading[1].kind == "name" and heading[0].text.rstrip().endswith(COLONS):
                takes_any = False  # 填报单位（盖章）： | 填报人：张三
            pairs = [] if takes_any else inline(cell, self.settings)
            if pairs and label is None:
                for pair in pairs:
                    self._assign(pair.label, cell, pair.heading, pair.value)
                self.ledger.take(cell)
                person, heading = pairs[-1].heading if pairs[-1].label.kind in PEOPLE else "", None
                self.growing = None
            elif label is not None:
                if heading and (heading[1] is not UNKNOWN or only_headings):
                    self.waiting.append(heading)
                    if label.kind == heading[1].kind == "money":
                        self.section_unit = bracket_unit(heading[0].text) or self.section_unit
                self._misprint(cell, label)
                self.places.add(label.field)
                if label.field in ("goal", "goal_overall"):
                    self.goals[label.field] = cell
                self.ledger.take(cell)
                heading, person, self.growing = (cell, label), "", None
            elif only_headings and place and not is_sum(cell.text, self.settings):
                if heading is not None:
                    self.waiting.append(heading)
                heading = self._unknown(cell, cells)
            elif heading is not None and heading[1].kind == "money" and is_section(cell.text, self.settings):
                # 年度预算（万元） | 资金来源 | 支出构成: the money follows below, in blocks side by side.
                self.section_unit = bracket_unit(heading[0].text) or self.section_unit
                self.ledger.set_aside([cell])
                heading = None
            elif heading is None and person and self.settings.checks.phone_pattern.fullmatch(fold(cell.text)):
                self._assign(PHONE, cell, person, cell.text)
                self.ledger.take(cell)
                person = ""
            elif (
                heading is None
                and place + 1 < len(cells)
                and is_sum(cell.text, self.settings)
                and _is_figure(cells[place + 1])
            ):
                heading, self.growing = (cell, self._sum_of_parts(cell)), None
                self.ledger.take(cell)
            elif heading is not None and heading[1].kind == "money" and is_sum(cell.text, self.settings):
                # 项目预算 | 合计 | 财政拨款: the sum stands below 合计.
                heading = heading[0]._replace(column=cell.column), heading[1]
                self.ledger.take(cell)
            elif heading is not None and heading[1].kind == "money" and self._is_heading_of(cells[place : place + 2]):
                # 预算金额 | 某某金额 | 300 | 年度金额 | 100: it only spans the headings beside it.
                heading = self._unknown(cell, cells[place + 1 :])
            elif (
                heading is not None
                and heading[1].kind == "text"
                and self._is_heading_of_prose(cells[place : place + 2])
            ):
                # 部门年度目标 | 某某目标 | 巩固供水保障水平……: what a heading inside of another says, nobody knows.
                heading = self._unknown(cell, cells[place + 1 :])
            elif heading is not None and heading[1].weak and self.settings.task.find(cell.text):
                heading = None  # 年度主要任务 | 任务名称: the heading of a column, and no value
            elif (
                heading is not None and bracket_unit(cell.text) and len(label_key(cell.text)) <= LONGEST_UNKNOWN_HEADING
            ):
                # 年度主要任务 | 某某金额（万元）: a unit of money in brackets is a heading's.
                heading = self._unknown(cell, cells)
            elif heading is not None:
                if heading[1] is not UNKNOWN:
                    self._assign(heading[1], cell, heading[0].text, cell.text, heading[0])
                    self.ledger.take(cell)
                person, heading = heading[0].text if heading[1].kind in PEOPLE else "", None
            elif self.uses is not None and cell.column >= self.uses and any(map(_is_figure, cells[place + 1 :])):
                heading = cell, KEPT
                self.ledger.take(cell)
            elif is_section(cell.text, self.settings) or self._spans_money(cell, labels[place + 1 :]):
                self.section_unit = bracket_unit(cell.text) or self.section_unit
                self.ledger.set_aside([cell])
            elif under := next((item for item in waiting_before if item[0].column == cell.column), None):
                if under[1] is UNKNOWN and _is_figure(cell) and (self.parts or self.sums):
                    self.places.add("funding.unread")
                if under[1] is not UNKNOWN and not (under[1].kind == "money" and self._has_figure(following, cell)):
                    self._assign(under[1], cell, under[0].text, cell.text, under[0])
                    self.ledger.take(cell)
            elif self.growing and len(cells) == 1:
                self._grow(cell)
            else:
                heading = self._unknown(cell, cells[place + 1 :])
        if heading and (heading[1] is not UNKNOWN or only_headings):
            self.waiting.append(heading)

    def _is_heading_of(self, pair: Sequence[Cell]) -> bool:
        """Whether a cell without a digit stands before a figure: no amount, but the heading of one."""
        return len(pair) == 2 and not any(map(str.isdigit, pair[0].text)) and _is_figure(pair[1])

    def _has_figure(self, following: Row | None, cell: Cell) -> bool:
        """Whether the row below has a figure under a cell too, and no heading: then they stand in a table of several."""
        if following is None or any(self.settings.form.find(one.text) for one in following.filled):
            return False
        return any(one.column == cell.column and _is_figure(one) for one in following.filled)

    def _is_heading_of_prose(self, pair: Sequence[Cell]) -> bool:
        """Whether a short cell stands before a long one of which nothing is known."""
        if len(pair) < 2 or self.settings.form.find(pair[1].text) or inline(pair[1], self.settings):
            return False
        return len(label_key(pair[0].text)) <= LONGEST_UNKNOWN_HEADING < len(pair[1].text)

    def _divide_money(self, cells: Sequence[Cell]) -> None:
        """Remember where the uses of money begin, printed beside its sources: whatever they are called, they are kept.

        项目资金（万元） | 资金来源 |     | 支出构成 |
                         | 财政拨款 | 318 | 购置桌椅 | 83.2
        """
        if self.uses is None or cells[0].column <= self.margin:
            sections = [cell.column for cell in cells[1:] if is_section(cell.text, self.settings)]
            self.uses, self.margin = sections[-1] if len(sections) > 1 else None, cells[0].column

    def _sum_of_parts(self, cell: Cell) -> Label:
        """What 合计 in a row of its own is the sum of: of the year's money, if it stands under 财政拨款 and 其他资金."""
        wholes = [whole and self.settings.form.find(whole.text) for at, whole in self.sources if at == cell.column]
        return SUM if wholes and not any(label and label.field == "total" for label in wholes) else KEPT

    def _spans_money(self, cell: Cell, beside: Sequence[Label | None]) -> bool:
        """Whether a cell is no more than the heading and the unit of the money beside it: 资金概况（万元） | 年度预算."""
        return bool(beside) and beside[0] is not None and beside[0].kind == "money" and bool(bracket_unit(cell.text))

    def _labels(self, cells: Sequence[Cell]) -> list[Label | None]:
        """What each cell means as a heading. 分值 beside 预算执行率 is the weight of it, which then is a figure to keep."""
        labels = [self.settings.form.find(cell.text) for cell in cells]
        for place, cell in enumerate(cells):
            column = self.settings.indicator.find(cell.text) if labels[place] is None and len(cell.text) < 10 else None
            if column is not None and column.field == "weight":
                rates = [fold(item.text) in self.settings.tokens.execution_rate for item in cells]
                if any(rates):
                    labels = [KEPT if rate else label for rate, label in zip(rates, labels, strict=True)]
                    labels[place] = WEIGHT
        return labels

    def _divides(self, row: Row, following: Row | None) -> bool:
        """Whether a row only divides a heading into others, whose texts stand in the next row:

        年度总体目标 | 预期目标     | 实际完成情况
                     | 建成三处……  | 已建成两处……
        """
        first, *others = row.filled
        if following is None or not others or following.table != row.table:
            return False
        if self._stands_over(row, following):
            return True
        label = self.settings.form.find(first.text)
        if not is_section(first.text, self.settings) and (label is None or label.kind != "text"):
            return False
        places = {cell.column for cell in others}
        prose = [len(cell.text) > LONGEST_UNKNOWN_HEADING for cell in following.filled]
        return (
            (len(others) > 1 or prose == [True])
            and all(len(label_key(cell.text)) <= LONGEST_UNKNOWN_HEADING and not _is_figure(cell) for cell in others)
            and {cell.column for cell in following.filled} <= places
            and not any(self.settings.form.find(cell.text) for cell in following.filled)
        )

    def _stands_over(self, row: Row, following: Row) -> bool:
        """Whether a row is the headings of the values in the next row, one below each:

        项目名称 | 中期某某预算（万元） | 年度预算（万元）
        自助借阅 | 240                  | 80
        """
        columns, under = ({cell.column for cell in one.filled} for one in (row, following))
        known = [self.settings.form.find(cell.text) for cell in row.filled]
        return (
            len(columns) > 2
            and len(known) - known.count(None) > 1
            and (under == columns or (len(under) > 1 and under < columns and all(map(_is_figure, following.filled))))
            and not any(_is_figure(cell) or inline(cell, self.settings) for cell in row.filled)
            and not any(self.settings.form.find(cell.text) or inline(cell, self.settings) for cell in following.filled)
        )

    def _money(
        self, cells: Sequence[Cell], labels: Sequence[Label | None], above: Sequence[tuple[Cell, Label]]
    ) -> bool:
        """Remember the sums of which the money that follows is a part, and the unit of a heading that spans others.

        Whether the row is money that cannot be told to which sum it belongs: in text without columns, under two sums.
        """
        money = [(cell, label) for cell, label in zip(cells, labels, strict=True) if label and label.kind == "money"]
        for cell, label in above if len(money) > 1 else ():
            if label.kind == "money" and cell.column <= money[0][0].column:
                self.section_unit = bracket_unit(cell.text) or self.section_unit
        sums = [cell for cell, label in money if label.field in SUMS]
        if sums:
            # A sum that nobody knows beside one that we do is another, and has its own parts.
            pairs = zip(cells, [None, *labels], labels, cells[1:], strict=False)
            strange = [
                one for one, left, label, after in pairs if not (left or label or _is_figure(one)) and _is_figure(after)
            ]
            sums = sorted([*sums, *strange], key=lambda cell: cell.column)
        if not sums and is_section(cells[0].text, self.settings):
            # Under a heading of its own (资金来源) the money no longer stands below the sums side by side.
            self.sums = [cell for cell in self.sums if not self._is_another_sum(cell)] or self.sums
        if self.segment.flowing and sums and self.sums and not self.parts:
            found = [self.settings.form.find(cell.text) for cell in (self.sums[-1], sums[-1])]
            kinds = {(item.field, item.weak) for item in found if item}
            self.mingled = len(kinds) > 1
        self.sums = sums or self.sums
        return self.mingled and bool(money) and not sums

    def _unknown(self, cell: Cell, following: Sequence[Cell]) -> tuple[Cell, Label] | None:
        """A cell where a heading should be: one cut short is read, with a finding; any other is reported."""
        if not following or len(label_key(cell.text)) > LONGEST_UNKNOWN_HEADING:
            return None
        candidates = self.settings.form.cut_short(cell.text) - self.fields.keys()
        if len(candidates) == 1:
            name = candidates.pop()
            kind = next(label.kind for label in self.settings.form.exact.values() if label.field == name)
            label = Label(name, kind, True)
            self._misprint(cell, label)
            self.places.add(name)
            self.ledger.take(cell)
            return cell, label
        self.ledger.report("label-unknown", cell.line, self.number, label=cell.text, actual=cell.text)
        self.ledger.give_up([cell])
        if not header.YEAR.fullmatch(fold(following[0].text)):
            self.unknown |= {cell.line - 1, cell.line, cell.line + 1}
        if _is_figure(following[0]) and (self.parts or self.sums or "budget" in self.places):
            self.places.add("funding.unread")
        return cell, UNKNOWN

    def _misprint(self, cell: Cell, label: Label) -> None:
        if label.misprint:
            right = self.settings.form.nearest(label.field, cell.text)
            self.ledger.report(
                "heading-typo", cell.line, self.number, expected=right, actual=cell.text, heading=cell.text
            )

    def _assign(self, label: Label, cell: Cell, heading: str, text: str, headed: Cell | None = None) -> None:
        """File the text of a cell under its heading; ``headed`` is the cell of that, if it is another."""
        if label.field == "unit" and text.strip() and "元" not in text:
            label = OWNER  # 单位 over the names of offices, and not over 万元
        self.places.add(label.field)
        if not text.strip():
            return
        filed = Filed(text, cell.line, heading, bracket_unit(heading) or self.section_unit)
        if label.field.startswith("funding."):
            place = (headed or cell).column
            left = [item for item in self.sums if item.column <= place]
            whole = (left or self.sums)[-1 if left else 0] if self.sums else None
            self.parts.append((label.field.removeprefix("funding."), filed, whole))
            self.sources.append((place, whole))
        elif label.field == "total" and label.weak and self.whole is None:
            self.whole = filed
        elif label.field in ("attribute", "total"):
            self.others.append((None, filed))
        elif label.kind == "text" and label.field in self.fields and self.turned_page:
            self.growing = label.field
            self._grow(cell)
        elif label.field not in self.fields:
            self.fields[label.field], self.labels[label.field] = filed, label
            self.growing = label.field if label.kind == "text" else None
        else:
            before = self.labels.get(label.field, label)
            if (before.weak or before.misprint) and not (label.weak or label.misprint):
                filed, self.fields[label.field] = self.fields[label.field], filed
                self.labels[label.field] = label
            elif (before.weak or before.misprint) == (label.weak or label.misprint) and self._contradicts(
                label, heading, text
            ):
                self.ledger.report(
                    "label-repeated",
                    cell.line,
                    self.number,
                    label=label_key(heading),
                    expected=self.fields[label.field].text,
                    actual=text,
                )
            self.others.append((None, filed))

    def _contradicts(self, label: Label, heading: str, text: str) -> bool:
        """Whether a field is filled in with something else already."""
        before = self.fields[label.field]
        several = (
            label.field in PRINTED or label.kind in PEOPLE or (label.weak and label.kind == "text")
        )  # 年度目标1, 年度目标2
        another = several and label_key(heading) != label_key(before.label)
        return fold(before.text) != fold(text) and not another

    def _grow(self, cell: Cell) -> None:
        """A text goes on after a page break: in a cell without heading, or under its heading printed again."""
        assert self.growing is not None
        before = self.fields[self.growing]
        self.fields[self.growing] = Filed(before.text + "\n" + cell.text, before.line, before.label, before.unit)
        self.ledger.take(cell)


def _is_figure(cell: Cell) -> bool:
    return is_number(fold(cell.text).rstrip("%元万亿"))


def _whole(row: Row, ledger: Ledger) -> Row:
    """The row with what was parted in one cell: boxes to tick, which answer one question (新增□ | 延续√), and a person's
    name of two characters or a day set wide outside of a table (填报人：陈 | 晨, 填报日期： | 年 | 月 | 日)."""
    ticked = len(row.filled) > 2 and any(TICK.search(cell.text) for cell in row.filled[2:])
    if not ticked and (row.table is not None or all(len(cell.text) > 1 for cell in row.filled)):
        return row
    cells: list[Cell] = []
    for cell in row.cells:
        ticks = ticked and cells and TICK.search(cell.text) and TICK.search(cells[-1].text)
        if ticks or (cells and is_set_wide(cells[-1].text, cell.text)):
            cells[-1] = cells[-1]._replace(text=f"{cells[-1].text}{' ' if ticks else ''}{cell.text}")
            ledger.take(cell)
        else:
            cells.append(cell)
    return Row(tuple(cells), row.table, row.page, row.running)
