"""Forms as filed → the typed tables of the dataset, and for each value the cell and the rules that made it.

Here lookups and corrections are applied, once; what was printed stays beside what was made of it (``*_as_filed``).
A value that cannot be made is left empty and becomes a finding.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter

from builder.dataset import citations, kinds, policies, results
from builder.dataset.making import Making, Named, Record, looked_up, owner_cell, plain_number, project_name, tidied
from builder.dataset.naming import (
    department_in_english,
    department_key,
    region_in_english,
    sector_of,
    series_key,
    slug,
    split_code,
)
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
    group,
)
from builder.faults import SettingsFault
from builder.model import Document, Extract, Filed, FiledEntry, FiledForm, Finding, finding
from builder.settings import Settings
from builder.text import (
    base,
    clean,
    close_gaps,
    fold,
    plain,
    quantity,
)

# Fields of the vocabulary without a column of their own: they are kept in the table of attributes.
UNPUBLISHED_FIELDS = (
    "reporting_unit",
    "central_department",
    "project_type",
    "period",
    "remark",
    "goal_overall",
    "longer_indicators",
)
FISCAL_FORMS = frozenset({"special_fund", "project"})
CATALOGUE_AMOUNTS = ("amount", "own", "to_lower")
NAMELESS = "（没有读到项目名称）"
_PHONE_BACKWARDS = re.compile(r"[\d*()（）\s-]*\+?")
_PHONE_BEGINS = re.compile(r"\+?(?=[\d(（])")


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
    making = Making(settings)
    making.name_departments(extracts)
    documents: list[DocumentRow] = []
    projects: list[Project] = []
    funding: list[Funding] = []
    indicators: list[Indicator] = []
    catalogue: list[CatalogueRow] = []
    printed_citations: list[Citation] = []
    attributes: list[Attribute] = []
    for document, extract in extracts:
        making.findings.extend(extract.findings)
        documents.append(_document(making, document, extract))
        mine = []
        for form in extract.forms:
            mine.append(_project(making, document, form))
            project_id = mine[-1].project_id
            funding.extend(_funding(making, document, form, project_id))
            indicators.extend(_indicators(making, document, form, project_id))
            printed_citations.extend(_citations(making, document, form, project_id))
            attributes.extend(_attributes(making, document, form, project_id))
        catalogue.extend(_catalogue(making, document, extract, mine))
        projects.extend(mine)
        documents[-1] = replace(documents[-1], scope=kinds.scope(document, mine, settings.kinds))
    told, spent, scores = results.tabulate(making, extracts, projects, indicators)
    for place, (document, extract) in enumerate(extracts):
        if extract.results:
            sheets = [row for row in told if row.document_id == document.document_id]
            documents[place] = replace(documents[place], scope=kinds.scope(document, sheets, settings.kinds))
    making.prove_corrections_used()
    places = {row.project_id: [one.region_id for one in settings.gazetteer.chain(row.region_id)] for row in projects}
    cited = policies.identified(printed_citations, settings.kinds.policies)
    owners = {row.project_id: row for row in projects}
    for code, first, row in policies.conflicting(cited):
        making.findings.append(
            finding(
                code,
                owners[row.project_id].document_id,
                row.line,
                row.project_id,
                number=row.document_number,
                title=row.title,
                other=first.title if code == "policy-two-titles" else first.document_number,
                elsewhere=owners[first.project_id].name,
            )
        )
    tables = Tables(
        regions=tuple(
            RegionRow(
                region.region_id,
                region.name,
                region.level,
                region.parent_id,
                region.division_code,
                region_in_english(region, settings.english),
            )
            for region in settings.regions.values()
        ),
        documents=tuple(documents),
        sectors=tuple(
            SectorRow(sector.sector_id, sector.name, sector.name_en, sector.function_code, sector.cofog)
            for sector in settings.sectors.values()
        ),
        departments=_departments(making, projects),
        projects=_in_series(projects, settings),
        funding=tuple(funding),
        indicators=tuple(_of_kind(row, settings) for row in indicators),
        catalogue=tuple(catalogue),
        citations=cited,
        attributes=tuple(attributes),
        corrections=tuple(
            CorrectionRow(item.record, item.field, item.was, item.is_, item.reason, item.evidence)
            for item in settings.corrections
        ),
        coverage=tuple(
            Coverage(document.document_id, extract.cells, extract.read, extract.furniture, extract.reported)
            for document, extract in extracts
        ),
        provenance=tuple(making.provenance),
        units=kinds.units((row.unit for row in indicators if row.unit is not None), settings.units),
        results=tuple(told),
        result_funding=tuple(spent),
        scores=tuple(scores),
        policies=policies.policies(cited, places, settings.kinds.policies, settings.issuers),
    )
    return Tabulated(tables, tuple(making.findings), making.precision)


# One table after the other


def _document(making: Making, document: Document, extract: Extract) -> DocumentRow:
    """``stated_total_yuan`` is the total that the text states; where it states none, the catalogue's printed sum."""
    make = Record(making, document, "documents", document.document_id)
    stated = {item.figure: item.value for item in extract.stated}
    amounts = {
        figure: (filed, make.amount(f"stated_{figure}_yuan", filed, filed.unit))
        for figure, filed in stated.items()
        if figure != "projects"
    }
    printed = [] if extract.catalogue_unit is None else [row for row in extract.catalogue if row.is_total]
    sums = [
        (name, (row.fields[name], make.amount(name, row.fields[name], extract.catalogue_unit)))
        for row in printed
        for name in CATALOGUE_AMOUNTS
        if name in row.fields
    ]
    of_catalogue = next((found for name, found in sums if name == "amount"), (None, None))
    filed, total = amounts.get("total", of_catalogue)
    if total:
        making.precision[document.document_id] = total.last_digit
    return DocumentRow(
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
        make.integer("stated_projects", stated.get("projects")),
        make.yuan("stated_total_yuan", filed, total),
        document.kind,
        kinds.scope(document, (), making.settings.kinds),
        kinds.obtained_as(document),
        document.replaces,
    )


