"""Findings and gaps as text for the person at the command line: what, where, and which data file to edit."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches

import yaml

from builder.dataset import checks
from builder.dataset.naming import department_key
from builder.dataset.rows import FindingRow, Result, Score, Tables, group
from builder.settings import Settings
from builder.text import fold, label_key, plain

SHOWN_PER_CODE = {"error": 20, "warning": 5, "note": 2}
SHOWN_CHANGES = 10
# The longest word of the vocabulary has 17 characters.
LONGEST_WORD = 20
# How alike two headings are, from 0 to 1, that are worth naming together: 年度预算资金 and 年度预算 are 0.8.
NEAR = 0.5


def summary(tables: Tables) -> Iterator[str]:
    """One line a document: its forms or sheets of results, indicators, catalogue rows, coverage, findings."""
    forms, listed, found = (
        Counter(row.document_id for row in rows) for rows in (tables.projects, tables.catalogue, tables.findings)
    )
    owners = {row.project_id: row.document_id for row in tables.projects}
    indicators = Counter(owners[row.project_id] for row in tables.indicators)
    coverage = {row.document_id: row for row in tables.coverage}
    sheets, scores = group(tables.results, lambda row: row.document_id), group(tables.scores, lambda row: row.result_id)
    for document in tables.documents:
        key = document.document_id
        holds = f"{forms[key]} 张表，{indicators[key]} 项指标，目录 {listed[key]} 行"
        if document.kind != "targets":
            told = sheets.get(key, ())
            holds = _results(told, [score for sheet in told for score in scores.get(sheet.result_id, ())])
        row = coverage[key]
        share = f"{100 * (row.read + row.furniture) / row.cells:.2f}%" if row.cells else "—"
        yield f"{key}：{holds}；{row.cells} 个非空单元格读懂 {share}（报告 {row.reported} 个）；{found[key]} 条发现"


def _results(sheets: Sequence[Result], scores: Sequence[Score]) -> str:
    """What a document of results holds, and how much of it was found among the promises."""
    known = sum(row.project_id is not None for row in sheets)
    joined = sum(row.indicator_id is not None for row in scores)
    return f"{len(sheets)} 张结果表，{known} 张对上年初的项目；{len(scores)} 项指标的结果，{joined} 项对上年初的指标"


def of_document(tables: Tables, document_id: str, settings: Settings) -> Iterator[str]:
    """What a person who adds a document wants to know of it, the whole of it on a screen or two."""
    found = [row for row in tables.findings if row.document_id == document_id]
    yield from (line for line in summary(tables) if line.startswith(f"{document_id}："))
    if next(row.kind for row in tables.documents if row.document_id == document_id) == "targets":
        yield from sums(tables, document_id, settings)
        yield from against_last_year(tables, document_id)
    else:
        yield from outcomes(tables, document_id, settings)
    yield from findings(found, settings, SHOWN_PER_CODE)
    yield from words(found, settings)


def count(rows: Sequence[FindingRow], settings: Settings) -> str:
    """How many findings of each severity."""
    severities = settings.schemas["findings"].words("severity")
    return "共 " + "、".join(
        f"{name} {sum(row.severity == key for row in rows)} 条" for key, name in severities.items()
    )


def sums(tables: Tables, document_id: str, settings: Settings) -> Iterator[str]:
    """The sum of the forms by type, beside what the document states of itself."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for project in tables.projects:
        if project.document_id == document_id and project.budget_yuan is not None:
            totals[project.form_type] += project.budget_yuan
    for form_type, total in sorted(totals.items()):
        name = settings.schemas["projects"].words("form_type")[form_type]
        yield f"合计（{name}）：{checks.amount(total)}"
    document = next(row for row in tables.documents if row.document_id == document_id)
    if document.stated_total_yuan is not None:
        yield f"文件自报总额：{checks.amount(document.stated_total_yuan)}"
    if document.stated_projects is not None:
        yield f"文件自报项目数：{document.stated_projects}"


