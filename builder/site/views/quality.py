"""/quality/: what the checks brought up, rule by rule, in words for citizens; and how much of each document was read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.dataset.rows import DocumentRow, FindingRow, group
from builder.measures import terms
from builder.site.charts import figures
from builder.site.charts.figures import Chart
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.parts import FindingItem, Link, Page, document_link, finding_item, gravest, place_link

# Of a rule, and of the documents; the files hold all.
MOST_EXAMPLES, MOST_PLACES, MOST_DOCUMENTS = 10, 12, 40
GROUPS = {
    "government": ("文件印出来就是这样", "原文件里的数字或写法彼此不合。我们照原样公布，并指出在哪里。"),
    "reading": ("我们没能读懂", "原文件有内容，但程序没有把握读对，所以宁可列在这里，也不猜。"),
    "ours": ("我们自己要改的", "本站的词表或规则需要补充，与原文件无关。"),
    "normal": ("正常，值得知道", "不影响使用，只是说明我们读的时候遇到了什么。"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    anchor: str
    title: str
    severity: str
    severity_name: str
    explain: str
    reader: str
    count: str
    places: tuple[tuple[Link, str], ...]
    items: tuple[FindingItem, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class RuleGroup:
    anchor: str
    title: str
    explain: str
    rules: tuple[Rule, ...]
    silent: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class CoverageRow:
    document: Link
    place: Link
    cells: str
    read: str
    furniture: str
    reported: str
    share: str


@dataclass(frozen=True, slots=True)
class QualityView:
    template: ClassVar[str] = "quality.html.jinja"

    summary: str
    groups: tuple[RuleGroup, ...]
    charts: tuple[Chart, ...]
    coverage: tuple[CoverageRow, ...]
    coverage_rest: str
    coverage_file: str
    findings: str
    explore: str


def page(facts: Facts) -> Page:
    here = Here("quality/")
    found = group((one for rows in facts.document_findings.values() for one in rows), lambda one: one.code)
    by_code = {code: found.get(code, ()) for code in facts.codes}
    count = sum(len(rows) for rows in by_code.values())
    doubtful = terms.doubts(facts.findings_of(facts.documents.values()))
    groups = []
    for kind, (title, explain) in GROUPS.items():
        codes = {code: rows for code, rows in by_code.items() if facts.codes[code].group == kind}
        rules = [_rule(facts, here, code, codes[code]) for code in gravest(facts, codes)]
        told, silent = (tuple(rule for rule in rules if bool(rule.items) == has) for has in (True, False))
        groups.append(RuleGroup(kind, title, explain, told, silent))
    documents = sorted(
        (row for row in facts.documents.values() if row.document_id in facts.coverage),
        key=lambda row: -facts.coverage[row.document_id].reported,
    )
    view = QualityView(
        summary=f"{words.number(len(facts.codes))} 条规则逐个核对 {words.number(len(facts.projects))} 个项目的表，"
        f"共有 {words.number(count)} 处发现，其中 {words.number(doubtful)} 处值得核对，其余只是说明。",
        charts=figures.for_quality(facts, here),
        groups=tuple(groups),
        coverage=tuple(_coverage(facts, here, document) for document in documents[:MOST_DOCUMENTS]),
        coverage_rest=f"这里列没有读懂的格最多的 {MOST_DOCUMENTS} 份文件，全部 {words.number(len(documents))} 份见"
        if len(documents) > MOST_DOCUMENTS
        else "",
        coverage_file=here.data("coverage.csv"),
        findings=here.data("findings.csv"),
        explore=here.explore(),
    )
    return Page(here.path, "数据质量", view.summary, view)


def _rule(facts: Facts, here: Here, code: str, rows: Sequence[FindingRow]) -> Rule:
    entry = facts.codes[code]
    documents = (facts.documents[row.document_id] for row in rows)
    places = Counter((document.region_id, document.year) for document in documents)
    return Rule(
        anchor=code,
        title=entry.title,
        severity=entry.severity,
        severity_name=facts.word("findings.severity", entry.severity),
        explain=entry.explain,
        reader=entry.reader,
        count=f"{words.number(len(rows))} 处",
        places=tuple(
            (place_link(facts, here, region, year, "#findings"), f"{count} 处")
            for (region, year), count in sorted(places.items(), key=lambda item: (-item[1], item[0]))[:MOST_PLACES]
        ),
        items=tuple(finding_item(facts, here, found, name_project=True) for found in rows[:MOST_EXAMPLES]),
        rest=f"这里列 {min(MOST_PLACES, len(places))} 个地区年度、{min(MOST_EXAMPLES, len(rows))} 处，全部见各地区年度的页面和下载的数据。"
        if len(rows) > MOST_EXAMPLES or len(places) > MOST_PLACES
        else "",
    )


def _coverage(facts: Facts, here: Here, document: DocumentRow) -> CoverageRow:
    row = facts.coverage[document.document_id]
    accounted = row.read + row.furniture
    return CoverageRow(
        document_link(here, document),
        place_link(facts, here, document.region_id, document.year),
        words.number(row.cells),
        words.number(row.read),
        words.number(row.furniture),
        words.number(row.reported),
        words.percent(accounted, row.cells) if row.cells else "",
    )
