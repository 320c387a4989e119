"""/projects/{project_id}/: what it costs, against what; what it promises; how it is judged; what does not add up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from builder import words
from builder.dataset.rows import CorrectionRow, DocumentRow, Indicator, Project, added
from builder.measures import compare, slips, terms
from builder.measures import standards as quoted
from builder.package import cite
from builder.site.facts import Facts, form_lines
from builder.site.paths import Here, query
from builder.site.views import cards, results
from builder.site.views.leads import slip_link
from builder.site.views.parts import (
    Citation,
    FindingItem,
    Link,
    Page,
    PrintedLine,
    Span,
    Value,
    amount,
    department_link,
    finding_item,
    printed_lines,
    project_link,
    prose,
    region_link,
    sector_link,
    signs,
    source_link,
)
from builder.site.views.policies import policy_link
from builder.site.views.terms import FirstUses, Word
from builder.text import clean, fold

FULL_WEIGHT = Decimal(100)
MOST_NAMED = 3
MOST_ELSEWHERE = 2
# In .github/ISSUE_TEMPLATE/.
REPORT_FORM = "data-error.yml"
COLUMNS = ("指标", "承诺", "权重")
SEGMENTS = {"core": "核心指标", "plain": "其他指标", "execution": "预算执行率"}


@dataclass(frozen=True, slots=True)
class Fact:
    label: Word
    text: str
    href: str | None = None
    state: str = "known"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """One honest way to see whether an amount is much: against what, what comes out, and what to mind."""

    against: tuple[Span, ...]
    result: str
    note: str
    sources: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseLine:
    text: str
    how: str
    source: Link | None


@dataclass(frozen=True, slots=True)
class FundingRow:
    label: Word
    as_filed: str
    value: Value
    width: str
    share: str


@dataclass(frozen=True, slots=True)
class FiledText:
    """One text of the form under its label; no paragraphs where nothing was filed."""

    label: Word
    paragraphs: tuple[str, ...]
    source: Link | None


@dataclass(frozen=True, slots=True)
class CitedPolicy:
    title: str
    number: str
    policy: Link | None
    source: Link


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    anchor: str
    levels: tuple[Word, ...]
    name: str
    promise: str
    qualitative: Word | None
    as_filed: str
    raw: str
    weight: str
    width: str
    core: Word | None
    note: str
    source: Link


@dataclass(frozen=True, slots=True)
class Segment:
    """An indicator's part of the hundred points, drawn as one strip."""

    kind: str
    width: str


@dataclass(frozen=True, slots=True)
class LegendItem:
    """What a colour of the strip stands for, and how many points that makes in all."""

    kind: str
    word: Word
    points: str


@dataclass(frozen=True, slots=True)
class YearRow:
    year: Link
    budget: Value
    change: str
    indicators: str
    current: bool


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """This year's form against the form of the year before it in the same series."""

    title: str
    before: str
    after: str
    summary: str
    shifts: tuple[compare.Shift, ...]
    goal_summary: str
    goal: tuple[compare.Piece, ...]


@dataclass(frozen=True, slots=True)
class SimilarItem:
    name: Link
    place: str
    budget: Value
    why: str


@dataclass(frozen=True, slots=True)
class ProjectView:
    template: ClassVar[str] = "project.html.jinja"

    crumbs: tuple[Link, ...]
    name: str
    kind: Word
    sector: Link
    promise: PromiseLine | None
    alert: tuple[Link, ...]
    budget: Value
    budget_exact: str
    yardsticks: tuple[Yardstick, ...]
    funding: tuple[FundingRow, ...]
    funding_note: str
    goal: FiledText
    background: tuple[FiledText, ...]
    policies: tuple[CitedPolicy, ...]
    indicator_summary: str
    strip: tuple[Segment, ...]
    legend: tuple[LegendItem, ...]
    columns: tuple[Word, ...]
    indicators: tuple[IndicatorRow, ...]
    kept: results.Kept
    findings: tuple[FindingItem, ...]
    notes: tuple[FindingItem, ...]
    corrections: tuple[tuple[str, CorrectionRow], ...]
    years: tuple[YearRow, ...]
    year_on_year: YearOnYear | None
    similar: tuple[SimilarItem, ...]
    facts: tuple[Fact, ...]
    filed: tuple[PrintedLine, ...]
    filed_title: str
    filed_source: str
    record: str
    report: tuple[Link, ...]
    citations: tuple[Citation, ...]
    permalink: str


