"""What a change does to the dataset, as markdown for the pull request that makes it."""

import csv
import io
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from builder.dataset import Table

SHOWN = 20


class ReviewError(Exception):
    """The state to compare with cannot be read."""


Row = Mapping[str, str]
Difference = tuple[list[Row], list[Row], list[tuple[Row, Row]]]


def rows_at(revision: str, table: str, root: Path) -> list[Row]:
    """A table of data/dataset as it was at a git revision; empty if it was not there yet. Raises ``ReviewError``."""
    known = subprocess.run(
        ["git", "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    if known.returncode:
        raise ReviewError(f"没有版本 {revision}。请给出分支、标签或提交号，如 origin/main。")
    found = subprocess.run(
        ["git", "show", f"{revision}:data/dataset/{table}.csv"], cwd=root, capture_output=True, check=False
    )
    return list(csv.DictReader(io.StringIO(found.stdout.decode(), newline=""))) if found.returncode == 0 else []


def rows_now(table: str, root: Path) -> list[Row]:
    with (root / "data" / "dataset" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def differences(before: Sequence[Row], after: Sequence[Row], key: Sequence[str]) -> Difference:
    """Rows added, rows removed, and pairs (before, after) of rows that changed, by the table's key."""
    old = {tuple(row[name] for name in key): row for row in before}
    new = {tuple(row[name] for name in key): row for row in after}
    added = [row for identity, row in new.items() if identity not in old]
    removed = [row for identity, row in old.items() if identity not in new]
    changed = [(old[identity], row) for identity, row in new.items() if identity in old and old[identity] != row]
    return added, removed, changed


def markdown(base: str, schemas: Mapping[str, Table], root: Path) -> Iterator[str]:
    """The report of a pull request: counts by table, changed cells, findings that came and went."""
    yield "# 这次改动对数据的影响"
    yield ""
    yield f"与 `{base}` 比较。每一行的增、删、改都在下表；没有列出的表没有变化。"
    yield ""
    yield "| 表 | 增加 | 删除 | 改动 |"
    yield "|---|---:|---:|---:|"
    details: list[str] = []
    findings: tuple[list[Row], list[Row]] = ([], [])
    documents: list[Row] = []
    for name, schema in schemas.items():
        key = schema.primary_key or schema.unique_keys[0]
        added, removed, changed = differences(rows_at(base, name, root), rows_now(name, root), key)
        if not (added or removed or changed):
            continue
        yield f"| {schema.title}（{name}） | {len(added)} | {len(removed)} | {len(changed)} |"
        if name == "findings":
            findings = (added, removed)
        elif name == "documents":
            documents = added
        details.extend(_changed_cells(name, key, changed))
        if removed and name in ("projects", "indicators", "departments", "documents"):
            gone = "、".join("-".join(row[part] for part in key) for row in removed[:SHOWN])
            details.append(f"- **{name} 少了 {len(removed)} 行**：{gone}。已发布的编号不应消失，请确认。")
    yield ""
    if documents:
        yield "## 新文件"
        yield ""
        for row in documents:
            yield f"- `{row['document_id']}` {_escape(row['title'])}（{row['region_id']}，{row['year']}）"
            yield f"  预览：`/sources/{row['document_id']}/`、`/regions/{row['region_id']}/{row['year']}/`"
        yield ""
    if details:
        yield "## 改动的格子"
        yield ""
        yield from details
        yield ""
    yield from _findings(*findings)


def _changed_cells(table: str, key: Sequence[str], changed: Sequence[tuple[Row, Row]]) -> Iterator[str]:
    for before, after in changed[:SHOWN]:
        cells = "；".join(
            f"{name}：{_escape(before.get(name, ''))} → {_escape(value)}"
            for name, value in after.items()
            if before.get(name) != value
        )
        yield f"- {table} `{'-'.join(after[part] for part in key)}` {cells}"
    if len(changed) > SHOWN:
        yield f"- {table} 另有 {len(changed) - SHOWN} 行"


def _findings(added: Sequence[Row], removed: Sequence[Row]) -> Iterator[str]:
    yield "## 发现"
    yield ""
    if not added and not removed:
        yield "没有增减。"
        return
    yield f"新增 {len(added)} 条，消失 {len(removed)} 条。"
    yield ""
    for (severity, code), count in sorted(Counter((row["severity"], row["code"]) for row in added).items()):
        yield f"- {severity} `{code}` 新增 {count} 条"
        shown = [row for row in added if row["code"] == code][:5]
        for row in shown:
            yield f"  - {row['project_id'] or row['document_id']} 第 {row['line'] or '—'} 行：{_escape(row['message'])}"


def _escape(text: str) -> str:
    """Document text inside markdown: never markup, one line, short."""
    short = " ".join(text.split())
    short = short if len(short) <= 60 else short[:59] + "…"
    return "".join(f"\\{mark}" if mark in r"\`*_{}[]<>()#+-.!|&" else mark for mark in short) or "（空）"
