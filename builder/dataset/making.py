"""The making of the tables: what the documents so far have brought, and one cell after the other made into a value.

Here lookups and corrections are applied, once, and each value is kept with the cell and the rules that made it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from builder.dataset.naming import DepartmentIds, split_project_code
from builder.dataset.rows import Provenance
from builder.faults import SettingsFault
from builder.model import Document, Extract, Filed, FiledForm, Finding, finding
from builder.settings import Settings
from builder.settings.manifest import Correction
from builder.text import Money, clean, close_gaps, decimal, fold, money

Value = TypeVar("Value")


def owner_cell(form: FiledForm) -> Filed | None:
    """The cell that says whose the form is."""
    return form.fields.get("department") or form.fields.get("reporting_unit")


def looked_up(file: str, key: str) -> str:
    return f"对照：data/{file}.yml {key}"


def tidied(printed: str, made: str, marks: Sequence[str] = ()) -> str | None:
    """The rule that makes a text of what is printed: none where it stays as it is."""
    if marks := marks or clean(printed)[1]:
        return f"清理：去掉残留标记 {' '.join(marks)}"
    return None if made == printed else "清理：合并换行和空格"


def plain_number(text: str) -> Decimal:
    return decimal(re.sub(r"[%分]$", "", fold(text)))


@dataclass(slots=True)
class Named:
    """A department by now: the longest name it was printed with, all its spellings, its code."""

    region_id: str
    name: str
    code: str | None
    spellings: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Making:
    """What the documents so far have brought beside their rows."""

    settings: Settings
    findings: list[Finding] = field(default_factory=list)
    provenance: list[Provenance] = field(default_factory=list)
    precision: dict[str, Decimal] = field(default_factory=dict)
    departments: dict[str, Named] = field(default_factory=dict)
    corrections: dict[tuple[str, str], tuple[int, Correction]] = field(init=False)
    used: set[int] = field(default_factory=set)
    department_ids: DepartmentIds = field(init=False)

    def __post_init__(self) -> None:
        self.department_ids = DepartmentIds(self.settings.department_names)
        numbered = enumerate(self.settings.corrections, 1)
        self.corrections = {(item.record, item.field): (place, item) for place, item in numbered}

    def name_departments(self, extracts: Sequence[tuple[Document, Extract]]) -> None:
        """Give departments their ids in the order of the manifest, a revision in the place of what it revises."""
        place = {document.document_id: number for number, document in enumerate(self.settings.documents)}
        for document in self.settings.documents:
            if document.replaces in place:
                place[document.document_id] = place[document.replaces]
        for document, extract in sorted(extracts, key=lambda item: place.get(item[0].document_id, len(place))):
            for form in extract.forms:
                filed = owner_cell(form)
                if filed is not None and clean(filed.text)[0]:
                    self.department_ids.give(self.settings.regions[document.region_id], filed.text)

    def prove_corrections_used(self) -> None:
        for place, correction in enumerate(self.settings.corrections, 1):
            if place not in self.used:
                raise SettingsFault(
                    f"data/corrections.yml：第 {place} 条（{correction.record} 的 {correction.field}）没有对应的格子。"
                    "文件可能已经更正，请核对后删去或改正这一条。"
                )


@dataclass(frozen=True, slots=True)
class Record:
    """Makes the values of one row: corrected where a correction says so, reported where they cannot be made.

    Each value made is kept with the cell that it was made from (``Provenance``). ``record_id`` joins the row's key
    with ``|``; a correction of the row names it, and the column.
    """

    making: Making
    document: Document
    table: str
    record_id: str
    project_id: str | None = None
    indicator_id: str | None = None

    def report(self, code: str, line: int, **parts: str | None) -> None:
        where = self.document.document_id
        self.making.findings.append(finding(code, where, line, self.project_id, self.indicator_id, **parts))

    def keep(self, column: str, filed: Filed | None, value: Value, *rules: str | None) -> Value:
        """``value``, and on record where it comes from; nothing is recorded of an empty one."""
        if value is None or filed is None:
            return value
        said = [rule for rule in rules if rule]
        if (self.record_id, column) in self.making.corrections:
            place, correction = self.making.corrections[self.record_id, column]
            said.insert(0, f"更正：data/corrections.yml 第 {place} 条，{correction.reason}")
        self.making.provenance.append(
            Provenance(
                document_id=self.document.document_id,
                table=self.table,
                record_id=self.record_id,
                field=column,
                line=filed.line,
                place=None,
                label_as_filed=filed.label.strip(),
                printed=filed.text,
                rule="|".join(said) or None,
            )
        )
        return value

    def corrected(self, column: str, filed: Filed | None) -> str | None:
        """The cell's text, replaced where a correction for this record and column holds. Raises if it is stale."""
        if filed is None or not filed.text.strip():
            return None
        if (found := self.making.corrections.get((self.record_id, column))) is None:
            return filed.text
        place, correction = found
        if fold(correction.was) != fold(filed.text):
            raise SettingsFault(
                f"data/corrections.yml：第 {place} 条说 {self.record_id} 的 {column} 原为「{correction.was}」，"
                f"现在读到「{filed.text}」（{self.document.file.name} 第 {filed.line} 行）。请核对后删去或改正这一条。"
            )
        self.making.used.add(place)
        return correction.is_

    def as_filed(self, column: str, filed: Filed | None, made: object = None) -> str | None:
        """What a cell prints. It is on record as the origin of the value ``made`` beside it, else under its own name."""
        if filed is not None and made is None:
            self.keep(column, filed, filed.text)
        return None if filed is None else filed.text

    def cleaned(self, column: str, filed: Filed | None) -> str | None:
        """A text without leftover markup; what was removed is reported."""
        text = self.corrected(column, filed)
        if text is None or filed is None:
            return None
        cleaned, marks = clean(text)
        if marks:
            self.report("text-markup", filed.line, field=close_gaps(clean(filed.label)[0]), marks=" ".join(marks))
        return cleaned or None

    def prose(self, column: str, filed: Filed | None) -> str | None:
        text = self.cleaned(column, filed)
        return self.keep(column, filed, text, text and filed and tidied(filed.text, text))

    def short(self, column: str, filed: Filed | None) -> str | None:
        """A short text in one line, not yet a value."""
        text = self.corrected(column, filed)
        return close_gaps(clean(text)[0]) or None if text is not None else None

    def missing(self, form: FiledForm, field: str, *places: str) -> None:
        """Say that the form has no such value: its place stands empty, or we found no such place, which may be our fault."""
        code = "heading-missing" if form.places.isdisjoint(places) else "field-missing"
        self.report(code, form.line_start, field=field)

    def text(self, column: str, filed: Filed | None) -> str | None:
        text = self.short(column, filed)
        return self.keep(column, filed, text, text and filed and tidied(filed.text, text))

    def parsed(self, column: str, filed: Filed | None, parse: Callable[[str], Value]) -> Value | None:
        """What ``parse`` makes of the cell; that it can make nothing (``ValueError``, ``KeyError``) is reported."""
        text = self.corrected(column, filed)
        if text is None or filed is None:
            return None
        try:
            return parse(text)
        except (ValueError, KeyError):
            self.report("value-unparsed", filed.line, field=close_gaps(filed.label), text=text, actual=text)
            return None

    def amount(self, column: str, filed: Filed | None, unit: str | None) -> Money | None:
        text = self.corrected(column, filed)
        if text is not None and filed is not None and unit is None and not fold(text).endswith("元"):
            self.report("heading-missing", filed.line, field="金额单位")
            return None
        return self.parsed(column, filed, lambda text: money(text, unit or "元"))

    def yuan(self, column: str, filed: Filed | None, amount: Money | None) -> Decimal | None:
        if amount is None:
            return None
        return self.keep(column, filed, amount.yuan, None if amount.unit == "元" else f"单位：{amount.unit}换算成元")

    def number(self, column: str, filed: Filed | None) -> Decimal | None:
        """A plain number; a trailing % or 分 is the column's own unit."""
        return self.keep(column, filed, self.parsed(column, filed, plain_number))

    def integer(self, column: str, filed: Filed | None) -> int | None:
        value = self.number(column, filed)
        return None if value is None else int(value)

    def token(self, column: str, filed: Filed | None, spellings: Mapping[str, str], key: str) -> str | None:
        code = self.parsed(column, filed, lambda text: spellings[fold(text)])
        return self.keep(column, filed, code, looked_up("lookups/tokens", f"{key}.{code}"))

    def yes_no(self, column: str, filed: Filed | None) -> bool | None:
        code = self.token(column, filed, self.making.settings.tokens.yes_no, "yes_no")
        return None if code is None else code == "true"

    def unit(self, filed: Filed | None) -> str | None:
        text = self.corrected("unit", filed)
        if text is None or filed is None:
            return None
        unit = re.sub(r"\s+", "", clean(text)[0])
        if not unit or fold(unit) in self.making.settings.tokens.no_unit:
            return None
        return self.keep("unit", filed, unit, tidied(filed.text, unit))


def project_name(make: Record, printed: Filed, code: str | None) -> tuple[str | None, str]:
    """The project's code and its name; a code that is printed before the name counts as the project's."""
    name = close_gaps(make.cleaned("name", printed) or printed.text)
    rule = tidied(printed.text, name)
    found, name = split_project_code(name)
    if found is not None:
        code = make.keep("project_code", printed, found, "项目代码：取自名称")
        rule = "名称：去掉前面的项目代码"
    return code, make.keep("name", printed, name, rule)