def page(facts: Facts, project_id: str) -> Page:
    """The page of one project. Raises ``KeyError`` for an id that the dataset does not hold."""
    row = facts.projects[project_id]
    path = f"projects/{project_id}/"
    here = Here(path)
    region = facts.regions[row.region_id]
    document = facts.documents[row.document_id]
    indicators = facts.indicators.get(project_id, ())
    heaviest = max((indicator.weight or Decimal(0) for indicator in indicators), default=Decimal(0))
    place = facts.place(row.region_id, row.year)
    budget_line = source_link(here, row.document_id, facts.line_of(row, "budget_yuan", "budget_as_filed"))
    siblings = sorted(facts.by_series[row.series_id], key=lambda other: (other.year, other.project_id))
    before = next((other for other in reversed(siblings) if other.year < row.year), None)
    lead = _lead(facts, row, before)
    findings = tuple(
        finding_item(facts, here, found, name_project=False) for found in facts.findings.get(project_id, ())
    )
    permalink = f"{facts.url}/{path}"
    titles = {field.name: field.title for table in ("projects", "indicators") for field in facts.schemas[table].fields}
    # The view is filled in the order of the page, so that a term is explained where it comes first.
    glossary = FirstUses(facts, here)
    title = f"{row.name}（{place}）"
    view = ProjectView(
        crumbs=(
            Link("地区", here.regions()),
            region_link(here, region),
            Link(f"{row.year} 年", here.region_year(region.region_id, row.year)),
            department_link(facts, here, row),
        ),
        name=row.name,
        kind=glossary.word(facts.word("projects.form_type", row.form_type)),
        sector=sector_link(here, facts.sector_of(row)),
        promise=_promise(facts, here, row),
        alert=_alert(facts, here, project_id),
        budget=amount(row.budget_yuan, row.budget_as_filed, budget_line),
        budget_exact="" if row.budget_yuan is None else words.exact_money(row.budget_yuan),
        yardsticks=tuple(_yardsticks(facts, here, row, before)),
        funding=_funding(facts, here, glossary, row),
        funding_note=_funding_note(facts, row),
        goal=_filed_text(facts, here, glossary, row, "goal", row.goal),
        indicator_summary=_indicator_summary(row, indicators),
        strip=_strip(row, indicators),
        legend=_legend(glossary, row, indicators),
        columns=tuple(glossary.word(title) for title in COLUMNS),
        indicators=tuple(_indicator(here, glossary, row, indicator, heaviest) for indicator in indicators),
        kept=results.kept(facts, here, row),
        background=(
            _filed_text(facts, here, glossary, row, "overview", row.overview),
            _filed_text(facts, here, glossary, row, "basis", row.basis),
        )
        if row.overview or row.basis
        else (),
        policies=tuple(
            CitedPolicy(
                title=cited.title or "",
                number=cited.document_number or "",
                policy=Link("还有谁引用它", policy_link(facts, here, cited.policy_id)) if cited.policy_id else None,
                source=source_link(here, row.document_id, cited.line),
            )
            for cited in facts.citations.get(project_id, ())
        ),
        findings=tuple(item for item in findings if item.severity != terms.NOTE),
        notes=tuple(item for item in findings if item.severity == terms.NOTE),
        corrections=tuple(
            (f"{name}：{titles[found.field]}", found)
            for key, name in {project_id: "项目", **{row.indicator_id: row.name for row in indicators}}.items()
            for found in facts.corrections.get(key, ())
        ),
        years=_years(facts, here, siblings, project_id) if len(siblings) > 1 else (),
        year_on_year=None if before is None else _year_on_year(facts, before, row),
        similar=_similar(facts, here, row),
        facts=_facts(facts, here, glossary, row),
        filed=printed_lines(here, row.document_id, form_lines(facts, row)),
        filed_title=document.title,
        filed_source=here.source(row.document_id, row.line_start),
        record="record.json",
        report=_report(facts, row, document, permalink),
        citations=_citations(facts, row, place, document, permalink, "".join(span.text for span in lead)),
        permalink=permalink,
    )
    card = cards.of_project(facts, row)
    shown = card or cards.of_region_year(facts, row.region_id, row.year)
    return Page(
        *(path, title, "".join(span.text for span in lead), view),
        cards=(card,) if card else (),
        image=shown.path if shown else "",
        signs=signs(facts, path, (f"{path}record.json", "application/json")),
    )


