"""Which regions' documents of a year are still to be expected, as a list to work through."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from builder.dataset.rows import Tables
from builder.measures import awaited
from builder.settings import Settings
from builder.settings.places import STATUSES, Noted
from builder.words import quantity


def checklist(year: int, month: int, tables: Tables, settings: Settings) -> Sequence[str]:
    """Markdown: the regions whose targets of ``year`` are expected, then the results that are due in it, seen from
    ``month`` of that year (13 or more: later)."""
    ever = {document.region_id for document in settings.documents}
    held = {
        document.region_id for document in settings.documents if (document.year, document.kind) == (year, "targets")
    }
    lines = [f"# {year} 年绩效目标表：还缺哪些地区", ""]
    groups: dict[str, list[str]] = {"read": [], "unreadable": [], "late": [], "expected": []}
    for region in settings.regions.values():
        noted = settings.calendar.entries.get((region.region_id, year))
        name = f"{region.name}（{region.region_id}）"
        if region.region_id in held:
            groups["read"].append(f"- [x] {name}")
        elif noted is not None and noted.status == "unreadable":
            groups["unreadable"].append(f"- [ ] {name}：{noted.note or '读不了'}")
        else:
            seen = "" if region.region_id in ever else "，还没有过文件"
            late = month > settings.calendar.due_month and not (noted and noted.status == "not_due")
            groups["late" if late else "expected"].append(f"- [ ] {name}{seen}{_tried(noted)}")
    titles = {
        "late": f"逾期未见（一般 {settings.calendar.due_month} 月底以前公开）",
        "expected": "等待公开",
        "unreadable": "已公开，读不了",
        "read": "已读",
    }
    for key, title in titles.items():
        if groups[key]:
            lines += [f"## {title}：{len(groups[key])}", "", *groups[key], ""]
    if results := [*_results(year, month, tables, settings)]:
        lines += [f"# {year} 年该公开的结果：目标后来怎样", "", *results, ""]
    lines.append("加入一份文件：`python -m builder add 文件`；找过没有找到的，记在 data/calendar.yml。")
    return lines


def _results(year: int, month: int, tables: Tables, settings: Settings) -> Iterator[str]:
    """A line for each kind of results of a region that is due in the year, the overdue first."""
    names = {kind.kind: kind.name for kind in settings.other_kinds}
    rows = [one for one in awaited.calendar(tables, settings) if one.kind != awaited.TARGETS and one.due_year == year]
    for one in sorted(rows, key=lambda one: (bool(one.documents), one.due_month, one.region_id)):
        region = settings.regions[one.region_id]
        line = f"- [{'x' if one.documents else ' '}] {region.name}（{one.region_id}）{one.year} 年{names[one.kind]}"
        if one.promised:
            parts = "、".join(
                f"{row.name} {quantity(row.target_value or Decimal(0), row.unit)}" for row in one.promised
            )
            line += f"，年初承诺做 {one.count} 个（{parts}）"
        if one.documents:
            line += f"，已收录 {one.documents} 份"
        else:
            late = month > one.due_month and not (one.noted and one.noted.status == "not_due")
            line += f"，一般 {one.due_month} 月底以前公开" + ("，逾期未见" if late else "") + _tried(one.noted)
        yield line


def _tried(noted: Noted | None) -> str:
    return f"，{noted.checked_on or '已'}查过：{STATUSES[noted.status]}" if noted else ""