def outcomes(tables: Tables, document_id: str, settings: Settings) -> Iterator[str]:
    """What the sheets of results say: each with its promise, and which promises of the year they leave out."""
    names = {row.project_id: row.name for row in tables.projects}
    sheets = [row for row in tables.results if row.document_id == document_id]
    for row in sheets:
        promise = f"对上 {row.project_id} {names[row.project_id]}" if row.project_id else "没有对上年初的项目"
        score = "" if row.total_score is None else f"，总分 {plain(row.total_score)}"
        yield f"  {row.result_id} {row.name}：{promise}{score}"
    told = Counter(score.attainment for score in tables.scores if score.result_id in {row.result_id for row in sheets})
    if told:
        words = settings.schemas["scores"].words("attainment").items()
        yield "达到没有：" + "、".join(f"{label} {told[code]} 项" for code, label in words if told[code])
    places = {(row.region_id, row.year) for row in sheets}
    left = {row.project_id for row in tables.projects if (row.region_id, row.year) in places}
    left -= {row.project_id for row in tables.results}
    if left:
        yield f"年初公开了目标、还没有结果的项目：{len(left)} 个"


def findings(rows: Sequence[FindingRow], settings: Settings, limits: Mapping[str, int] | None) -> Iterator[str]:
    """Findings grouped by code, the gravest first: message with file and line, and once a code the remedy.

    ``limits`` says how many of a code are shown, by severity; without it all are.
    """
    files = {document.document_id: document.file.name for document in settings.documents}
    grouped = group(rows, lambda row: row.code)
    severities = settings.schemas["findings"].words("severity")
    order = list(severities)
    for code in sorted(grouped, key=lambda item: (order.index(settings.codes[item].severity), item)):
        entry = settings.codes[code]
        shown = grouped[code] if limits is None else grouped[code][: limits[entry.severity]]
        yield f"{severities[entry.severity]} {code}（{entry.title}）{len(grouped[code])} 条"
        for row in shown:
            place = f"data/sources/{files[row.document_id]}" + (f":{row.line}" if row.line else "")
            yield " ".join(filter(None, (f"  {place}", row.project_id, row.message)))
        if len(shown) < len(grouped[code]):
            yield f"  ……另有 {len(grouped[code]) - len(shown)} 条；加入之后，python -m builder check 列出全部"
        yield f"  怎么办：{entry.fix}"


def against_last_year(tables: Tables, document_id: str) -> Iterator[str]:
    """What is new in a document against the latest earlier year of its region: came, went, changed."""
    document = next(row for row in tables.documents if row.document_id == document_id)
    years = {row.year for row in tables.documents if row.region_id == document.region_id and row.year < document.year}
    if not years:
        yield f"{document.region_id} 还没有更早年度的数据，没有可比的。"
        return
    last = max(years)
    before = {row.series_id: row for row in tables.projects if (row.region_id, row.year) == (document.region_id, last)}
    now = {row.series_id: row for row in tables.projects if row.document_id == document_id}
    common = now.keys() & before.keys()
    yield f"与 {last} 年比：同一项目 {len(common)} 个，新出现 {len(now) - len(common)} 个，不再出现 {len(before) - len(common)} 个"
    changes = [
        (abs(new - old), now[series].name, old, new)
        for series in common
        if (old := before[series].budget_yuan) is not None
        and (new := now[series].budget_yuan) is not None
        and old != new
    ]
    for _, name, old, new in sorted(changes, key=lambda change: (-change[0], change[1]))[:SHOWN_CHANGES]:
        yield f"  {name}：{checks.amount(old)} → {checks.amount(new)}"
    if len(changes) > SHOWN_CHANGES:
        yield f"  金额变动较小的另有 {len(changes) - SHOWN_CHANGES} 个"


# Code of a finding → the file that learns the word, and where in it.
TEACH = {
    "label-unknown": ("data/labels.yml", "不认识的栏目名。在意思相同的一栏的 labels 里，方括号末尾加上"),
    "value-unparsed": (
        "data/lookups/tokens.yml",
        "读不出的写法。若是比较词、是否之类，在意思相同的一行，方括号末尾加上",
    ),
    "department-unmapped": (
        "data/sectors.yml",
        "没有归领域的部门。在合适的领域的 keywords 里，方括号末尾加上（可以再短些）",
    ),
}