def _report(facts: Facts, row: Project, document: DocumentRow, permalink: str) -> tuple[Link, ...]:
    """Where faults in the data are told: the issue form, with what is known filled in under the ids of its fields."""
    title = f"数据有误：{row.name}"
    evidence = f"《{document.title}》第 {row.line_start} 至 {row.line_end} 行\n{permalink}\n"
    form = {"template": REPORT_FORM, "title": title, "record": row.project_id, "evidence": evidence}
    found = [Link("发现错误？告诉我们", f"{facts.repository}/issues/new{query(form)}")]
    if facts.mail:
        letter = {"subject": title, "body": f"{evidence}哪里不对："}
        found.append(Link("没有 GitHub 账号，写邮件告诉我们", f"mailto:{facts.mail}{query(letter)}"))
    return tuple(found)


def _lead(facts: Facts, row: Project, before: Project | None) -> tuple[Span, ...]:
    """One plain sentence or two: who spends how much, against what, judged by what."""
    payer = facts.department_of(row) or facts.regions[row.region_id]
    spans = [Span(f"{payer.name} {row.year} 年")]
    if row.budget_yuan is None:
        spans.append(Span("安排了这个项目，金额" + ("未能读出" if row.budget_as_filed else "没有公开")))
    elif row.form_type == terms.WHOLE_DEPARTMENT:
        spans += [Span("部门支出预算总量 "), Span(words.money(row.budget_yuan), strong=True)]
    else:
        spans += [Span("为这个项目安排 "), Span(words.money(row.budget_yuan), strong=True)]
    if before is not None and row.budget_yuan is not None and before.budget_yuan is not None:
        moved = words.change(row.budget_yuan, before.budget_yuan)
        spans.append(Span(f"，与 {before.year} 年持平" if moved == "持平" else f"，比 {before.year} 年{moved}"))
    if row.form_type != terms.WHOLE_DEPARTMENT and row.budget_yuan:
        total = facts.by_region_year_type[row.region_id, row.year, row.form_type]
        if total.forms > 1:
            share = words.percent(row.budget_yuan, total.yuan)
            kind = facts.word("projects.form_type", row.form_type)
            region = facts.regions[row.region_id].name
            # 占……的 12.7%, but 占……不到 0.1%.
            part = f"的 {share}" if share[0].isdigit() else share
            spans.append(Span(f"，占{region}当年公开的 {total.forms} 项{kind}{part}"))
    judged = _judged_by(facts.indicators.get(row.project_id, ()))
    spans.append(Span(f"；{judged}。" if judged else "；表中没有列出考核指标。"))
    return tuple(spans)


def _judged_by(indicators: Sequence[Indicator]) -> str:
    own = [(row.name, row.weight) for row in indicators if not row.is_execution_rate and row.weight is not None]
    if not own:
        return ""
    most = max(weight for _, weight in own)
    top = [name for name, weight in own if weight == most]
    text = f"用 {len(own)} 项指标考核"
    if len(top) == 1:
        return f"{text}，权重最高的是{words.listing(top)}（{words.points(most)}）"
    if len(top) == len(own):
        return f"{text}，各占 {words.points(most)}"
    if len(top) <= MOST_NAMED:
        return f"{text}，权重最高的是{words.listing(top)}（各 {words.points(most)}）"
    return f"{text}，权重最高的 {len(top)} 项各 {words.points(most)}"


def _alert(facts: Facts, here: Here, project_id: str) -> tuple[Link, ...]:
    """The facts themselves with what explains them, so that no amount is quoted without what is known of it."""
    return tuple(
        Link(
            f"{row.message}。{row.explanation}。" if row.explanation else f"{row.message}。",
            slip_link(facts, here, slip.slip_id),
        )
        for slip in slips.find(facts.findings.get(project_id, ()))
        for row in slip.findings[:1]
    )


def _promise(facts: Facts, here: Here, row: Project) -> PromiseLine | None:
    found = facts.promises.get(row.project_id)
    if found is None:
        return None
    line = found.indicator.line if found.indicator else facts.printed.get((row.project_id, "goal"))
    source = None if line is None else source_link(here, row.document_id, line)
    return PromiseLine(found.text, facts.word("promises.chosen", found.chosen), source)