def _project(making: Making, document: Document, form: FiledForm) -> Project:
    project_id = f"{document.document_id}-{form.number:03d}"
    make = Record(making, document, "projects", project_id, project_id)
    get = form.fields.get
    code, name, name_as_filed = _name(make, form)
    department_id = _department(make, owner_cell(form))
    if department_id is None:
        make.missing(form, "主管部门", "department", "reporting_unit")
    budget = get("budget")
    unit = _unit(form, budget)
    if budget is None:
        make.missing(form, "预算金额", "budget")
    amount = make.amount("budget_yuan", budget, unit)
    if amount is not None:
        making.precision[project_id] = amount.last_digit
        unit = amount.unit
    contact_name, contact_phone = _contact(make, form)
    return Project(
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
        budget_yuan=make.yuan("budget_yuan", budget, amount),
        budget_as_filed=make.as_filed("budget_as_filed", budget, amount),
        unit_as_filed=make.keep("unit_as_filed", _unit_cell(form, budget), unit),
        execution_weight=make.number("execution_weight", get("execution_weight")),
        overview=make.prose("overview", get("overview")),
        basis=make.prose("basis", get("basis")),
        goal=make.prose("goal", _goal(form)),
        contact_name=contact_name,
        contact_phone=contact_phone,
        series_id=project_id,
        line_start=form.line_start,
        line_end=form.line_end,
    )


def _goal(form: FiledForm) -> Filed | None:
    return form.fields.get("goal") or form.fields.get("goal_overall")


def _name(make: Record, form: FiledForm) -> tuple[str | None, str, str | None]:
    """Project code, clean name, and name as filed. A department's whole form bears its title for a name."""
    filed = form.fields.get("name")
    code = make.text("project_code", form.fields.get("project_code"))
    if filed is None:
        if form.form_type != "department_overall":
            make.missing(form, "项目名称", "name")
            return code, NAMELESS, None
        department = owner_cell(form)
        owner = split_code(close_gaps(clean(department.text)[0]))[1] if department else ""
        title = close_gaps(form.title)
        printed = Filed(form.title, form.title_line, "标题")
        name = f"{'' if title.startswith(owner) else owner}{title.removesuffix('表')}"
        return code, make.keep("name", printed, name, "名称：部门加表的标题"), title
    return *project_name(make, filed, code), filed.text


