"""What a change does to the dataset, as markdown for the pull request that makes it."""

import csv
import io
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from builder.dataset.diff import REASON_WORDS, REASONS, difference, keyed, published
from builder.faults import RequestFault, regular
from builder.settings.schema import Table

SHOWN = 20
SHOWN_FINDINGS = 5
LONGEST = 60
# Tables whose rows have an address on the site: what disappears from them leaves a dead link.
ADDRESSED = ("documents", "departments", "projects", "indicators", "results")
# Tables whose rows are summed up or shown elsewhere in the report, or follow from others.
UNLISTED = ("findings", "documents", "coverage", "provenance")


COUNTED = ("projects", "indicators", "catalogue", "results", "scores")

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Touched:
    """What happened to a table: rows added and removed by key, and of those that changed the one before and after."""

    name: str
    title: str
    added: dict[str, Row] = field(default_factory=dict)
    removed: dict[str, Row] = field(default_factory=dict)
    changed: dict[str, tuple[Row, Row]] = field(default_factory=dict)


def rows_at(revision: str, table: Table, root: Path) -> list[Row]:
    """A table of data/dataset as it was at a git revision; empty if it was not there yet. Raises ``RequestFault``."""
    if _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").returncode:
        raise RequestFault(f"没有版本 {revision}。请给出分支、标签或提交号，如 origin/main；刚克隆的先 git fetch。")
    found = _git(root, "show", f"{revision}:./data/dataset/{table.name}.csv")
    if found.returncode:
        return []
    # An older version may have had other columns, but never another key.
    return _rows(found.stdout, f"{revision} 的 data/dataset/{table.name}.csv", _key(table), _integers(table))


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except FileNotFoundError:
        raise RequestFault("找不到 git，没法与以前的版本比较。请安装 git。") from None


def rows_now(table: Table, root: Path) -> list[Row]:
    """A table of data/dataset as it is in the folder. Raises ``RequestFault``."""
    path = root / "data" / "dataset" / f"{table.name}.csv"
    if not path.exists():
        raise RequestFault(f"没有 data/dataset/{table.name}.csv。请先运行 python -m builder build。")
    return _rows(regular(path).read_bytes(), f"data/dataset/{table.name}.csv", table.names, _integers(table))


def _key(table: Table) -> tuple[str, ...]:
    return table.primary_key or table.unique_keys[0]


def _integers(table: Table) -> tuple[str, ...]:
    return tuple(field.name for field in table.fields if field.type == "integer")


def _rows(content: bytes, what: str, needed: Sequence[str], integers: Sequence[str]) -> list[Row]:
    remedy = "请运行 python -m builder build 重新生成，不要手改 data/dataset。"
    try:
        reader = csv.DictReader(io.StringIO(content.decode(), newline=""), restkey="", strict=True)
        if missing := [name for name in needed if name not in (reader.fieldnames or ())]:
            raise RequestFault(f"缺少 {'、'.join(missing)} 栏", file=what, remedy=remedy)
        # Cells beyond the columns are nobody's.
        rows: list[Row] = [{name: cell or None for name, cell in row.items() if name} for row in reader]
    except UnicodeDecodeError:
        raise RequestFault("不是 UTF-8", file=what, remedy=remedy) from None
    except csv.Error:
        raise RequestFault("不是完好的 CSV（引号不成对之类）", file=what, remedy=remedy) from None
    for number, row in enumerate(rows, 1):
        for name in integers:
            if (cell := row.get(name)) is not None and not re.fullmatch("-?[0-9]+", cell):
                raise RequestFault(f"{name} 应为整数", file=what, place=f"第 {number} 条", remedy=remedy)
    return rows


def markdown(base: str, schemas: Mapping[str, Table], replaces: Mapping[str, str], root: Path) -> Iterator[str]:
    """The report of a pull request: counts by table and reason, new documents, rows and cells, findings that came and
    went. ``replaces`` names for each revised document the one that it takes the place of."""
    before = keyed({name: rows_at(base, table, root) for name, table in schemas.items()}, schemas)
    after = keyed({name: rows_now(table, root) for name, table in schemas.items()}, schemas)
    fields = {name: table.names for name, table in schemas.items()}
    # The columns of a table are those of its rows: a table that had none, or other ones, says so by them.
    columns = {name: tuple(row) for (name, _), row in before.items()}
    changes = difference(published(before, {**fields, **columns}), published(after, fields), replaces)
    touched: dict[str, Touched] = {}
    for change in changes:
        name, key = change.entry.table, change.entry.key
        item = touched.setdefault(name, Touched(name, schemas[name].title))
        if change.kind == "added":
            item.added[key] = after[name, key]
        elif change.kind == "removed":
            item.removed[key] = before[name, key]
        else:
            item.changed[key] = before[name, key], after[name, key]
    yield "# 这次改动对数据的影响"
    yield ""
    if not touched:
        yield f"与 {literal(base)} 比较，数据集没有变化。"
        return
    yield f"与 {literal(base)} 比较。没有列出的表没有变化；逐行的差异：{literal(f'git diff {base} -- data/dataset')}。"
    yield ""
    yield "| 表 | 增加 | 删除 | 改动 |"
    yield "|---|---:|---:|---:|"
    for item in touched.values():
        yield f"| {item.title}（{item.name}） | {len(item.added)} | {len(item.removed)} | {len(item.changed)} |"
    yield ""
    reasons = Counter(change.reason for change in changes)
    yield from _section(
        "原因",
        [f"- {REASON_WORDS[key][0]} {reasons[key]} 行：{REASON_WORDS[key][1]}" for key in REASONS if reasons[key]],
    )
    documents = touched["documents"].added if "documents" in touched else {}
    severities = schemas["findings"].words("severity")
    yield from _new_documents(touched, documents, severities)
    rows = [item for item in touched.values() if item.name not in UNLISTED]
    added = ((item, {key: row for key, row in item.added.items() if _document(row) not in documents}) for item in rows)
    yield from _section("另外增加的行", [line for item, others in added for line in _listed(item, others)])
    yield from _section("删除的行", [line for item in rows for line in _removed(item)])
    yield from _section("改动的格子", [line for item in rows for line in _changed_cells(item)])
    yield from _findings(touched.get("findings"), severities)


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from (f"## {title}", "", *lines, "")