def _yardsticks(facts: Facts, here: Here, row: Project, before: Project | None) -> Iterator[Yardstick]:
    """Its place among what was disclosed, money per promised unit, the standards of its text, last year, elsewhere."""
    if row.budget_yuan and row.form_type != terms.WHOLE_DEPARTMENT:
        yield from _rank(facts, here, row, row.budget_yuan)
        yield from _per_unit(facts, here, row, row.budget_yuan)
    standards = quoted.of(row, facts.indicators.get(row.project_id, ()), form_lines(facts, row))
    if standards:
        yield Yardstick(
            (Span("原文写的标准"),),
            "；".join(one.text for one in standards),
            "",
            tuple(source_link(here, row.document_id, line) for line in dict.fromkeys(one.line for one in standards)),
        )
    if before is not None and row.budget_yuan is not None and before.budget_yuan is not None:
        changed = words.change(row.budget_yuan, before.budget_yuan)
        against: tuple[Span, ...] = (
            Span("与 "),
            Span(f"{before.year} 年", href=here.project(before.project_id)),
            Span("比"),
        )
        yield Yardstick(against, f"{changed}（{before.year} 年 {words.money(before.budget_yuan)}）", "")
    for neighbour in facts.similar.get(row.project_id, ())[:MOST_ELSEWHERE]:
        other = facts.projects[neighbour.project_id]
        against = (
            Span(f"{facts.place(other.region_id, other.year)}："),
            Span(other.name, href=here.project(other.project_id)),
        )
        told = facts.promises.get(other.project_id)
        yield Yardstick(
            against,
            amount(other.budget_yuan, other.budget_as_filed).text,
            f"承诺{told.text}。各地大小和口径不同，不能直接排名。" if told else "",
        )


def _rank(facts: Facts, here: Here, row: Project, budget: Decimal) -> Iterator[Yardstick]:
    rows = [one for one in facts.by_region_year[row.region_id, row.year] if one.form_type == row.form_type]
    known = [one.budget_yuan for one in rows if one.budget_yuan is not None]
    if len(known) < 2:
        return
    place = 1 + sum(one > budget for one in known)
    region = Span(facts.place(row.region_id, row.year), href=here.region_year(row.region_id, row.year))
    yield Yardstick(
        (Span("在"), region, Span(f"所公开的 {len(rows)} 项{facts.word('projects.form_type', row.form_type)}里")),
        f"第 {place} 大，占 {words.percent(budget, added(known))}",
        f"收录的范围：{facts.scopes[row.region_id, row.year].text}。",
    )


def _per_unit(facts: Facts, here: Here, row: Project, budget: Decimal) -> Iterator[Yardstick]:
    """Money by the one count that carries the project; most projects have none."""
    told = facts.carrying.get(row.project_id)
    value, unit = (told.base_value or told.target_value, told.unit_id) if told else (None, None)
    if told is None or not value or unit is None:
        return
    least = "，按最少的数算" if told.comparison != "eq" else ""
    caution = "钱不一定都用在这一项上" + ("，人次也不等于人数" if unit == "人次" else "")
    yield Yardstick(
        (Span(f"钱 ÷ 承诺的 {words.quantity(value, unit)}"),),
        f"约 {words.money(budget / value)}/{unit}",
        f"只是两个数相除{least}；{caution}。",
        (source_link(here, row.document_id, told.line),),
    )


def _funding(facts: Facts, here: Here, glossary: FirstUses, row: Project) -> tuple[FundingRow, ...]:
    funding = facts.funding.get(row.project_id, ())
    whole = max(row.budget_yuan or Decimal(0), added(part.amount_yuan for part in funding))
    return tuple(
        FundingRow(
            label=glossary.word(facts.word("funding.source", part.source)),
            as_filed=part.label_as_filed,
            value=amount(part.amount_yuan, part.amount_as_filed, source_link(here, row.document_id, part.line)),
            width=words.width(part.amount_yuan or Decimal(0), whole),
            share=words.percent(part.amount_yuan or Decimal(0), whole) if whole else "",
        )
        for part in funding
    )


def _funding_note(facts: Facts, row: Project) -> str:
    sources = {part.source for part in facts.funding.get(row.project_id, ())}
    if "to_lower" in sources:
        return "“补助下级”这部分会拨到下一级政府，也会计入它们的预算，不能再与下级的数字相加。"
    if "upper_grant" in sources:
        return "“上级补助”来自上一级政府，已经计入上级的预算，不能再与上级的数字相加。"
    return ""