def _funding(making: Making, document: Document, form: FiledForm, project_id: str) -> Iterator[Funding]:
    """Sources to add up. The parts of 财政拨款 are sources only where their sum is not printed beside them."""
    whole = any(source == "fiscal" for source, _ in form.funding)
    for source, filed in form.funding:
        if source == "fiscal_part" and whole:
            continue
        label = filed.label.strip()
        make = Record(making, document, "funding", f"{project_id}|{label}|{filed.line}", project_id)
        part = make.amount("amount_yuan", filed, _unit(form, filed))
        yield Funding(
            project_id,
            make.keep(
                "source",
                filed,
                "fiscal" if source == "fiscal_part" else source,
                looked_up("labels", f"form.funding.{source}"),
            ),
            label,
            make.yuan("amount_yuan", filed, part),
            make.as_filed("amount_as_filed", filed, part) or "",
            filed.line,
        )


def _unit(form: FiledForm, filed: Filed | None) -> str | None:
    """The money unit of an amount: its heading's, else the one printed over the form, else the one of the budget
    that it is a part of."""
    if filed is not None and filed.unit:
        return filed.unit
    over = form.fields.get("unit")
    if over is None:
        whole = form.fields.get("budget")
        return whole.unit if whole is not None else None
    return next((unit for unit in ("万元", "亿元", "元") if unit in fold(over.text)), None)


def _unit_cell(form: FiledForm, budget: Filed | None) -> Filed | None:
    """The cell that says in which unit the budget is: its own, or the one printed over the form."""
    own = budget is not None and (budget.unit or fold(budget.text).endswith("元"))
    return budget if own else form.fields.get("unit")


def _apart(contact: str) -> tuple[str, str | None]:
    """A name and the telephone of at least seven characters that the cell ends with: ``张三，023-40257077``."""
    run = _PHONE_BACKWARDS.match(contact[::-1])
    begin = _PHONE_BEGINS.search(contact, len(contact) - (run.end() if run else 0))
    if begin is None or len(contact) - begin.end() < 7:
        return contact.strip(), None
    return contact[: begin.start()].rstrip().rstrip(",，、/:： \t\n").strip(), contact[begin.start() :].strip()


def _contact(make: Record, form: FiledForm) -> tuple[str | None, str | None]:
    get = form.fields.get
    name = make.text("contact_name", get("contact_name"))
    phone = make.text("contact_phone", get("contact_phone"))
    both = get("contact")
    if both is not None and (text := make.short("contact_phone", both)):
        person, printed = _apart(text)
        if name is None:
            name = make.keep("contact_name", both, person or None)
        if phone is None:
            phone = make.keep("contact_phone", both, printed)
    if phone and not make.making.settings.checks.phone_pattern.fullmatch(fold(phone)):
        make.report("phone-malformed", (get("contact_phone") or form.fields["contact"]).line, actual=phone)
    return name, phone


def _indicators(making: Making, document: Document, form: FiledForm, project_id: str) -> Iterator[Indicator]:
    weighted = any("weight" in row for row in form.indicators)
    for position, row in enumerate(form.indicators, 1):
        indicator_id = f"{project_id}-{position:02d}"
        make = Record(making, document, "indicators", indicator_id, project_id, indicator_id)
        yield _indicator(make, position, row, weighted and "indicator.unread" not in form.places)
    make = Record(making, document, "projects", project_id, project_id)
    if form.indicators and not weighted:
        make.missing(form, "指标权重", "indicator.weight")
    elif not form.indicators and "indicator.name" not in form.places:
        make.missing(form, "绩效指标")
    elif not form.indicators and "indicator.unread" not in form.places:
        make.report("indicators-missing", form.line_start)


