"""Forms as filed → the typed tables of the dataset.

Here lookups and corrections are applied, once; what was printed stays beside what was made of it (``*_as_filed``).
A value that cannot be made is left empty and becomes a finding.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from builder.dataset import citations
from builder.dataset.naming import department_key, department_slug, sector_of, series_key, slug, split_code
from builder.dataset.rows import (
    Attribute,
    CatalogueRow,
    Citation,
    CorrectionRow,
    Coverage,
    Department,
    DocumentRow,
    Funding,
    Indicator,
    Project,
    RegionRow,
    SectorRow,
    Tables,
)
from builder.faults import SettingsFault
from builder.model import Document, Extract, Filed, FiledForm, Finding
from builder.settings.config import Settings
from builder.text import Money, base, clean, close_gaps, fold, mask_mobiles, money, number, plain, quantity

# Fields of the vocabulary without a column of their own: they are kept in the table of attributes.
UNPUBLISHED_FIELDS = ("reporting_unit", "central_department", "project_type", "period", "remark", "goal_overall")
FISCAL_FORMS = frozenset({"special_fund", "project"})
_PROJECT_CODE = re.compile(r"^([0-9A-Za-z]{10,})\s*[-—－–_]\s*(?=\S)")
_PHONE_IN_CONTACT = re.compile(r"[\s,，、/:：]*(\+?[\d(（][\d*()（）\s-]{6,})$")


@dataclass(frozen=True, slots=True)
class Tabulated:
    """The tables, what could not be made, and the printed precision of each amount for the checks.

    ``precision`` maps a record's id to the worth, in yuan, of one unit of its last printed digit.
    """

    tables: Tables
    findings: tuple[Finding, ...]
    precision: Mapping[str, Decimal]


def tabulate(extracts: Sequence[tuple[Document, Extract]], settings: Settings) -> Tabulated:
    """The dataset of all documents, in the order of the manifest. Raises ``SettingsFault`` for a stale correction."""
    maker = _Maker(settings)
    for document, extract in extracts:
        maker.document(document, extract)
    maker.assign_series()
    maker.prove_corrections_used()
    return maker.tabulated()


@dataclass(slots=True)
class _Maker:
    settings: Settings
    findings: list[Finding] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    departments: dict[str, tuple[str, str, dict[str, None], str | None]] = field(default_factory=dict)
    projects: list[Project] = field(default_factory=list)
    funding: list[Funding] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    catalogue: list[CatalogueRow] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    precision: dict[str, Decimal] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    # documents

    def document(self, document: Document, extract: Extract) -> None:
        self.findings.extend(extract.findings)
        stated = {item.figure: item.value for item in extract.stated}
        total = self._stated_total(document, extract, stated)
        self.documents.append(
            DocumentRow(
                document.document_id,
                document.region_id,
                document.year,
                document.title,
                document.publisher,
                document.source_url,
                document.file.name,
                document.media_type,
                document.sha256,
                document.bytes,
                document.retrieved_on,
                int(number(stated["projects"].text)) if "projects" in stated else None,
                total.yuan if total else None,
            )
        )
        if total:
            self.precision[document.document_id] = total.last_digit
        self.coverage.append(
            Coverage(document.document_id, extract.cells, extract.read, extract.furniture, extract.reported)
        )
        for form in extract.forms:
            self._project(document, form)
        self._catalogue(document, extract)

    def _stated_total(self, document: Document, extract: Extract, stated: Mapping[str, Filed]) -> Money | None:
        """The total that the text states, else the catalogue's printed sum."""
        if "total" in stated:
            return money(stated["total"].text, stated["total"].unit or "")
        printed = next((row for row in extract.catalogue if row.is_total and "amount" in row.fields), None)
        if printed is not None and extract.catalogue_unit:
            return self._money(
                printed.fields["amount"], extract.catalogue_unit, document.document_id, "amount", document
            )
        return None

    # projects

    def _project(self, document: Document, form: FiledForm) -> None:
        project_id = f"{document.document_id}-{form.number:03d}"
        make = _Record(self, document, project_id)
        get = form.fields.get
        code, name, name_as_filed = self._name(make, form)
        department = get("department") or get("reporting_unit")
        department_text = make.text("department", department)
        department_id = self._department(document.region_id, department_text, department) if department_text else None
        if department_id is None:
            make.report("field-missing", form.line_start, field="主管部门")
        budget = get("budget")
        amount = None
        unit = self._unit(form, budget)
        if budget is None:
            make.report("field-missing", form.line_start, field="预算金额")
        else:
            amount = make.money("budget_yuan", budget, unit)
        if amount is not None:
            self.precision[project_id] = amount.last_digit
        contact_name, contact_phone = self._contact(make, form)
        goal = get("goal") or get("goal_overall")
        self.projects.append(
            Project(
                project_id=project_id,
                document_id=document.document_id,
                region_id=document.region_id,
                year=document.year,
                form_type=form.form_type,
                form_no=form.number,
                serial_no=make.integer("serial_no", get("serial_no")),
                project_code=code,
                name=name,
                name_as_filed=name_as_filed,
                department_id=department_id,
                implementing_unit=make.text("implementing_unit", get("implementing_unit")),
                budget_yuan=amount.yuan if amount else None,
                budget_as_filed=budget.text if budget else None,
                unit_as_filed=amount.unit if amount else unit,
                execution_weight=make.number("execution_weight", get("execution_weight")),
                overview=make.prose("overview", get("overview")),
                basis=make.prose("basis", get("basis")),
                goal=make.prose("goal", goal),
                contact_name=contact_name,
                contact_phone=contact_phone,
                series_id=project_id,
                line_start=form.line_start,
                line_end=form.line_end,
            )
        )
        for source, filed in self._funding(form):
            part = make.money("amount_yuan", filed, self._unit(form, filed))
            self.funding.append(
                Funding(project_id, source, filed.label.strip(), part.yuan if part else None, filed.text, filed.line)
            )
        weighted = any("weight" in row for row in form.indicators)
        for position, row in enumerate(form.indicators, 1):
            record = _Record(self, document, project_id, f"{project_id}-{position:02d}")
            self._indicator(record, position, row, weighted)
        if not form.indicators:
            make.report("indicators-missing", form.line_start)
        elif not weighted:
            make.report("field-missing", form.line_start, field="指标权重")
        self._citations(project_id, get("basis"))
        self._attributes(project_id, form, goal)

    def _name(self, make: "_Record", form: FiledForm) -> tuple[str | None, str, str | None]:
        """Project code, clean name, and name as filed. A department's whole form bears its title for a name."""
        filed = form.fields.get("name")
        code = make.text("project_code", form.fields.get("project_code"))
        if filed is None:
            department = form.fields.get("department") or form.fields.get("reporting_unit")
            owner = split_code(close_gaps(clean(department.text)[0]))[1] if department else ""
            if form.form_type != "department_overall":
                make.report("field-missing", form.line_start, field="项目名称")
                return code, "（原表未填项目名称）", None
            return code, f"{owner}{close_gaps(form.title).removesuffix('表')}", close_gaps(form.title)
        name = close_gaps(make.prose("name", filed) or filed.text)
        found = _PROJECT_CODE.match(name)
        if found and any(character.isdigit() for character in found[1]):
            code, name = found[1], name[found.end() :]
        return code, name, filed.text

    def _funding(self, form: FiledForm) -> list[tuple[str, Filed]]:
        """Sources to add up. The parts of 财政拨款 are sources only where their sum is not printed beside them."""
        if any(source == "fiscal" for source, _ in form.funding):
            return [(source, filed) for source, filed in form.funding if source != "fiscal_part"]
        return [("fiscal" if source == "fiscal_part" else source, filed) for source, filed in form.funding]

    def _unit(self, form: FiledForm, filed: Filed | None) -> str | None:
        """The money unit of an amount: its heading's, else the one printed over the form, else the one of the budget
        that it is a part of."""
        if filed is not None and filed.unit:
            return filed.unit
        over = form.fields.get("unit")
        if over is None:
            whole = form.fields.get("budget")
            return whole.unit if whole is not None else None
        return next((unit for unit in ("万元", "亿元", "元") if unit in fold(over.text)), None)

    def _contact(self, make: "_Record", form: FiledForm) -> tuple[str | None, str | None]:
        name = make.text("contact_name", form.fields.get("contact_name"))
        phone = make.text("contact_phone", form.fields.get("contact_phone"))
        both = make.text("contact", form.fields.get("contact"))
        if both:
            found = _PHONE_IN_CONTACT.search(both)
            name = name or (both[: found.start()] if found else both).strip() or None
            phone = phone or (found[1].strip() if found else None)
        if phone and not self.settings.checks.phone_pattern.fullmatch(fold(phone)):
            filed = form.fields.get("contact_phone") or form.fields["contact"]
            make.report("phone-malformed", filed.line, actual=phone)
        return name, phone

    def _indicator(self, make: "_Record", position: int, row: Mapping[str, Filed], weighted: bool) -> None:
        tokens = self.settings.tokens
        name = close_gaps(make.prose("name", row["name"]) or row["name"].text)
        line = row["name"].line
        target = row.get("target")
        target_text = make.corrected("target_as_filed", target)
        comparison = make.token("comparison", row.get("comparison"), tokens.comparison)
        parts = quantity(target_text or "", tokens.comparison, tokens.suffix)
        unit = make.unit(row.get("unit"))
        value = parts.value
        if target is None or target_text is None:
            make.report("field-missing", line, field="指标值")
        else:
            if parts.comparison is not None:
                make.report("sign-in-value", target.line, text=target_text)
            if parts.unit is not None and unit is not None:
                make.report("unit-in-value", target.line, actual=target_text, expected=plain(value or Decimal(0)))
        unit = unit or parts.unit
        if comparison is None and "comparison" not in row:
            stated_in_words = target_text is not None and value is None and parts.comparison is None
            comparison = "qualitative" if stated_in_words else parts.comparison
        base_value, base_unit = base(value, unit) if value is not None and unit is not None else (value, unit)
        multiplied = value is not None and unit is not None and (base_value, base_unit) != (value, unit)
        weight = make.number("weight", row.get("weight"))
        if "weight" not in row and weighted:
            make.report("field-missing", line, field="权重")
        self.indicators.append(
            Indicator(
                indicator_id=make.record_id,
                project_id=make.project_id,
                position=position,
                level1=make.text("level1", row.get("level1")),
                level2=make.text("level2", row.get("level2")),
                name=name,
                comparison=comparison,
                comparison_as_filed=row["comparison"].text if "comparison" in row else None,
                target_as_filed=target.text if target else None,
                target_value=value,
                unit=unit,
                base_value=base_value if multiplied else None,
                base_unit=base_unit if multiplied else None,
                weight=weight,
                is_core=make.yes_no("is_core", row.get("is_core")),
                is_execution_rate=fold(name) in tokens.execution_rate,
                line=line,
            )
        )

    def _citations(self, project_id: str, basis: Filed | None) -> None:
        if basis is None:
            return
        for position, (document_number, title, _) in enumerate(citations.citations(clean(basis.text)[0]), 1):
            self.citations.append(Citation(project_id, position, document_number, title, basis.line))

    def _attributes(self, project_id: str, form: FiledForm, goal: Filed | None) -> None:
        """Printed fields without a column of their own, in the order printed."""
        kept: list[tuple[int | None, Filed]] = [
            (None, form.fields[name])
            for name in UNPUBLISHED_FIELDS
            if name in form.fields and form.fields[name] is not goal
        ]
        parts = [filed for source, filed in form.funding if source == "fiscal_part"]
        if any(source == "fiscal" for source, _ in form.funding):
            kept.extend((None, filed) for filed in parts)
        items = sorted([*kept, *form.others], key=lambda item: item[1].line)
        for position, (indicator, filed) in enumerate(items, 1):
            indicator_id = None if indicator is None else f"{project_id}-{indicator:02d}"
            value = clean(filed.text)[0]
            if value:
                self.attributes.append(
                    Attribute(project_id, position, indicator_id, close_gaps(filed.label), value, filed.line)
                )

    # departments

    def _department(self, region_id: str, text: str, filed: Filed | None) -> str:
        code, name = split_code(close_gaps(text))
        key = department_key(self.settings.regions[region_id], name, self.settings.department_names)
        department_id = f"{region_id}-{slug(key)}"
        known = self.departments.get(department_id)
        if known is None:
            known = (region_id, name, {}, code)
        elif department_key(self.settings.regions[region_id], known[1], self.settings.department_names) != key:
            raise SettingsFault(
                f"data/lookups/departments.yml：「{known[1]}」和「{name}」的编号都会是 {department_id}。"
                "请在这个文件里把它们写成同一部门的别名，或给其中一个换个写法。"
            )
        region, shown, names, known_code = known
        if filed is not None:
            names[filed.text] = None
        longest = max(shown, name, key=lambda item: (len(item), item == shown))
        self.departments[department_id] = (region, longest, names, known_code or code)
        return department_id

    # catalogue

    def _catalogue(self, document: Document, extract: Extract) -> None:
        projects = [project for project in self.projects if project.document_id == document.document_id]
        by_name: dict[str, list[Project]] = defaultdict(list)
        for project in projects:
            by_name[fold(project.name)].append(project)
        rows = [row for row in extract.catalogue if not row.is_total]
        named = {fold(close_gaps(clean(row.fields["name"].text)[0])) for row in rows if "name" in row.fields}
        for row in rows:
            make = _Record(self, document, "")
            amounts = {
                name: make.money(name, row.fields[name], extract.catalogue_unit)
                for name in ("amount", "own", "to_lower")
                if name in row.fields
            }
            amount = amounts.get("amount")
            name = close_gaps(clean(row.fields["name"].text)[0])
            department = row.fields.get("department")
            matches = by_name.get(fold(name), [])
            if not matches and amount is not None and department is not None:
                matches = [
                    project
                    for project in projects
                    if fold(project.name) not in named
                    and project.department_id == self.department_id(document.region_id, department.text)
                    and project.budget_yuan is not None
                    and abs(project.budget_yuan - amount.yuan) <= amount.last_digit
                ]
            if amount is not None:
                self.precision[f"{document.document_id}#{row.line}"] = amount.last_digit
            self.catalogue.append(
                CatalogueRow(
                    document_id=document.document_id,
                    serial_no=make.integer("serial_no", row.fields.get("serial_no")),
                    name=name,
                    department_as_filed=department.text if department else None,
                    amount_yuan=amount.yuan if amount else None,
                    own_yuan=_yuan(amounts.get("own")),
                    to_lower_yuan=_yuan(amounts.get("to_lower")),
                    project_id=matches[0].project_id if len(matches) == 1 else None,
                    line=row.line,
                )
            )

    def department_id(self, region_id: str, text: str) -> str:
        """The id that a department printed as ``text`` has, known or not."""
        return f"{region_id}-{department_slug(self.settings.regions[region_id], text, self.settings.department_names)}"

    # series, corrections, result

    def assign_series(self) -> None:
        """Give the same project of a region, department and name the same ``series_id`` over the years.

        The id is spelt from region, department and name, so that no document that comes or goes changes it.
        """
        series: dict[str, str] = {}
        taken: set[tuple[str, int]] = set()
        for project in self.projects:
            owner = project.department_id or project.region_id
            kind = "" if project.form_type in FISCAL_FORMS else "overall-"
            name = f"{owner}-{kind}{slug(series_key(project.name))}"
            if (name, project.year) in taken:
                name = project.project_id
            taken.add((name, project.year))
            series[project.project_id] = name
        for rule in self.settings.series:
            if unknown := [item for item in rule.projects if item not in series]:
                raise SettingsFault(
                    f"data/series.yml：没有项目 {'、'.join(unknown)}。请改成现有的 project_id，或删去这一条。"
                )
            for item in rule.projects[1:] if rule.joined else rule.projects:
                series[item] = series[rule.projects[0]] if rule.joined else item
        self.projects = [replace(project, series_id=series[project.project_id]) for project in self.projects]

    def prove_corrections_used(self) -> None:
        for place, correction in enumerate(self.settings.corrections):
            if place not in self.used:
                raise SettingsFault(
                    f"data/corrections.yml：第 {place + 1} 条（{correction.record} 的 {correction.field}）没有对应的格子。"
                    "文件可能已经更正，请核对后删去或改正这一条。"
                )

    def tabulated(self) -> Tabulated:
        departments = []
        for department_id, (region_id, name, names, code) in self.departments.items():
            sector_id = sector_of(
                department_key(self.settings.regions[region_id], name, self.settings.department_names),
                self.settings.sectors,
            )
            if sector_id is None:
                project = next(item for item in self.projects if item.department_id == department_id)
                self.findings.append(
                    Finding(
                        "department-unmapped",
                        project.document_id,
                        project.line_start,
                        actual=name,
                        details={"name": name},
                    )
                )
            departments.append(Department(department_id, region_id, name, code, sector_id, "|".join(names)))
        tables = Tables(
            regions=tuple(
                RegionRow(region.region_id, region.name, region.level, region.parent_id, region.division_code)
                for region in self.settings.regions.values()
            ),
            documents=tuple(self.documents),
            sectors=tuple(
                SectorRow(sector.sector_id, sector.name, sector.name_en, sector.function_code, sector.cofog)
                for sector in self.settings.sectors.values()
            ),
            departments=tuple(sorted(departments, key=lambda item: item.department_id)),
            projects=tuple(self.projects),
            funding=tuple(self.funding),
            indicators=tuple(self.indicators),
            catalogue=tuple(self.catalogue),
            citations=tuple(self.citations),
            attributes=tuple(self.attributes),
            corrections=tuple(
                CorrectionRow(item.record, item.field, item.was, item.is_, item.reason, item.evidence)
                for item in self.settings.corrections
            ),
            coverage=tuple(self.coverage),
        )
        return Tabulated(tables, tuple(self.findings), self.precision)

    def _money(self, filed: Filed, unit: str, record: str, name: str, document: Document) -> Money | None:
        return _Record(self, document, record).money(name, filed, unit)