def _filed_text(facts: Facts, here: Here, glossary: FirstUses, row: Project, field: str, text: str | None) -> FiledText:
    titles = {item.name: item.title for item in facts.schemas["projects"].fields}
    line = facts.printed.get((row.project_id, field))
    source = None if line is None else source_link(here, row.document_id, line)
    return FiledText(glossary.word(titles[field]), prose(text), source)


def _weights(project: Project, indicators: Sequence[Indicator]) -> list[tuple[str, Decimal]]:
    """The hundred points in the order of the form; what goes to budget execution also where no row prints it."""
    parts = [
        ("execution" if row.is_execution_rate else "core" if row.is_core else "plain", row.weight or Decimal(0))
        for row in indicators
    ]
    if project.execution_weight is not None and not any(row.is_execution_rate for row in indicators):
        parts.append(("execution", project.execution_weight))
    return parts


def _strip(project: Project, indicators: Sequence[Indicator]) -> tuple[Segment, ...]:
    parts = _weights(project, indicators)
    whole = max(FULL_WEIGHT, added(weight for _, weight in parts))
    return tuple(Segment(kind, words.width(weight, whole)) for kind, weight in parts)


def _legend(glossary: FirstUses, project: Project, indicators: Sequence[Indicator]) -> tuple[LegendItem, ...]:
    """What the strip's colours mean; none where it has only one."""
    points = {kind: Decimal(0) for kind in SEGMENTS}
    for kind, weight in _weights(project, indicators):
        points[kind] += weight
    shown = [(kind, sum_) for kind, sum_ in points.items() if sum_]
    if len(shown) < 2:
        return ()
    return tuple(LegendItem(kind, glossary.word(SEGMENTS[kind]), words.points(sum_)) for kind, sum_ in shown)


def printed_target(row: Indicator) -> str:
    """Sign, target and unit as printed; a unit within the target has no cell of its own."""
    target, unit = row.target_as_filed or "", row.unit or ""
    return " ".join(filter(None, (row.comparison_as_filed, target, "" if target.endswith(unit) else unit)))


def _indicator(here: Here, glossary: FirstUses, project: Project, row: Indicator, heaviest: Decimal) -> IndicatorRow:
    qualitative = terms.is_qualitative(row)
    printed = printed_target(row)
    filed, marks = clean(printed)
    promise = terms.target(row)
    return IndicatorRow(
        anchor=f"i-{row.position:02d}",
        levels=tuple(glossary.word(part) for part in (row.level1, row.level2) if part),
        name=row.name,
        promise=promise,
        qualitative=glossary.word("定性") if qualitative else None,
        as_filed="" if filed == promise or (qualitative and row.unit is None) else filed,
        raw=printed if marks else "",
        weight="未公开" if row.weight is None else words.number(row.weight),
        width=words.width(row.weight or Decimal(0), heaviest),
        core=glossary.word("核心") if row.is_core else None,
        note="看钱有没有按预算花出去" if row.is_execution_rate else "",
        source=source_link(here, project.document_id, row.line),
    )


def _indicator_summary(project: Project, indicators: Sequence[Indicator]) -> str:
    if not indicators:
        return "表中没有列出考核指标。"
    own = added(row.weight for row in indicators if not row.is_execution_rate)
    count = sum(not row.is_execution_rate for row in indicators)
    execution = next((row.weight for row in indicators if row.is_execution_rate), project.execution_weight)
    core = sum(row.is_core is True for row in indicators)
    if all(row.is_core is None for row in indicators):
        core_text = "没有注明哪些是核心指标"
    else:
        core_text = f"{core} 项是核心指标" if core else "没有一项标为核心指标"
    execution_text = "" if execution is None else f"，另有 {words.points(execution)}看预算执行率"
    return f"{count} 项指标共 {words.points(own)}{execution_text}；{core_text}。"


def _years(facts: Facts, here: Here, siblings: Sequence[Project], current: str) -> tuple[YearRow, ...]:
    rows = []
    before: Project | None = None
    for row in siblings:
        last = None if before is None else before.budget_yuan
        rows.append(
            YearRow(
                year=Link(f"{row.year} 年", here.project(row.project_id)),
                budget=amount(row.budget_yuan, row.budget_as_filed),
                change="" if row.budget_yuan is None or last is None else words.change(row.budget_yuan, last),
                indicators=f"{len(facts.indicators.get(row.project_id, ()))} 项",
                current=row.project_id == current,
            )
        )
        before = row
    return tuple(rows)