def _indicator(make: Record, position: int, row: Mapping[str, Filed], weighted: bool) -> Indicator:
    tokens = make.making.settings.tokens
    printed, target, unit_cell = row["name"], row.get("target"), row.get("unit")
    name = close_gaps(make.cleaned("name", printed) or printed.text)
    target_text = make.corrected("target_value", target)
    comparison = make.token("comparison", row.get("comparison"), tokens.comparison, "comparison")
    parts = quantity(target_text or "", tokens.comparison, tokens.suffix)
    unit = make.unit(unit_cell)
    value = parts.value
    if target is None or target_text is None:
        make.report("field-missing", printed.line, field="指标值")
    else:
        if parts.comparison is not None:
            make.report("sign-in-value", target.line, text=target_text)
        if parts.unit is not None and unit is not None:
            make.report("unit-in-value", target.line, actual=target_text, expected=plain(value or Decimal(0)))
    if unit is None:
        unit_cell, unit = target, make.keep("unit", target, parts.unit, "单位：取自指标值")
    if unit is None and value is not None:
        named = kinds.unit_at_end(name, make.making.settings.units)
        unit_cell, unit = printed, make.keep("unit", printed, named, "单位：取自指标名称的括号")
    if comparison is None and "comparison" not in row:
        if target_text is not None and value is None and parts.comparison is None:
            comparison = make.keep("comparison", target, "qualitative", "指标性质：没有印，指标值是文字")
        else:
            comparison = make.keep("comparison", target, parts.comparison, "指标性质：取自指标值")
    base_value, base_unit = base(value, unit) if value is not None and unit is not None else (value, unit)
    multiplied = (base_value, base_unit) != (value, unit)
    rule = "单位里的万、亿乘进数值"
    if "weight" not in row and weighted:
        make.report("field-missing", printed.line, field="权重")
    return Indicator(
        indicator_id=make.record_id,
        project_id=make.project_id or "",
        position=position,
        level1=make.text("level1", row.get("level1")),
        level2=make.text("level2", row.get("level2")),
        name=make.keep("name", printed, name, tidied(printed.text, name)),
        comparison=comparison,
        comparison_as_filed=make.as_filed("comparison_as_filed", row.get("comparison"), comparison),
        target_as_filed=make.as_filed("target_as_filed", target, value),
        target_value=make.keep("target_value", target, value),
        unit=unit,
        base_value=make.keep("base_value", target, base_value if multiplied else None, rule),
        base_unit=make.keep("base_unit", unit_cell, base_unit if multiplied else None, rule),
        weight=make.number("weight", row.get("weight")),
        is_core=make.yes_no("is_core", row.get("is_core")),
        is_execution_rate=fold(name) in tokens.execution_rate,
        line=printed.line,
        unit_id=None if unit is None else kinds.unit_id(unit, make.making.settings.units),
        kind="other",
        kind_method="by_name",
    )


def _of_kind(row: Indicator, settings: Settings) -> Indicator:
    kind, method = kinds.kind(row, settings.kinds.indicators, settings.wording.words)
    return replace(row, kind=kind, kind_method=method)


def _citations(making: Making, document: Document, form: FiledForm, project_id: str) -> Iterator[Citation]:
    basis = form.fields.get("basis")
    if basis is None:
        return
    for position, found in enumerate(citations.citations(clean(basis.text)[0]), 1):
        make = Record(making, document, "citations", f"{project_id}|{position}", project_id)
        rule = "引用：立项依据里的文号和书名"
        number, title = (
            make.keep(*item, rule) for item in (("document_number", basis, found.number), ("title", basis, found.title))
        )
        yield Citation(project_id, position, number, title, basis.line, found.as_filed)


def _attributes(making: Making, document: Document, form: FiledForm, project_id: str) -> Iterator[Attribute]:
    """Printed fields without a column of their own, in the order printed."""
    goal = _goal(form)
    kept: list[tuple[int | None, Filed]] = [
        (None, form.fields[name])
        for name in UNPUBLISHED_FIELDS
        if name in form.fields and form.fields[name] is not goal
    ]
    if any(source == "fiscal" for source, _ in form.funding):
        kept.extend((None, filed) for source, filed in form.funding if source == "fiscal_part")
    for position, (indicator, filed) in enumerate(sorted([*kept, *form.others], key=lambda item: item[1].line), 1):
        value, marks = clean(filed.text)
        if value:
            make = Record(making, document, "attributes", f"{project_id}|{position}", project_id)
            make.keep("value", filed, value, tidied(filed.text, value, marks))
            indicator_id = None if indicator is None else f"{project_id}-{indicator:02d}"
            yield Attribute(project_id, position, indicator_id, close_gaps(filed.label), value, filed.line)