@dataclass(frozen=True, slots=True)
class _Record:
    """Makes the values of one record: corrected where a correction says so, reported where they cannot be made."""

    maker: _Maker
    document: Document
    project_id: str
    indicator_id: str | None = None

    @property
    def record_id(self) -> str:
        return self.indicator_id or self.project_id

    def report(self, code: str, line: int, **parts: str | None) -> None:
        expected, actual = parts.pop("expected", None), parts.pop("actual", None)
        details = {key: value for key, value in parts.items() if value is not None}
        self.maker.findings.append(
            Finding(
                code,
                self.document.document_id,
                line,
                self.project_id or None,
                self.indicator_id,
                expected,
                actual,
                details,
            )
        )

    def corrected(self, name: str, filed: Filed | None) -> str | None:
        """The cell's text, replaced where a correction for this record and field holds. Raises if it is stale."""
        if filed is None or not filed.text.strip():
            return None
        for place, correction in enumerate(self.maker.settings.corrections):
            if (correction.record, correction.field) == (self.record_id, name):
                if fold(correction.was) != fold(filed.text):
                    raise SettingsFault(
                        f"data/corrections.yml：第 {place + 1} 条说 {self.record_id} 的 {name} 原为「{correction.was}」，"
                        f"现在读到「{filed.text}」（{self.document.file.name} 第 {filed.line} 行）。请核对后删去或改正这一条。"
                    )
                self.maker.used.add(place)
                return correction.is_
        return mask_mobiles(filed.text)

    def prose(self, name: str, filed: Filed | None) -> str | None:
        """A text without leftover markup; what was removed is reported."""
        text = self.corrected(name, filed)
        if text is None or filed is None:
            return None
        cleaned, marks = clean(text)
        if marks:
            self.report("text-markup", filed.line, field=close_gaps(clean(filed.label)[0]), marks=" ".join(marks))
        return cleaned or None

    def text(self, name: str, filed: Filed | None) -> str | None:
        """A short text in one line."""
        text = self.corrected(name, filed)
        return close_gaps(clean(text)[0]) or None if text is not None else None

    def money(self, name: str, filed: Filed, unit: str | None) -> Money | None:
        text = self.corrected(name, filed)
        if text is None:
            return None
        if unit is None and not fold(text).endswith("元"):
            self.report("field-missing", filed.line, field="金额单位")
            return None
        try:
            return money(text, unit or "元")
        except ValueError:
            self.report("value-unparsed", filed.line, field=close_gaps(filed.label), text=text, actual=text)
            return None

    def number(self, name: str, filed: Filed | None) -> Decimal | None:
        """A plain number; a trailing % or 分 is the column's own unit."""
        text = self.corrected(name, filed)
        if text is None or filed is None:
            return None
        try:
            return number(re.sub(r"[%分]$", "", fold(text)))
        except ValueError:
            self.report("value-unparsed", filed.line, field=close_gaps(filed.label), text=text, actual=text)
            return None

    def integer(self, name: str, filed: Filed | None) -> int | None:
        value = self.number(name, filed)
        return None if value is None else int(value)

    def token(self, name: str, filed: Filed | None, spellings: Mapping[str, str]) -> str | None:
        text = self.corrected(name, filed)
        if text is None or filed is None:
            return None
        code = spellings.get(fold(text))
        if code is None:
            self.report("value-unparsed", filed.line, field=close_gaps(filed.label), text=text, actual=text)
        return code

    def yes_no(self, name: str, filed: Filed | None) -> bool | None:
        code = self.token(name, filed, self.maker.settings.tokens.yes_no)
        return None if code is None else code == "true"

    def unit(self, filed: Filed | None) -> str | None:
        text = self.corrected("unit", filed)
        if text is None:
            return None
        unit = re.sub(r"\s+", "", clean(text)[0])
        return None if fold(unit) in self.maker.settings.tokens.no_unit else unit or None


def _yuan(amount: Money | None) -> Decimal | None:
    return amount.yuan if amount else None