def _year_on_year(facts: Facts, before: Project, row: Project) -> YearOnYear:
    shifts = compare.shifts(facts.indicators.get(before.project_id, ()), facts.indicators.get(row.project_id, ()))
    counts = {kind: sum(shift.kind == kind for shift in shifts) for kind in ("新增", "取消", "调整", "不变")}
    old, new = before.goal or "", row.goal or ""
    same = fold(old) == fold(new)
    return YearOnYear(
        title=f"{row.year} 年与 {before.year} 年逐项对照",
        before=f"{before.year} 年",
        after=f"{row.year} 年",
        summary="指标" + "，".join(f"{kind} {count} 项" for kind, count in counts.items() if count) + "。",
        shifts=shifts,
        goal_summary=f"绩效目标的文字与 {before.year} 年一字不差。"
        if same
        else f"绩效目标的文字比 {before.year} 年有改动：",
        goal=() if same else compare.pieces(old, new),
    )


def _similar(facts: Facts, here: Here, row: Project) -> tuple[SimilarItem, ...]:
    items = []
    for neighbour in facts.similar.get(row.project_id, ()):
        other = facts.projects[neighbour.project_id]
        reasons = []
        if neighbour.shared_words:
            reasons.append(f"名称都有{words.listing([neighbour.shared_words])}")
        sector = facts.sector_of(other)
        if neighbour.same_sector and sector is not None:
            reasons.append(f"同属{sector.name}")
        if neighbour.shared_indicators:
            reasons.append(f"{len(neighbour.shared_indicators)} 项指标同名")
        items.append(
            SimilarItem(
                name=project_link(here, other),
                place=facts.place(other.region_id, other.year),
                budget=amount(other.budget_yuan, other.budget_as_filed),
                why="，".join(reasons),
            )
        )
    return tuple(items)


def _facts(facts: Facts, here: Here, glossary: FirstUses, row: Project) -> tuple[Fact, ...]:
    owner = department_link(facts, here, row)

    def filed(label: str, text: str | None) -> Fact:
        return Fact(glossary.word(label), text or "未填写", state="known" if text else "absent")

    region = facts.regions[row.region_id]
    document = facts.documents[row.document_id]
    return (
        Fact(Word("地区"), region.name, here.region(region.region_id)),
        Fact(Word("年度"), f"{row.year} 年", here.region_year(region.region_id, row.year)),
        Fact(glossary.word("主管部门"), owner.text, owner.href, "known" if facts.department_of(row) else "absent"),
        filed("实施单位", row.implementing_unit),
        filed("联系人", row.contact_name),
        filed("联系电话", row.contact_phone),
        *([Fact(Word("项目编码"), row.project_code)] if row.project_code else []),
        *(
            Fact(glossary.word(part.label_as_filed.rstrip("：:")), part.value, here.source(row.document_id, part.line))
            for part in facts.attributes.get(row.project_id, ())
            if part.indicator_id is None
        ),
        Fact(Word("原文件"), document.title, here.source(document.document_id, row.line_start)),
        Fact(Word("记录编号"), row.project_id),
    )


def _citations(
    facts: Facts, row: Project, place: str, document: DocumentRow, permalink: str, lead: str
) -> tuple[Citation, ...]:
    """A paragraph to send on, then the formats for a list of references."""
    promise = facts.promises.get(row.project_id)
    said = f"“{row.name}”：{lead}" + (f"承诺：{promise.text}。" if promise else "")
    lines = f"第 {row.line_start} 至 {row.line_end} 行"
    work = cite.of_project(facts.policy, row.project_id, document.publisher, row.name, f"{place}预算绩效目标")
    return (
        Citation(
            "能转发的一段话",
            f"{said}出处：{document.publisher}《{document.title}》{lines}，据明账 {work.version} 版整理，{permalink}",
        ),
        Citation("GB/T 7714—2025", work.gb_t_7714),
        Citation("BibTeX", work.bibtex),
        Citation("RIS", work.ris.replace("\r\n", "\n")),
        Citation("CSL-JSON", work.csl),
    )