def _catalogue(
    making: Making, document: Document, extract: Extract, projects: Sequence[Project]
) -> Iterator[CatalogueRow]:
    """Each row with the form that bears its name; where none does, the one form of its department and amount."""
    by_name = group(projects, lambda project: fold(project.name))
    rows = [row for row in extract.catalogue if not row.is_total]
    named = {fold(_catalogue_name(row)) for row in rows}
    known = [(one.budget_yuan, one) for one in projects if one.budget_yuan is not None and fold(one.name) not in named]
    by_owner = group(sorted(known, key=itemgetter(0)), lambda item: item[1].department_id)
    for row in rows:
        get = row.fields.get
        make = Record(making, document, "catalogue", f"{document.document_id}|{_serial(get('serial_no'))}|{row.line}")
        amount, own, to_lower = (
            make.amount(f"{name}_yuan", get(name), extract.catalogue_unit) for name in CATALOGUE_AMOUNTS
        )
        name, department = _catalogue_name(row), get("department")
        matches = by_name.get(fold(name), ())
        if not matches and amount is not None and department is not None:
            owner = making.department_ids.find(making.settings.regions[document.region_id], department.text)
            theirs = by_owner.get(owner, ())
            first = bisect_left(theirs, amount.yuan - amount.last_digit, key=itemgetter(0))
            near = theirs[first : first + 2]
            matches = tuple(one for budget, one in near if budget - amount.yuan <= amount.last_digit)
        if amount is not None:
            making.precision[f"{document.document_id}#{row.line}"] = amount.last_digit
        yield CatalogueRow(
            document_id=document.document_id,
            serial_no=make.integer("serial_no", get("serial_no")),
            name=make.keep("name", row.fields["name"], name or None, tidied(row.fields["name"].text, name)),
            department_as_filed=make.as_filed("department_as_filed", department),
            amount_yuan=make.yuan("amount_yuan", get("amount"), amount),
            own_yuan=make.yuan("own_yuan", get("own"), own),
            to_lower_yuan=make.yuan("to_lower_yuan", get("to_lower"), to_lower),
            project_id=matches[0].project_id if len(matches) == 1 else None,
            line=row.line,
        )


def _catalogue_name(row: FiledEntry) -> str:
    return close_gaps(clean(row.fields["name"].text)[0])


def _serial(filed: Filed | None) -> str:
    """A printed serial number as it stands in the row's key."""
    try:
        return "" if filed is None else str(int(plain_number(filed.text)))
    except ValueError:
        return ""


# What several documents tell together


def _department(make: Record, filed: Filed | None) -> str | None:
    """The id of the department that a cell names, which is remembered with its spelling."""
    text = make.short("department_id", filed)
    if text is None or filed is None:
        return None
    settings, region_id = make.making.settings, make.document.region_id
    code, name = split_code(text)
    department_id = make.making.department_ids.give(settings.regions[region_id], text)
    found = make.making.departments.setdefault(department_id, Named(region_id, name, code))
    found.spellings[filed.text] = None
    found.name = max(found.name, name, key=lambda item: (len(item), item == found.name))
    found.code = found.code or code
    rule = "部门：去掉编码和地区名，按 data/lookups/departments.yml 统一写法"
    return make.keep("department_id", filed, department_id, rule)


def _departments(making: Making, projects: Sequence[Project]) -> tuple[Department, ...]:
    settings = making.settings
    rows = []
    first_of = {row.department_id: row for row in reversed(projects)}
    for department_id, known in making.departments.items():
        key = department_key(settings.regions[known.region_id], known.name, settings.department_names)
        sector_id = sector_of(key, settings.sectors)
        if sector_id is None:
            first = first_of[department_id]
            making.findings.append(
                finding("department-unmapped", first.document_id, first.line_start, actual=known.name, name=known.name)
            )
        spellings = "|".join(known.spellings)
        name_en = department_in_english(key or known.name, settings.english)
        rows.append(Department(department_id, known.region_id, known.name, known.code, sector_id, spellings, name_en))
    return tuple(sorted(rows, key=lambda row: row.department_id))


def _in_series(projects: Sequence[Project], settings: Settings) -> tuple[Project, ...]:
    """The same project of a region, department and name gets the same ``series_id`` over the years.

    The id is spelt from region, department and name, so that no document that comes or goes changes it.
    """
    series: dict[str, str] = {}
    taken: set[tuple[str, int]] = set()
    for project in projects:
        owner = project.department_id or project.region_id
        kind = "" if project.form_type in FISCAL_FORMS else "overall-"
        name = f"{owner}-{kind}{slug(series_key(project.name))}"
        if (name, project.year) in taken:
            name = project.project_id
        taken.add((name, project.year))
        series[project.project_id] = name
    for rule in settings.series:
        if unknown := [item for item in rule.projects if item not in series]:
            raise SettingsFault(
                f"data/series.yml：没有项目 {'、'.join(unknown)}。请改成现有的 project_id，或删去这一条。"
            )
        for item in rule.projects[1:] if rule.joined else rule.projects:
            series[item] = series[rule.projects[0]] if rule.joined else item
    return tuple(replace(project, series_id=series[project.project_id]) for project in projects)