def _new_documents(
    touched: Mapping[str, Touched], documents: Mapping[str, Row], severities: Mapping[str, str]
) -> Iterator[str]:
    lines = []
    for document_id, row in documents.items():
        of_year = f"/regions/{row['region_id']}/{row['year']}/"
        counts = {name: len(_of(touched, name, document_id)) for name in COUNTED}
        told = _of(touched, "results", document_id)
        joined = sum(result["project_id"] is not None for result in told)
        holds = (
            f"{counts['projects']} 张表，{counts['indicators']} 项指标，目录 {counts['catalogue']} 行"
            if row.get("kind") in (None, "targets")
            else f"{counts['results']} 张结果表，{joined} 张对上年初的项目；{counts['scores']} 项指标的结果"
        )
        found = Counter(finding["severity"] for finding in _of(touched, "findings", document_id))
        said = "、".join(f"{word} {found[key]} 条" for key, word in severities.items() if found[key]) or "没有发现"
        lines += [
            f"- {literal(document_id)} {literal(row['title'])}（{literal(row['region_id'])}，{row['year']}）："
            f"{holds}；{said}",
            f"  - 预览网站里：{literal(f'/sources/{document_id}/')}、{literal(of_year)}"
            + "".join(f"、{literal('/results/' + (result['result_id'] or '') + '/')}" for result in told[:1]),
        ]
    yield from _section("新文件", lines)


def _of(touched: Mapping[str, Touched], name: str, document_id: str) -> list[Row]:
    rows = touched[name].added.values() if name in touched else ()
    return [row for row in rows if _document(row) == document_id]


def _document(row: Row) -> str:
    """The document that a row came from; empty for a department, a region or a sector."""
    return row.get("document_id") or (row.get("project_id") or row.get("result_id") or "").rpartition("-")[0]


def _listed(item: Touched, rows: Mapping[str, Row]) -> Iterator[str]:
    for key, row in list(rows.items())[:SHOWN]:
        yield f"- {item.name} {literal(key)} {literal(row.get('name'))}".removesuffix(" （空）")
    if len(rows) > SHOWN:
        yield f"- {item.name} 另有 {len(rows) - SHOWN} 行"


def _removed(item: Touched) -> Iterator[str]:
    if item.removed and item.name in ADDRESSED:
        yield (
            f"- **{item.name} 少了 {len(item.removed)} 行**：已发布的编号不应消失；除非文件由修订版替换，请查明原因。"
        )
    yield from _listed(item, item.removed)


def _changed_cells(item: Touched) -> Iterator[str]:
    for key, (before, after) in list(item.changed.items())[:SHOWN]:
        # A column that is new or gone differs where it holds something.
        cells = "；".join(
            f"{name}：{literal(before.get(name))} → {literal(after.get(name))}"
            for name in dict.fromkeys((*before, *after))
            if before.get(name) != after.get(name)
        )
        yield f"- {item.name} {literal(key)} {cells}"
    if len(item.changed) > SHOWN:
        yield f"- {item.name} 另有 {len(item.changed) - SHOWN} 行"


def _findings(item: Touched | None, severities: Mapping[str, str]) -> Iterator[str]:
    yield "## 发现"
    yield ""
    if item is None or not (item.added or item.removed):
        yield "没有增减。"
        return
    yield f"新增 {len(item.added)} 条，消失 {len(item.removed)} 条。"
    yield ""
    # A row of another version may have a severity that is none any more.
    order = [*severities, None]
    for what, rows in (("新增", list(item.added.values())), ("消失", list(item.removed.values()))):
        counts = Counter(
            (order.index(row["severity"] if row["severity"] in severities else None), row["code"] or "") for row in rows
        )
        for (severity, code), count in sorted(counts.items()):
            yield f"- {what} {severities.get(order[severity] or '', '不明')} {literal(code)} {count} 条"
            for row in [row for row in rows if (row["code"] or "") == code][:SHOWN_FINDINGS]:
                place = literal(row["project_id"] or row["document_id"])
                yield f"  - {place} 第 {row['line'] or '—'} 行：{literal(row['message'])}"
            if count > SHOWN_FINDINGS:
                yield f"  - 另有 {count - SHOWN_FINDINGS} 条"


def literal(text: str | None) -> str:
    """Document text inside markdown, one line and short, as a code span: there it is no markup, no link, no mention."""
    short = " ".join((text or "").split())
    short = short if len(short) <= LONGEST else short[: LONGEST - 1] + "…"
    if not short:
        return "（空）"
    fence = "`" * (1 + max(map(len, re.findall("`+", short)), default=0))
    pad = " " if short.startswith("`") or short.endswith("`") else ""
    return f"{fence}{pad}{short}{pad}{fence}"