def missing(rows: Sequence[FindingRow], settings: Settings) -> Iterator[str]:
    """What the vocabulary does not know yet, and the cells that nothing is known of; or that there are none."""
    taught = list(words(rows, settings))
    unread = [row for row in rows if row.code in ("cell-unread", "row-ambiguous")]
    yield from taught
    for row in unread:
        yield f"# 没有读懂：{row.document_id} 第 {row.line} 行 {row.message}"
    if not taught and not unread:
        yield "全部读懂，没有要补的词。"


def unused(tables: Tables, settings: Settings) -> Iterator[str]:
    """The spellings of the vocabulary that no document has printed so far, for who maintains it.

    ``settings`` are those that the tables were made with: they remember what was asked of them. This is no finding:
    it says nothing of a document, and a spelling may wait for one that is still to come.
    """
    signs = {fold(row.comparison_as_filed) for row in tables.indicators if row.comparison_as_filed is not None}
    lists: list[tuple[str, Sequence[str], int]] = [
        (f"data/labels.yml {name}", labels.unmet(), len(labels.exact))
        for name in ("form", "indicator", "catalogue", "task")
        if (labels := getattr(settings, name))
    ]
    comparison = settings.tokens.comparison
    unmet = [sign for sign in comparison if sign not in signs]
    lists.append(("data/lookups/tokens.yml comparison", unmet, len(comparison)))
    for place, words, known in lists:
        if words:
            yield f"{place}：{known} 个写法里 {len(words)} 个还没有文件用到：{'、'.join(words)}"
    if any(words for _, words, _ in lists):
        yield "没有用到的写法若是为还没收入的文件预备的，留着；若是写错了，改正或删去。"


def words(rows: Sequence[FindingRow], settings: Settings) -> Iterator[str]:
    """Words to teach, in the order in which they are printed: the file to edit, and what to paste into a list there.

    Only what can be a word of the vocabulary is offered, never a value: a number or a sentence pasted as a heading
    would be looked for in every document. Beside a heading stand the known ones that look most like it.
    """
    grouped: dict[str, dict[str, FindingRow]] = defaultdict(dict)
    for row in rows:
        if row.code in TEACH and _is_a_word(row):
            grouped[row.code].setdefault(_word(row, settings), row)
    for code in sorted(grouped):
        file, what = TEACH[code]
        yield f"# {file}：{what}："
        for word, row in sorted(grouped[code].items(), key=lambda item: (item[1].document_id, item[1].line or 0)):
            alike = _alike(word, row.document_id, settings) if code == "label-unknown" else ""
            yield f"# {row.document_id} 第 {row.line} 行{alike}"
            yield f", {_as_yaml(word)}"


def _is_a_word(row: FindingRow) -> bool:
    text = fold(row.actual or row.message)
    if row.code == "value-unparsed" and row.indicator_id is None:
        return False  # An amount that cannot be read is no comparison.
    return len(text) <= LONGEST_WORD and not re.search(r"[\d，。；！？,;!?《》]", text)


def _alike(word: str, document_id: str, settings: Settings) -> str:
    """The headings of the document's kind nearest to a word: ``，最像 form.overview 的“项目概况”``; empty where none is
    near."""
    of_targets = all(one.kind == "targets" for one in settings.documents if one.document_id == document_id)
    known = {
        heading: f"{context}.{field}"
        for context in (("form", "indicator", "catalogue", "task") if of_targets else ("form", "indicator", "result"))
        for field, headings in getattr(settings, context).right.items()
        for heading in headings
    }
    found = get_close_matches(label_key(word), known, n=3, cutoff=NEAR)
    return "，最像 " + "、".join(f"{known[heading]} 的“{heading}”" for heading in found) if found else ""


def _word(row: FindingRow, settings: Settings) -> str:
    """The word to teach: as printed, but a department without its region, which no keyword may contain."""
    word = row.actual or row.message
    if row.code != "department-unmapped":
        return word
    document = next(document for document in settings.documents if document.document_id == row.document_id)
    return department_key(settings.regions[document.region_id], word, settings.department_names)


def _as_yaml(text: str) -> str:
    """A document's words as one entry of a YAML list, quoted where YAML would take them for something else."""
    return yaml.safe_dump([text], allow_unicode=True, default_flow_style=True, width=10_000).strip()[1:-1]
